"""A client's TLS certificate, as far as OAuth looks at it (RFC 8705)."""

import hashlib
import ipaddress
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gapura.jose import encode_base64url
from gapura_auth.oauth.clients import TlsIdentity

_NAMES: tuple[tuple[str, type[x509.GeneralName]], ...] = (
    ("san_dns", x509.DNSName),
    ("san_uri", x509.UniformResourceIdentifier),
    ("san_email", x509.RFC822Name),
    ("san_ip", x509.IPAddress),
)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate whose private key the client has proved to hold, in the TLS connection to us or to our proxy."""

    der: bytes = field(repr=False)
    #: whether the proxy has checked the chain up to an authority that the operator trusts
    chain_verified: bool = False

    @property
    def thumbprint(self) -> str:
        """The value of `x5t#S256` (RFC 8705, section 3.1)."""
        return encode_base64url(hashlib.sha256(self.der).digest())

    def has_identity(self, expected: TlsIdentity) -> bool:
        """Whether the certificate carries the name that the client is registered with (RFC 8705, section 2.1.2)."""
        certificate = x509.load_der_x509_certificate(self.der)
        if expected.subject_dn is not None:
            return certificate.subject == x509.Name.from_rfc4514_string(expected.subject_dn)
        for member, kind in _NAMES:
            wanted = getattr(expected, member)
            if wanted is not None:
                return _comparable(member, wanted) in _alternative_names(certificate, member, kind)
        return False


def certificate_from(content: bytes, *, chain_verified: bool) -> ClientCertificate:
    """Read a certificate in PEM or DER.

    Raises:
        ValueError: when it is neither.

    """
    is_pem = content.lstrip().startswith(b"-----BEGIN")
    certificate = x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
    return ClientCertificate(certificate.public_bytes(Encoding.DER), chain_verified)


def _alternative_names(certificate: x509.Certificate, member: str, kind: type[x509.GeneralName]) -> set[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return set()
    return {_comparable(member, str(name.value)) for name in names if isinstance(name, kind)}


def _comparable(member: str, name: str) -> str:
    if member == "san_ip":
        return str(ipaddress.ip_address(name))
    return name.lower() if member == "san_dns" else name
