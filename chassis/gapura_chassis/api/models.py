"""The three kinds of models that stand at the border of a service."""

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

LARGEST_INTEGER = 2**63 - 1


def is_storable(value: object) -> bool:
    """Whether both databases can keep every text and number in the value.

    PostgreSQL has no U+0000 in texts, and neither has integers of more than 64 bits. No person means either.
    """
    for part in _parts(value):
        if isinstance(part, str) and "\0" in part:
            return False
        if isinstance(part, int) and not -LARGEST_INTEGER - 1 <= part <= LARGEST_INTEGER:
            return False
    return True


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _parts(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _parts(item)
    else:
        yield value


class _Border(BaseModel):
    @model_validator(mode="after")
    def _is_storable(self) -> Self:
        for name, value in self.__dict__.items():
            if not is_storable(value):
                message = f"{name} must not contain the character U+0000 or a number beyond 64 bits"
                raise ValueError(message)
        return self


class Body(_Border):
    """The JSON body of a request: exact types, no unknown members."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class Query(_Border):
    """The query string of a request: text that reads as the declared types, no unknown parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class Representation(BaseModel):
    """The JSON body of an answer."""

    model_config = ConfigDict(frozen=True)
