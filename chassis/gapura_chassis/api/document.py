"""The OpenAPI 3.1 document of a service, made from its routes and models."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from gapura_chassis.api.models import Representation
from gapura_chassis.api.routes import MountedRoute

Json = dict[str, Any]

_PATH_PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_PATH_SCHEMAS: Mapping[str | None, Json] = {
    "int": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    "uuid": {"type": "string", "format": "uuid"},
    "string": {"type": "string"},
    None: {"type": "string"},
}
_REFERENCE = "#/components/schemas/{model}"


class Problem(Representation):
    """What every error answers."""

    msg: str = Field(description="One sentence that a person understands.")
    errors: dict[str, list[str]] | None = Field(None, description="What is wrong with which field.")


def openapi_document(title: str, description: str, version: str, routes: Sequence[MountedRoute]) -> Json:
    """Return the document as JSON values."""
    schemas = _schemas(routes)
    paths: dict[str, Json] = {}
    for mounted in routes:
        path = _PATH_PARAMETER.sub(r"{\g<name>}", mounted.route.rule)
        paths.setdefault(path, {})[mounted.route.method.lower()] = _operation(mounted, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "description": description, "version": version, "license": {"name": "MIT"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(mounted.tag for mounted in routes)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


@dataclass(frozen=True, slots=True)
class _Schemas:
    """The schemas of all models of a service: `components` by name, and where each model's stands."""

    components: Json
    references: Mapping[tuple[Any, JsonSchemaMode], Json]  # Any: pydantic's own key type is private
    queries: Mapping[type[BaseModel], Json]


def _schemas(routes: Sequence[MountedRoute]) -> _Schemas:
    used: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for mounted in routes:
        used |= {(model, "serialization"): None for model in mounted.route.answers.values() if model}
        used |= {(model, "validation"): None for model in (mounted.body, mounted.query) if model}
    references, definitions = models_json_schema(list(used), ref_template=_REFERENCE)
    components = definitions.get("$defs", {})
    queries = {
        # a query is no JSON object: its parameters stand with the operation, and only what they refer to stays here
        query: components.pop(references[query, "validation"]["$ref"].rpartition("/")[2])
        for query in dict.fromkeys(mounted.query for mounted in routes if mounted.query)
    }
    return _Schemas(components, references, queries)


def _operation(mounted: MountedRoute, schemas: _Schemas) -> Json:
    route = mounted.route
    operation: Json = {
        "tags": [mounted.tag],
        "summary": route.summary,
        "description": mounted.description,
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.rule}").strip("_"),
        "parameters": [
            *_path_parameters(route.rule),
            *_query_parameters(schemas.queries[mounted.query] if mounted.query else {}),
            *_headers(route.headers),
        ],
        "responses": _responses(mounted, schemas.references),
        "security": [] if route.public else [{"bearer": list(route.scopes)}],
    }
    if mounted.body is not None:
        operation["requestBody"] = {
            "required": not route.optional_body,
            "content": {"application/json": {"schema": schemas.references[mounted.body, "validation"]}},
        }
    if route.described_body is not None:
        described = route.described_body
        operation["requestBody"] = {"required": True, "content": {described.media_type: {"schema": described.schema}}}
    return operation


def _path_parameters(rule: str) -> list[Json]:
    return [
        {"name": found["name"], "in": "path", "required": True, "schema": _PATH_SCHEMAS[found["kind"]]}
        for found in _PATH_PARAMETER.finditer(rule)
    ]


def _query_parameters(schema: Json) -> list[Json]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": value.get("description", ""),
            "schema": _without_null({key: part for key, part in value.items() if key not in {"title", "description"}}),
        }
        for name, value in schema.get("properties", {}).items()
    ]


def _without_null(schema: Json) -> Json:
    """Drop null from the schema: a query parameter is left out, and generators would send the text `null`."""
    rest = {key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)}
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) > 1:
        return rest | {"anyOf": kinds}
    return rest | (kinds[0] if kinds else {})


def _headers(headers: Mapping[str, str]) -> list[Json]:
    return [
        {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in headers.items()
    ]


def _responses(mounted: MountedRoute, references: Mapping[tuple[Any, JsonSchemaMode], Json]) -> Json:
    responses: Json = {}
    for status, model in mounted.route.answers.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if model is not None:
            responses[str(status)]["content"] = {
                "application/json": {"schema": references[model, "serialization"]},
            }
    problem = {"application/json": {"schema": references[Problem, "serialization"]}}
    for status in sorted(_refusals(mounted)):
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return responses


def _refusals(mounted: MountedRoute) -> set[int]:
    route = mounted.route
    refusals = {*route.refusals, 500, 503}
    if mounted.body is not None:
        refusals |= {400, 413, 415, 422}
    if mounted.query is not None:
        refusals.add(422)
    if not route.public:
        refusals |= {400, 401, 403}
    if "<" in route.rule:
        refusals.add(404)
    if "If-Match" in route.headers:
        refusals |= {412, 428}
    return refusals
