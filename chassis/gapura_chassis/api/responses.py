"""Answers in JSON."""

from collections.abc import Mapping

import orjson
from flask import Response
from pydantic import BaseModel

from gapura_chassis.service_app import WholeResponse

JSON = "application/json"


def json_response(
    value: BaseModel | Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Write a value to HTTP."""
    content = value.__pydantic_serializer__.to_json(value) if isinstance(value, BaseModel) else orjson.dumps(value)
    response = WholeResponse(content, status=status, content_type=JSON)
    if headers:
        response.headers.update(headers)
    return response
