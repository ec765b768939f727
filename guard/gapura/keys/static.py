from collections.abc import Iterable, Mapping
from typing import Self

from gapura.jose import VerificationKey, import_key_set


class StaticKeySet:
    """Keys that never change: a JWK Set from a file, or the keys of a test."""

    def __init__(self, jwks: Mapping[str, object]) -> None:
        self._index = index_keys(import_key_set(jwks))

    @classmethod
    def of(cls, *jwks: Mapping[str, object]) -> Self:
        """Make a set of single public JWKs."""
        return cls({"keys": list(jwks)})

    def find(self, kid: str | None) -> VerificationKey | None:
        """Give the key of this name, or None; without a name, the only key there is."""
        return self._index.get(kid)


def index_keys(keys: Iterable[VerificationKey]) -> dict[str | None, VerificationKey]:
    """Index keys by name; a key that is alone is found without a name too."""
    index = {key.kid: key for key in keys}
    if len(index) == 1:
        index[None] = next(iter(index.values()))
    else:
        index.pop(None, None)
    return index
