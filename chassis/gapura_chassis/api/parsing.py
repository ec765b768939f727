"""From an HTTP request to checked values, strictly: what cannot be read is 400, what is not acceptable is 422."""

import json
from collections.abc import Mapping
from typing import TypeVar

import orjson
from flask import Request
from pydantic import BaseModel, ValidationError

from gapura_chassis.errors import SENTENCES, Invalid, MalformedRequest, UnsupportedMediaType

Model = TypeVar("Model", bound=BaseModel)

JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})

_PREFIX = "Value error, "
_UTF_8 = frozenset({"utf-8", "utf8"})


def parse_body(request: Request, model: type[Model]) -> Model:
    """Return the JSON body as a model.

    Raises:
        UnsupportedMediaType: when the body is something else than JSON.
        MalformedRequest: when it is not well-formed JSON in UTF-8 (RFC 8259; `NaN` is not JSON), or an object in it
            has two members of one name, of which different readers would see different ones.
        Invalid: when it does not fit the model.

    """
    raw = request.get_data(cache=True)
    if (raw or request.mimetype) and not _says_json(request):
        raise UnsupportedMediaType(SENTENCES[415])
    return _validate(model, _read_json(raw))


def parse_optional_body(request: Request, model: type[Model]) -> Model:
    """Return the body as `parse_body` does; a request without one stands for an empty object."""
    return parse_body(request, model) if request.get_data(cache=True) else _validate(model, {})


def parse_query(request: Request, model: type[Model]) -> Model:
    """Return the query string as a model.

    Raises:
        Invalid: when a parameter is unknown, given twice, or does not fit the model.

    """
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        raise _invalid({name: ["This parameter may be given only once."] for name in repeated})
    return _validate(model, request.args.to_dict())


def _says_json(request: Request) -> bool:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    return request.mimetype in JSON_TYPES and charset in _UTF_8


def _read_json(raw: bytes) -> object:
    if not raw.strip():
        message = "The request has no body; send a JSON object."
        raise MalformedRequest(message)
    try:
        value: object = orjson.loads(raw)
        _WITHOUT_DUPLICATES.decode(raw.decode())
    except orjson.JSONDecodeError as error:
        message = f"The request body is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise MalformedRequest(message) from None
    except RecursionError:
        message = "The request body is nested too deeply."
        raise MalformedRequest(message) from None
    return value


def _once_each(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) != len(members):
        message = "The request body is not valid JSON: an object has two members of the same name."
        raise MalformedRequest(message)


# orjson keeps the last of two members and has no hook: a second pass, for 3 µs on a usual body, only looks at names
_WITHOUT_DUPLICATES = json.JSONDecoder(object_pairs_hook=_once_each)


def _validate(model: type[Model], value: object) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _invalid(_by_field(error)) from None


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in detail["loc"])[:100] or "request"
        fields.setdefault(name, []).append(detail["msg"].removeprefix(_PREFIX))
    return fields


def _invalid(errors: Mapping[str, list[str]]) -> Invalid:
    return Invalid("Some values are not acceptable; see errors.", errors=errors)
