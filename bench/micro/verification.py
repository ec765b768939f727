from functools import partial
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from bench.credentials import AUDIENCE, Credentials
from bench.issuer import running_issuer
from bench.micro.figures import Figure, Scale, figure, times_of
from gapura import GuardSettings, Verifier
from gapura.jose import CompactJws, parse_compact, verify_signature


def measure_verification(scale: Scale) -> list[Figure]:
    """Measure a token seen before, one seen for the first time, and the signature check alone."""
    with running_issuer() as credentials:
        return [_seen(credentials, scale), *_first_sight(credentials, scale)]


def _as_shipped(credentials: Credentials) -> Verifier:
    """Return a verifier that has fetched keys and revocations already, and keeps both up to date meanwhile."""
    verifier = GuardSettings(issuer=credentials.issuer, audience=AUDIENCE).verifier()
    verifier.verify(credentials.token("ES256"))
    return verifier


def _seen(credentials: Credentials, scale: Scale) -> Figure:
    known, token = _as_shipped(credentials), credentials.token("ES256")
    known.verify(token)
    step = partial(known.verify, token)
    return figure("seen", "a token seen before", times_of([step] * scale.repetitions))


def _first_sight(credentials: Credentials, scale: Scale) -> list[Figure]:
    # In turns of one of each, so that a noisy moment of the machine meets all three.
    unknown, key = _as_shipped(credentials), credentials.key.verification_key
    public = cast("EllipticCurvePublicKey", key.material.get_op_key("verify"))
    times = [
        times_of(
            [partial(_check_raw, public, jws), partial(verify_signature, jws, key), partial(unknown.verify, token)]
        )
        for token in credentials.tokens(scale.repetitions)
        for jws in [parse_compact(token)]
    ]
    raw, wrapped, whole = zip(*times, strict=True)
    extra = [one - other for one, other in zip(whole, raw, strict=True)]
    return [
        figure("raw", "the signature check alone (cryptography, ES256)", raw),
        figure("wrapped", "the same through joserfc and our checks of the key", wrapped),
        figure("first", "a token seen for the first time, all checks", whole),
        figure("extra", "of that, what is not the signature check", extra),
    ]


def _check_raw(public: EllipticCurvePublicKey, jws: CompactJws) -> None:
    r, s = (int.from_bytes(half) for half in (jws.signature[:32], jws.signature[32:]))
    public.verify(encode_dss_signature(r, s), jws.signing_input, ECDSA(SHA256()))
