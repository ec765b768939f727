"""The decision of the authorization endpoint, as a pure function (OpenID Connect Core, section 3.1.2).

What a client asks for, who is signed in, and what that person agreed to before go in; out comes what happens next.
Nothing is read or written here, and nobody is shown anything.
"""

from dataclasses import dataclass
from enum import StrEnum

from gapura_auth.oauth.authentication_contexts import ATTAINABLE, can_satisfy, satisfies
from gapura_auth.oauth.authorization_request import AuthorizationRequest
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.vocabulary import ErrorCode, Prompt
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class BrowserLogin:
    """Somebody who is signed in in a browser."""

    session_id: str
    subject: str
    event: LoginEvent


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done for this very request; each names the account that did it, so that another one does not inherit."""

    signed_in: str | None = None
    chosen: str | None = None
    consented: str | None = None


NO_PROGRESS = Progress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a decision depends on, besides the request and its client."""

    now: Timestamp
    login: BrowserLogin | None = None
    progress: Progress = NO_PROGRESS
    #: what the person is able to give of the scopes that were asked for
    offered: frozenset[str] = frozenset()
    #: what the person has given to this client before
    remembered: frozenset[str] | None = None
    #: whom the client believes to be signed in, from its `id_token_hint`
    hinted: str | None = None
    #: authentication contexts that this person can reach
    attainable: tuple[str, ...] = ATTAINABLE


class SignInReason(StrEnum):
    """Why somebody is asked to sign in."""

    NOBODY = "nobody"
    AGAIN = "again"
    OTHER_ACCOUNT = "other_account"
    STRONGER = "stronger"


@dataclass(frozen=True, slots=True)
class AskSignIn:
    """The person has to sign in."""

    reason: SignInReason


@dataclass(frozen=True, slots=True)
class AskAccount:
    """The person has to say with which account to go on."""


@dataclass(frozen=True, slots=True)
class AskConsent:
    """The person has to agree."""

    scopes: frozenset[str]
    #: those that they have not given to this client before
    new: frozenset[str]


@dataclass(frozen=True, slots=True)
class Permit:
    """Nothing is missing: a code may be issued."""

    login: BrowserLogin
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refuse:
    """The client is told why not."""

    error: OAuthError


Decision = Permit | Refuse | AskSignIn | AskAccount | AskConsent

_WITHOUT_PAGES = {
    AskSignIn: (ErrorCode.LOGIN_REQUIRED, "Nobody suitable is signed in."),
    AskAccount: (ErrorCode.ACCOUNT_SELECTION_REQUIRED, "The person has to choose an account."),
    AskConsent: (ErrorCode.CONSENT_REQUIRED, "The person has to agree."),
}


def decide(request: AuthorizationRequest, client: Client, situation: Situation) -> Decision:
    """Return what happens next. With `prompt=none` it is never a question."""
    decision = _decide(request, client, situation)
    if Prompt.NONE not in request.prompts or isinstance(decision, Permit | Refuse):
        return decision
    if isinstance(decision, AskSignIn) and decision.reason is SignInReason.STRONGER:
        return _refuse(ErrorCode.INTERACTION_REQUIRED, "The person has to sign in with more than they did.")
    return _refuse(*_WITHOUT_PAGES[type(decision)])


def _decide(request: AuthorizationRequest, client: Client, situation: Situation) -> Decision:
    login = situation.login
    if login is None:
        return AskSignIn(SignInReason.NOBODY)
    return (
        _about_the_person(request, login, situation)
        or _about_the_login(request, login, situation)
        or _about_consent(request, client, login, situation)
        or Permit(login, situation.offered)
    )


def _about_the_person(request: AuthorizationRequest, login: BrowserLogin, situation: Situation) -> Decision | None:
    fresh = situation.progress.signed_in == login.subject
    wanted = {situation.hinted} if situation.hinted is not None else set(request.claims.accepted_values("sub"))
    if wanted and login.subject not in wanted:
        if fresh:
            return _refuse(ErrorCode.LOGIN_REQUIRED, "Another person signed in than the one that was asked for.")
        return AskSignIn(SignInReason.OTHER_ACCOUNT)
    if Prompt.SELECT_ACCOUNT in request.prompts and not fresh and situation.progress.chosen != login.subject:
        return AskAccount()
    return None


def _about_the_login(request: AuthorizationRequest, login: BrowserLogin, situation: Situation) -> Decision | None:
    """Ask for each thing at most once: whoever signed in for this request has done what can be asked."""
    fresh = situation.progress.signed_in == login.subject
    if not fresh and (Prompt.LOGIN in request.prompts or _is_too_old(request, login, situation.now)):
        return AskSignIn(SignInReason.AGAIN)
    demanded, wanted = _contexts(request)
    if not wanted or satisfies(login.event.acr, wanted):
        return None
    if not fresh and can_satisfy(situation.attainable, wanted):
        return AskSignIn(SignInReason.STRONGER)
    if demanded:
        return _refuse(
            ErrorCode.UNMET_AUTHENTICATION_REQUIREMENTS, "The person cannot sign in the way that is demanded."
        )
    return None


def _is_too_old(request: AuthorizationRequest, login: BrowserLogin, now: Timestamp) -> bool:
    return request.max_age is not None and now - login.event.at > request.max_age


def _contexts(request: AuthorizationRequest) -> tuple[bool, tuple[str, ...]]:
    """Return whether an authentication context is demanded, and which would do (OpenID Connect Core, 5.5.1.1)."""
    listed = request.claims.accepted_values("acr")
    if request.claims.is_essential("acr") and listed:
        return True, listed
    return False, (*request.acr_values, *listed)


def _about_consent(
    request: AuthorizationRequest, client: Client, login: BrowserLogin, situation: Situation
) -> Decision | None:
    offered = situation.offered
    if request.scopes and not offered:
        return _refuse(ErrorCode.ACCESS_DENIED, "The person may give none of the scopes that were asked for.")
    if situation.progress.consented == login.subject:
        return None
    new = offered - (situation.remembered or frozenset())
    asked_for = Prompt.CONSENT in request.prompts
    known = situation.remembered is not None and not new and not _may_be_impersonated(request, client)
    if not asked_for and (client.rules.first_party or known):
        return None
    return AskConsent(offered, new)


def _may_be_impersonated(request: AuthorizationRequest, client: Client) -> bool:
    """Whether another application could receive the answer: consent to it is then not remembered (RFC 8252, 8.6)."""
    return client.is_public and not request.target.redirect_uri.startswith("https://")


def _refuse(code: ErrorCode, description: str) -> Refuse:
    return Refuse(OAuthError(code, description))
