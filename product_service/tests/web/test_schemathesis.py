"""Requests that nobody would think of, made by Schemathesis from the published description."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]

ONE = "/products/{product_id}"
OPERATIONS = [("GET", "/products"), ("POST", "/products"), ("GET", ONE), ("PATCH", ONE), ("DELETE", ONE)]


@pytest.fixture
def schema(app):
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


# written out instead of `schema.parametrize()`, whose pytest plugin (4.32) does not know pytest 9.2
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_every_answer_is_one_that_is_described(schema, issuer, method: str, path: str, mode: GenerationMode):
    statuses = set()
    headers = issuer.headers("s-2", "admin", "products:write")

    @settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def send(case) -> None:
        response = case.call(headers=headers if "If-Match" in (case.headers or {}) else headers | {"If-Match": "*"})
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    send()
    assert statuses - {401, 403}, "no request came as far as the service itself"


def test_the_operations_are_all_of_them(schema):
    described = {(method.upper(), path) for path, item in schema.raw_schema["paths"].items() for method in item}
    assert described == set(OPERATIONS)
