"""What makes a form ours: a token that only a page in the same browser can know.

A browser is named by a random cookie that no script can read; the token of a form is a MAC under it. So a foreign page,
which can send the cookie but not read it, cannot make one (double submit, without anything kept on our side). What a
form is for goes into the MAC too: whoever learns the token of one form cannot use it for another.
"""

import hashlib
import hmac

from gapura_auth.credentials import digest_of, new_token

_PREFIX = "gpr_bw"


def new_browser() -> str:
    """Return the name of a browser that has none."""
    return new_token(_PREFIX).text


def browser_digest(browser: str | None) -> bytes | None:
    """Return what is kept of a browser's name; None where the cookie holds nothing of ours."""
    return digest_of(browser, prefix=_PREFIX) if browser is not None else None


def form_token(browser: str, *purpose: str) -> str:
    """Return the token of a form for this purpose."""
    return hmac.new(browser.encode(), "\0".join(purpose).encode(), hashlib.sha256).hexdigest()


def is_form_token(presented: str, browser: str | None, *purpose: str) -> bool:
    """Whether a form was made for this browser and this purpose."""
    if browser is None or browser_digest(browser) is None:
        return False
    expected = form_token(browser, *purpose)
    return hmac.compare_digest(expected.encode(), presented.encode("utf-8", "surrogatepass"))
