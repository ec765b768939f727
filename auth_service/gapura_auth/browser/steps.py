"""What an authorization request comes to, for the pages: an answer for the client, or a question for the person."""

from dataclasses import dataclass

from gapura_auth.oauth.authorization import AskAccount, AskConsent, AskSignIn
from gapura_auth.oauth.incoming_requests import IncomingRequest
from gapura_auth.oauth.response_modes import FormPost, Redirect

Question = AskSignIn | AskAccount | AskConsent


@dataclass(frozen=True, slots=True)
class Answered:
    """The request is done: this goes back to the client."""

    response: Redirect | FormPost
    #: languages that the client asked for, for the page that posts the response
    ui_locales: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request waits under an identifier until the person has done something."""

    interaction: str
    question: Question
    incoming: IncomingRequest


Step = Answered | Waiting


class CannotContinue(Exception):
    """There is no such request, it was answered, it has expired, or it belongs to another browser: all the same."""
