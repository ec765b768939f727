"""Whom a peer believes: the same for all of them, handed over in one environment variable."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

VARIABLE = "BENCH_TRUST"
USERNAME = "user1"


@dataclass(frozen=True, slots=True)
class Trust:
    """The issuer, the audience, and both kinds of key; each peer takes what its algorithm needs."""

    issuer: str
    audience: str
    secret: str
    public_jwk: Mapping[str, str]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read what `as_text` wrote."""
        return cls(**json.loads(environ[VARIABLE]))

    def as_text(self) -> str:
        """Write it for a peer in any language."""
        return json.dumps(asdict(self))
