"""Making a client's secret: 256 random bits, of which only the SHA-256 is kept."""

from dataclasses import dataclass, field, replace

from gapura_auth.credentials import new_token
from gapura_auth.oauth.clients import Client, ClientSecret
from gapura_auth.oauth.vocabulary import ClientAuthentication

PREFIX = "gpr_cs"
METHODS_WITH_SECRET = frozenset({ClientAuthentication.SECRET_BASIC, ClientAuthentication.SECRET_POST})


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret at the only moment at which its text is known."""

    text: str = field(repr=False)
    kept: ClientSecret


def new_secret() -> NewSecret:
    """Return a new secret."""
    token = new_token(PREFIX)
    return NewSecret(token.text, ClientSecret(token.digest))


def needs_secret(client: Client) -> bool:
    """Whether the client proves who it is with a secret."""
    return client.authentication in METHODS_WITH_SECRET


def with_first_secret(client: Client) -> tuple[Client, str | None]:
    """Return a client with one secret if it needs one, with none if it does not, and the text of that secret."""
    if not needs_secret(client):
        return replace(client, secrets=()), None
    secret = new_secret()
    return replace(client, secrets=(secret.kept,)), secret.text
