"""What a request to log out comes to, as a pure function (OpenID Connect RP-Initiated Logout 1.0, sections 2 and 3).

A client sends a browser here with an ID token that it once got (`id_token_hint`). Where that token speaks for whoever
is signed in in this very browser, nobody is asked; in every other case the person is, because anybody can write a link.
The browser is sent on only to an address that the client has registered, compared as text.
"""

from dataclasses import dataclass

from gapura_auth.oauth.authorization import BrowserLogin
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.id_token_hints import IdTokenHint, IdTokenHints
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_modes import with_query
from gapura_auth.oauth.response_target import LONGEST_STATE, NoSafeTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """The parameters of section 2."""

    #: what the `id_token_hint` says, where it is one of ours
    hint: IdTokenHint | None = None
    client_id: str | None = None
    post_logout_redirect_uri: str | None = None
    state: str | None = None
    logout_hint: str | None = None
    ui_locales: tuple[str, ...] = ()

    @property
    def sender(self) -> str | None:
        """The identifier of the client that the request names, in one way or the other."""
        if self.client_id is not None or self.hint is None:
            return self.client_id
        return self.hint.audience[0] if len(self.hint.audience) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutSituation:
    """Everything the decision depends on, besides the request and its client."""

    login: BrowserLogin | None = None
    #: what the person who is signed in may be called in a `logout_hint`
    names: frozenset[str] = frozenset()
    #: the login in a browser that the session of the hint came from
    hinted_login: str | None = None


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Somebody is signed in, and has to say that they want to log out."""

    client: Client | None
    #: where the browser goes afterwards
    destination: str | None


@dataclass(frozen=True, slots=True)
class LogOut:
    """The login ends; then the browser goes to the destination, or the person is told where there is none."""

    client: Client | None
    destination: str | None
    #: what ends where no login is there that it would end with
    session_id: str | None


@dataclass(frozen=True, slots=True)
class AlreadyOut:
    """Nobody is signed in and nothing proves who asks: the person is told, and goes on with a link."""

    client: Client | None
    destination: str | None


@dataclass(frozen=True, slots=True)
class RefuseLogout:
    """The request is not one to answer; only the person is told, on a page."""

    error: OAuthError


LogoutDecision = AskPerson | LogOut | AlreadyOut | RefuseLogout


def read_logout_request(parameters: Parameters, hints: IdTokenHints | None) -> LogoutRequest:
    """Return the request; a hint that is not ours, or was signed by a key that is gone, counts for nothing."""
    text = parameters.get("id_token_hint")
    return LogoutRequest(
        hint=hints.read(text) if hints is not None and text is not None else None,
        client_id=parameters.get("client_id"),
        post_logout_redirect_uri=parameters.get("post_logout_redirect_uri"),
        state=parameters.get("state"),
        logout_hint=parameters.get("logout_hint"),
        ui_locales=parameters.words("ui_locales"),
    )


def decide_logout(request: LogoutRequest, client: Client | None, situation: LogoutSituation) -> LogoutDecision:
    """Return what happens next; `client` is the one of `request.sender`, where there is such a client."""
    if fault := _fault_of(request, client):
        return RefuseLogout(NoSafeTarget(fault))
    destination = _destination(request)
    if situation.login is None and request.hint is None:
        return AlreadyOut(client, destination)
    if situation.login is None or _speaks_for(request, situation.login, situation):
        return LogOut(client, destination, request.hint.session_id if request.hint is not None else None)
    return AskPerson(client, destination)


def _fault_of(request: LogoutRequest, client: Client | None) -> str | None:
    if request.client_id is not None and client is None:
        return "The client_id is unknown."
    if request.client_id is not None and request.hint is not None and request.client_id not in request.hint.audience:
        return "The id_token_hint was issued to another client."
    if request.post_logout_redirect_uri is not None:
        if client is None:
            return "A post_logout_redirect_uri needs a good id_token_hint or a client_id beside it."
        if request.post_logout_redirect_uri not in client.logout.post_logout_redirect_uris:
            return "The post_logout_redirect_uri is not registered for this client."
    if request.state is not None and len(request.state) > LONGEST_STATE:
        return "The state is too long to be sent back."
    return None


def _destination(request: LogoutRequest) -> str | None:
    uri, state = request.post_logout_redirect_uri, request.state
    return with_query(uri, {"state": state}) if uri is not None and state is not None else uri


def _speaks_for(request: LogoutRequest, login: BrowserLogin, situation: LogoutSituation) -> bool:
    """Whether the hint is about this login; one from another browser, or about somebody else, proves nothing here."""
    hint = request.hint
    is_same = hint is not None and hint.subject == login.subject and situation.hinted_login == login.session_id
    return is_same and (request.logout_hint is None or request.logout_hint in situation.names)
