"""Whom a verifier believes, and what each of them must say in a token."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gapura.errors import ConfigurationError, InvalidTokenError
from gapura.jose import JwsHeader
from gapura.keys.key_set import KeySet
from gapura.keys.shared_secret import SharedSecret
from gapura.revocation.client import RevocationLists
from gapura.token import AccessToken


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An authorization server whose RFC 9068 access tokens are believed.

    `issuer` is compared with `iss` character by character. `audience` is what this service is called in `aud`; several
    names may be given during a move. A missing audience is a configuration error, never a check that is left out.
    With `revocations`, tokens that name a bit in a status list are refused once it is set.
    """

    issuer: str
    audience: str | tuple[str, ...]
    keys: KeySet
    revocations: RevocationLists | None = None

    def __post_init__(self) -> None:
        check_issuer(self.issuer)
        if not self.audience or not all(self.audiences):
            raise ConfigurationError("A trusted issuer needs an audience: the name of this service in its tokens.")
        if isinstance(self.keys, SharedSecret):
            raise ConfigurationError("For a shared secret use SharedSecretIssuer: it has rules of its own.")

    @property
    def audiences(self) -> tuple[str, ...]:
        """Every name under which this service is addressed."""
        return (self.audience,) if isinstance(self.audience, str) else self.audience

    def check_type(self, header: JwsHeader) -> None:
        """Accept access tokens only (RFC 9068 section 4): an ID token or a logout token is none."""
        if header.typ != "at+jwt":
            raise InvalidTokenError("The token is not an access token: its typ is not at+jwt.")

    def check_claims(self, token: AccessToken) -> None:
        """Accept what this issuer made for this service."""
        if token.issuer != self.issuer:
            raise InvalidTokenError("The token is from another issuer.")
        if not set(self.audiences).intersection(token.audience):
            raise InvalidTokenError("The token is for another audience.")


@dataclass(frozen=True, slots=True)
class SharedSecretIssuer:
    """The compatibility profile: HS256 tokens under a secret that several services share.

    It accepts what Flask-JWT-Extended issues: typ `JWT`, `type: access`, usually neither `iss` nor `aud`; where those
    are present they must match. Whoever holds the secret can speak for every user: prefer `TrustedIssuer`.
    """

    keys: SharedSecret
    issuer: str | None = None
    audience: str | None = None
    revocations: None = None

    def check_type(self, header: JwsHeader) -> None:
        """Accept the types of both worlds: `check_claims` tells access tokens from others."""
        if header.typ not in {"jwt", "at+jwt"}:
            raise InvalidTokenError("The token is not an access token: its typ is neither JWT nor at+jwt.")

    def _check_kind(self, token: AccessToken) -> None:
        if token.claims.get("type") != "access":
            raise InvalidTokenError("Only non-refresh tokens are allowed")

    def check_claims(self, token: AccessToken) -> None:
        """Accept access tokens that are not meant for someone else."""
        self._check_kind(token)
        if token.issuer not in {None, self.issuer}:
            raise InvalidTokenError("The token is from another issuer.")
        if "aud" in token.claims and self.audience not in token.audience:
            raise InvalidTokenError("The token is for another audience.")


@dataclass(frozen=True, slots=True)
class RefreshTokenIssuer(SharedSecretIssuer):
    """The same secret's refresh tokens, for the one route that exchanges them; it accepts no access token."""

    def _check_kind(self, token: AccessToken) -> None:
        if token.claims.get("type") != "refresh":
            raise InvalidTokenError("Only refresh tokens are allowed")


Issuer = TrustedIssuer | SharedSecretIssuer


def check_issuer(issuer: str) -> None:
    """Refuse what cannot be an issuer identifier (RFC 8414 section 2) with `ConfigurationError`."""
    parts = urlsplit(issuer)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(f"The issuer {issuer!r} is not an http(s) URL without query and fragment.")
