"""Where an authorization response may go. This is read first: without it nothing is ever sent to a client."""

from dataclasses import dataclass

from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.redirect_uris import matches
from gapura_auth.oauth.vocabulary import OPENID, ErrorCode, ResponseMode

LONGEST_STATE = 4_096


class NoSafeTarget(OAuthError):
    """The person is told, on a page of ours: to redirect would be to trust whoever wrote the link (RFC 9700, 4.11)."""

    def __init__(self, description: str, code: ErrorCode = ErrorCode.INVALID_REQUEST) -> None:
        super().__init__(code, description)


@dataclass(frozen=True, slots=True)
class ResponseTarget:
    """A registered address of the client, how to get there, and what the client wants to see again."""

    redirect_uri: str
    mode: ResponseMode
    state: str | None


def read_target(parameters: Parameters, client: Client) -> ResponseTarget:
    """Return where the response of this request goes.

    Raises:
        NoSafeTarget: when the redirect URI is not one of the client's (RFC 6749, section 4.1.2.1).

    """
    redirect_uri = parameters.get("redirect_uri") or _only_one(client, parameters)
    if not _is_registered(client, redirect_uri):
        raise NoSafeTarget("The redirect_uri is not registered for this client.")
    state = parameters.get("state")
    if state is not None and len(state) > LONGEST_STATE:
        raise NoSafeTarget("The state is too long to be sent back.")
    return ResponseTarget(redirect_uri, _mode(parameters), state)


def _only_one(client: Client, parameters: Parameters) -> str:
    """RFC 6749, section 3.1.2.3: it may be left out where there is one; never with OpenID Connect."""
    if len(client.redirect_uris) != 1 or OPENID in parameters.words("scope") or client.rules.par_required:
        raise NoSafeTarget("The parameter redirect_uri is missing.")
    return client.redirect_uris[0]


def _mode(parameters: Parameters) -> ResponseMode:
    # an unknown one is refused later, and the refusal has to go back somehow
    asked = parameters.get("response_mode")
    return ResponseMode.FORM_POST if asked == ResponseMode.FORM_POST else ResponseMode.QUERY


def _is_registered(client: Client, redirect_uri: str) -> bool:
    """Compare as text; only a native application, which is public, gets a free port (RFC 8252, section 7.3)."""
    return redirect_uri in client.redirect_uris or (client.is_public and matches(client.redirect_uris, redirect_uri))
