import enum

import jsonschema_rs
import pytest
from flask import Flask
from pydantic import Field

from gapura_chassis.api import Body, Query, Representation, delete, get, patch
from gapura_chassis.api.document import openapi_document
from gapura_chassis.api.routes import mount


class Order(enum.StrEnum):
    NAME = "name"
    PRICE = "price"


class Maker(Representation):
    name: str


class Item(Representation):
    id: int
    maker: Maker
    kind: Order


class Change(Body):
    name: str | None = None


class Search(Query):
    q: str | None = Field(None, description="Words.")
    order: Order = Order.NAME
    other: Order | None = None
    either: int | str | None = None
    limit: int = Field(20, ge=1, le=100)


class Views:
    @get("/items/<int:number>", "Read one", {200: Item, 304: None}, headers={"If-None-Match": "What you have."})
    def zebra(self, number: int):
        """Read one item of the catalogue."""

    @patch("/items/<int:number>", "Change", {200: Item}, scopes=("items:write",), headers={"If-Match": "ETag."})
    def change(self, number: int, body: Change): ...

    @delete("/items/<string(length=2):code>/<uuid:key>", "Delete", {204: None}, refusals=(409,))
    def delete(self, code: str, key: object): ...

    @get("/items", "Search", {200: Item}, public=True)
    def search(self, query: Search): ...


@pytest.fixture
def document(app):
    routes = mount(Flask("x"), app.extensions["gapura"], Views(), tag="Items")
    return openapi_document("Tiny", "For tests.", "1", routes)


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_leads_somewhere(document):
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    assert "$defs" not in str(document)


def test_every_schema_is_a_json_schema(document):
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_operations_stand_in_the_order_they_are_written(document):
    assert list(document["paths"]) == ["/items/{number}", "/items/{code}/{key}", "/items"]


def test_query_parameters_have_no_null_and_keep_their_defaults(document):
    parameters = {one["name"]: one for one in document["paths"]["/items"]["get"]["parameters"]}
    assert parameters["q"]["schema"] == {"type": "string"}
    assert parameters["q"]["description"] == "Words."
    assert parameters["order"]["schema"] == {"$ref": "#/components/schemas/Order", "default": "name"}
    assert parameters["other"]["schema"] == {"$ref": "#/components/schemas/Order"}
    assert parameters["either"]["schema"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert not any(one["required"] for one in parameters.values())
    assert "Search" not in document["components"]["schemas"]


def test_path_and_header_parameters_are_described(document):
    read = document["paths"]["/items/{number}"]["get"]["parameters"]
    assert [(one["name"], one["in"], one["required"]) for one in read] == [
        ("number", "path", True),
        ("If-None-Match", "header", False),
    ]
    code, key = document["paths"]["/items/{code}/{key}"]["delete"]["parameters"]
    assert (code["schema"], key["schema"]) == ({"type": "string"}, {"type": "string", "format": "uuid"})


def test_answers_and_refusals_follow_from_the_route(document):
    change = document["paths"]["/items/{number}"]["patch"]
    statuses = [int(status) for status in change["responses"]]
    assert statuses == [200, 400, 401, 403, 404, 412, 413, 415, 422, 428, 500, 503]
    assert change["security"] == [{"bearer": ["items:write"]}]
    assert "content" not in document["paths"]["/items/{number}"]["get"]["responses"]["304"]
    assert "409" in document["paths"]["/items/{code}/{key}"]["delete"]["responses"]
    assert document["paths"]["/items"]["get"]["security"] == []


def test_operation_ids_differ(document):
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids)) == 4
