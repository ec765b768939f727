"""What ten times more of something costs: sessions in a status list, keys in a set, tokens in the cache."""

import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import TypeVar

from bench.credentials import Credentials
from bench.micro.figures import ISSUER, Figure, Scale, figure, times_of, verifier
from gapura import StaticKeySet
from gapura.jose import generate_signing_key
from gapura.revocation import decode_status_list, encode_status_list, status_list_claims

Thing = TypeVar("Thing")
FACTOR = 10
REVOKED_SHARE = 100
LIST_URI = f"{ISSUER}/status-lists/1"


def measure_growth(scale: Scale) -> list[Figure]:
    """Measure each at one size and at ten times that size."""
    sizes = (1, FACTOR)
    return [
        *(one for factor in sizes for one in _status_list(scale.sessions * factor, scale)),
        *(one for factor in sizes for one in _key_set(scale.keys * factor, scale)),
        *(one for factor in sizes for one in _token_cache(scale.cached_tokens * factor, scale)),
    ]


def _status_list(sessions: int, scale: Scale) -> list[Figure]:
    claims = _claims_of_list(sessions)
    name = f"status list of {sessions:,} sessions"
    status_list, kilobytes, milliseconds = _build(lambda: decode_status_list(claims, uri=LIST_URI))
    look = [partial(status_list.__getitem__, random.randrange(sessions)) for _ in range(scale.repetitions)]  # noqa: S311 - no secret
    return [
        Figure(f"list-memory-{sessions}", f"{name}: memory", kilobytes, "kB"),
        Figure(f"list-build-{sessions}", f"{name}: taking over a changed list", milliseconds, "ms"),
        figure(f"list-look-{sessions}", f"{name}: looking up a bit", times_of(look)),
    ]


def _claims_of_list(sessions: int) -> Mapping[str, object]:
    revoked = random.sample(range(sessions), sessions // REVOKED_SHARE)
    return status_list_claims(LIST_URI, encode_status_list(revoked, size=sessions), now=time.time(), lifetime=3600)


def _key_set(count: int, scale: Scale) -> list[Figure]:
    jwks = {"keys": [generate_signing_key("ES256").public_jwk() for _ in range(count)]}
    name = f"key set of {count} keys"
    keys, kilobytes, milliseconds = _build(lambda: StaticKeySet(jwks))
    kid = str(jwks["keys"][-1]["kid"])
    return [
        Figure(
            f"keys-memory-{count}", f"{name}: memory", kilobytes, "kB", "what Python allocates; not OpenSSL's share"
        ),
        Figure(f"keys-build-{count}", f"{name}: taking over a changed set", milliseconds, "ms"),
        figure(f"keys-look-{count}", f"{name}: finding a key", times_of([partial(keys.find, kid)] * scale.repetitions)),
    ]


def _token_cache(count: int, scale: Scale) -> list[Figure]:
    credentials = Credentials(ISSUER)
    name = f"cache of {count:,} tokens"
    known = verifier(credentials, cache_size=count)
    tokens = credentials.tokens(count)
    _, kilobytes, _ = _build(lambda: [known.verify(token) for token in tokens] and None)
    seen = [partial(known.verify, token) for token in islice(reversed(tokens), scale.repetitions)]
    return [
        Figure(f"cache-memory-{count}", f"{name}: memory", kilobytes, "kB", "beside the text of the tokens"),
        figure(f"cache-look-{count}", f"{name}: a token seen before", times_of(seen)),
    ]


def _build(make: Callable[[], Thing]) -> tuple[Thing, float, float]:
    """Return what was made, the kilobytes that it holds, and the milliseconds that making it took."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    kilobytes = tracemalloc.get_traced_memory()[0] / 1024
    tracemalloc.stop()
    began = time.perf_counter()
    make()
    return made, kilobytes, (time.perf_counter() - began) * 1000
