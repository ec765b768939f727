"""Carries an authorization request from its arrival to its answer, over as many pages as it takes.

A request that needs a person waits in the database under a random identifier, and belongs to the browser that it came
with: a link to it is of no use in another one, so nobody can be made to go on with somebody else's (login CSRF).
"""

import hmac
from dataclasses import dataclass, replace

from gapura_auth.accounts.rights import Rights
from gapura_auth.browser.completion import Completion
from gapura_auth.browser.form_tokens import browser_digest
from gapura_auth.browser.steps import Answered, CannotContinue, Question, Step, Waiting
from gapura_auth.browser.visitor import Visitor
from gapura_auth.credentials import digest_of, new_token
from gapura_auth.oauth.authorization import Permit, Refuse, Situation, decide
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.id_token_hints import IdTokenHints
from gapura_auth.oauth.incoming_requests import IncomingRequest, IncomingRequests, RefusedAtTarget
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_modes import ResponseEncoder
from gapura_auth.oauth.scopes import allowed_by_person
from gapura_auth.oauth.stored_requests import AuthorizationRequestStore, RequestKind, StoredRequest
from gapura_auth.oauth.vocabulary import ErrorCode, Prompt
from gapura_auth.store.consents import remembered_scopes
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

#: A page may stay open for so long (seconds) before it cannot be sent any more.
INTERACTION_SECONDS = 3600.0

_PREFIX = "gpr_in"


@dataclass(frozen=True, slots=True)
class Authorizations:
    """The authorization endpoint without HTTP."""

    incoming: IncomingRequests
    store: AuthorizationRequestStore
    completion: Completion
    encoder: ResponseEncoder
    hints: IdTokenHints | None
    rights: Rights
    database: Database
    clock: Clock

    def begin(self, parameters: Parameters, visitor: Visitor) -> Step:
        """Take a request as it comes with a browser.

        Raises:
            NoSafeTarget: when nothing may be sent to a client.
            CannotContinue: when a pushed request is answered in another tab at this very moment.

        """
        try:
            incoming = self.incoming.receive(parameters)
        except RefusedAtTarget as refused:
            return Answered(self.encoder.refusal(refused.target, refused.error))
        return self._step(incoming, visitor, None)

    def look(self, interaction: str, visitor: Visitor) -> IncomingRequest:
        """Return a waiting request and leave it as it is. Raises as `resume`."""
        return self._waiting(interaction, visitor)[1]

    def resume(self, interaction: str, visitor: Visitor) -> Step:
        """Look where a waiting request stands now.

        Raises:
            NoSafeTarget: when its client has changed so that nothing may be sent there any more.
            CannotContinue: when it cannot be continued, or not in this browser.

        """
        stored, incoming = self._waiting(interaction, visitor)
        return self._step(incoming, visitor, stored, interaction)

    def signed_in(self, interaction: str, visitor: Visitor) -> Step:
        """Go on after the person has signed in for this request. Raises as `resume`."""
        return self._advance(interaction, visitor, "signed_in")

    def chosen(self, interaction: str, visitor: Visitor) -> Step:
        """Go on with the account that the person has chosen. Raises as `resume`."""
        return self._advance(interaction, visitor, "chosen")

    def consented(self, interaction: str, visitor: Visitor) -> Step:
        """Go on after the person has agreed. Raises as `resume`."""
        return self._advance(interaction, visitor, "consented")

    def declined(self, interaction: str, visitor: Visitor) -> Answered:
        """Tell the client that the person does not want to. Raises as `resume`."""
        stored, incoming = self._waiting(interaction, visitor)
        self.completion.refuse(incoming, stored.digest)
        error = OAuthError(ErrorCode.ACCESS_DENIED, "The person has declined.")
        return Answered(self.encoder.refusal(incoming.request.target, error), incoming.request.ui_locales)

    def _advance(self, interaction: str, visitor: Visitor, what: str) -> Step:
        stored, incoming = self._waiting(interaction, visitor)
        if visitor.login is not None:
            progress = replace(incoming.waiting.progress, **{what: visitor.login.subject})
            incoming = replace(incoming, waiting=incoming.waiting.after(progress))
        return self._step(incoming, visitor, stored, interaction)

    def _step(
        self, incoming: IncomingRequest, visitor: Visitor, stored: StoredRequest | None, interaction: str = ""
    ) -> Step:
        target, locales = incoming.request.target, incoming.request.ui_locales
        digest = stored.digest if stored is not None else None
        decision = decide(incoming.request, incoming.client, self._situation(incoming, visitor))
        if isinstance(decision, Permit):
            code = self.completion.permit(incoming, decision, visitor, digest)
            return Answered(self.encoder.success(target, code), locales)
        if isinstance(decision, Refuse):
            self.completion.refuse(incoming, digest)
            return Answered(self.encoder.refusal(target, decision.error), locales)
        if stored is None:
            return self._keep(incoming, visitor, decision)
        if incoming.waiting != stored.request and not self.store.replace(stored.digest, incoming.waiting, self.clock()):
            raise CannotContinue
        return Waiting(interaction, decision, incoming)

    def _keep(self, incoming: IncomingRequest, visitor: Visitor, question: Question) -> Waiting:
        token = new_token(_PREFIX)
        waiting = replace(incoming.waiting, browser=browser_digest(visitor.browser) or b"")
        self.store.add(
            StoredRequest(
                digest=token.digest,
                kind=RequestKind.INTERACTION,
                client_id=incoming.client.id,
                request=waiting,
                expires_at=self.clock() + INTERACTION_SECONDS,
            )
        )
        return Waiting(token.text, question, incoming)

    def _waiting(self, interaction: str, visitor: Visitor) -> tuple[StoredRequest, IncomingRequest]:
        digest = digest_of(interaction, prefix=_PREFIX)
        stored = self.store.find(RequestKind.INTERACTION, digest, self.clock()) if digest is not None else None
        browser = browser_digest(visitor.browser)
        if stored is None or browser is None or not hmac.compare_digest(stored.request.browser, browser):
            raise CannotContinue
        try:
            return stored, self.incoming.resume(stored.request)
        except RefusedAtTarget:  # the client may not do this any more
            raise CannotContinue from None

    def _situation(self, incoming: IncomingRequest, visitor: Visitor) -> Situation:
        signed_in, request = visitor.signed_in, incoming.request
        if signed_in is None:
            return Situation(now=self.clock(), progress=incoming.waiting.progress)
        account = signed_in.account
        _, role_scopes = self.rights.of(account)
        with self.database.read() as connection:
            remembered = remembered_scopes(connection, account.id, incoming.client.id)
        return Situation(
            now=self.clock(),
            login=signed_in.login,
            progress=incoming.waiting.progress,
            offered=allowed_by_person(request.scopes, role_scopes),
            remembered=remembered,
            hinted=self._hinted(incoming),
        )

    def _hinted(self, incoming: IncomingRequest) -> str | None:
        hint = incoming.request.id_token_hint
        if hint is None:
            return None
        subject = self.hints.subject_of(hint, incoming.client) if self.hints is not None else None
        # a hint that cannot be read is no reason to keep a person out, but nobody matches it without being asked
        return "" if subject is None and Prompt.NONE in incoming.request.prompts else subject
