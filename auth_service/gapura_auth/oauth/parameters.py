"""The parameters of a request to the protocol's endpoints, read once: none twice, none empty, none endless.

RFC 6749, section 3.1: a parameter without a value is treated as if it were left out, an unknown one is ignored, and
none may be given more than once; RFC 8707 and RFC 8693 make exceptions for `resource` and `audience`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gapura_auth.oauth.errors import InvalidRequest

REPEATABLE = frozenset({"resource", "audience"})

LONGEST_VALUE = 32_768
MOST_VALUES = 100
MOST_REPEATED = 10


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a client sent, by name."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Parameters":
        """Read the pairs of a query string or a form.

        Raises:
            InvalidRequest: when a parameter is given twice, or there is more than any honest client sends.

        """
        values: dict[str, tuple[str, ...]] = {}
        for count, (name, value) in enumerate(pairs):
            if count >= MOST_VALUES or len(value) > LONGEST_VALUE:
                raise InvalidRequest("The request is too large.")
            if value:
                values[name] = (*values.get(name, ()), value)
        for name, given in values.items():
            if len(given) > (MOST_REPEATED if name in REPEATABLE else 1):
                raise InvalidRequest(f"The parameter {name} was given more than once.")
        return cls(values)

    def get(self, name: str) -> str | None:
        """Return a parameter that may be left out."""
        return self.values.get(name, (None,))[0]

    def require(self, name: str) -> str:
        """Return a parameter that must be there.

        Raises:
            InvalidRequest: when it is not.

        """
        value = self.get(name)
        if value is None:
            raise InvalidRequest(f"The parameter {name} is missing.")
        return value

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter that may be repeated."""
        return self.values.get(name, ())

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a space-separated parameter, each once, in order."""
        return tuple(dict.fromkeys(word for word in (self.get(name) or "").split(" ") if word))

    def __contains__(self, name: object) -> bool:
        return name in self.values
