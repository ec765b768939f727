import hashlib
import hmac
import json
from dataclasses import dataclass

from gapura.jose import SigningKey, encode_base64url
from gapura.testing.issuer import PretendIssuer

Part = dict[str, object] | bytes


@dataclass(frozen=True)
class Forger:
    """An attacker's workbench. What it signs with the issuer's key stands for what a bad or careless issuer signs."""

    issuer: PretendIssuer

    def header(self, **changes: object) -> dict[str, object]:
        """Give a good header with changes; a change to `...` leaves the member out."""
        return _changed({"alg": "ES256", "kid": self.issuer.key.kid, "typ": "at+jwt"}, changes)

    def claims(self, **changes: object) -> dict[str, object]:
        """Give good claims with changes; a change to `...` leaves the claim out."""
        return _changed(self.issuer.claims("mallory"), changes)

    def with_header(self, **changes: object) -> str:
        """Sign good claims under a changed header."""
        return self.signed(self.header(**changes))

    def with_claims(self, **changes: object) -> str:
        """Sign changed claims under a good header."""
        return self.signed(claims=self.claims(**changes))

    def signed(self, header: Part | None = None, claims: Part | None = None, key: SigningKey | None = None) -> str:
        """Sign any header and payload, with the issuer's key unless another is given."""
        key = key or self.issuer.key
        signing_input = self.unsigned(header, claims)
        return self.with_signature(signing_input, key.algorithm.signature.sign(signing_input.encode(), key.material))

    def authenticated(self, secret: bytes, header: Part | None = None) -> str:
        """Authenticate good claims with HMAC under any secret, however unfit."""
        signing_input = self.unsigned(self.header(alg="HS256") if header is None else header)
        return self.with_signature(signing_input, hmac.digest(secret, signing_input.encode(), hashlib.sha256))

    def unsigned(self, header: Part | None = None, claims: Part | None = None) -> str:
        """Give the first two segments of a token."""
        header = self.header() if header is None else header
        claims = self.claims() if claims is None else claims
        return f"{_segment(header)}.{_segment(claims)}"

    def with_signature(self, signing_input: str, signature: bytes) -> str:
        """Put any signature under two segments."""
        return f"{signing_input}.{encode_base64url(signature)}"

    def good(self) -> str:
        """Give a token that is good."""
        return self.signed()

    def parts(self) -> tuple[str, str, str]:
        """Give the three segments of a good token."""
        header, payload, signature = self.good().split(".")
        return header, payload, signature


def _segment(part: Part) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
    return encode_base64url(raw)


def _changed(members: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in (members | changes).items() if value is not ...}
