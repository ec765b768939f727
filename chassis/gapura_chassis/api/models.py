"""The three kinds of models that stand at the border of a service."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class _Border(BaseModel):
    @model_validator(mode="after")
    def _holds_no_nul(self) -> Self:
        # PostgreSQL cannot store U+0000, and no text that a person means contains it
        if any("\0" in text for value in self.__dict__.values() for text in _texts(value)):
            message = "text must not contain the character U+0000"
            raise ValueError(message)
        return self


class Body(_Border):
    """The JSON body of a request: exact types, no unknown members."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Query(_Border):
    """The query string of a request: text that reads as the declared types, no unknown parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Representation(BaseModel):
    """The JSON body of an answer."""

    model_config = ConfigDict(frozen=True)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []
