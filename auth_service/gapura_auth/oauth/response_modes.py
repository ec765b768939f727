"""The one encoder of authorization responses: what travels back to a client, and how.

Every response, errors included, says who sends it (RFC 9207) and carries the client's `state`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.response_target import ResponseTarget
from gapura_auth.oauth.vocabulary import ResponseMode


@dataclass(frozen=True, slots=True)
class Redirect:
    """The browser is sent there (RFC 6749, section 4.1.2)."""

    location: str


@dataclass(frozen=True, slots=True)
class FormPost:
    """The browser posts these fields there (OAuth 2.0 Form Post Response Mode)."""

    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ResponseEncoder:
    """Writes responses of this issuer."""

    issuer: str

    def success(self, target: ResponseTarget, code: str) -> Redirect | FormPost:
        """Return the response that brings a code."""
        return self._encode(target, {"code": code})

    def refusal(self, target: ResponseTarget, error: OAuthError) -> Redirect | FormPost:
        """Return the response that says why there is no code (RFC 6749, section 4.1.2.1)."""
        return self._encode(target, {"error": error.code.value, "error_description": error.description})

    def _encode(self, target: ResponseTarget, members: Mapping[str, str]) -> Redirect | FormPost:
        fields = {**members, "iss": self.issuer}
        if target.state is not None:
            fields["state"] = target.state
        if target.mode is ResponseMode.FORM_POST:
            return FormPost(target.redirect_uri, fields)
        return Redirect(with_query(target.redirect_uri, fields))


def with_query(uri: str, fields: Mapping[str, str]) -> str:
    """Append to the query that is there, and change nothing of it (RFC 6749, section 3.1.2)."""
    joint = "&" if "?" in uri else "?"
    if uri.endswith(("?", "&")):
        joint = ""
    return uri + joint + urlencode(fields, quote_via=quote, safe="")
