"""Whatever is sent to it, the service answers as its OpenAPI document says, and never with a 5xx."""

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
OPERATIONS = [
    ("POST", "/register"),
    ("POST", "/login"),
    ("POST", "/refresh"),
    ("POST", "/logout"),
    ("GET", "/me"),
    ("POST", "/password"),
    ("GET", "/sessions"),
    ("DELETE", "/sessions/{session_id}"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/status-lists/{number}"),
]


#: Operations to which nothing can be sent wrongly.
WITHOUT_INPUT = {("GET", "/me"), ("GET", "/sessions"), ("GET", "/.well-known/jwks.json")}
CASES = [
    (method, path, mode)
    for method, path in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or (method, path) not in WITHOUT_INPUT
]
#: The description knows no media type but application/json, and a JWK Set has one of its own.
OTHER_MEDIA_TYPES = {"/.well-known/jwks.json"}


@pytest.fixture
def schema(service):
    return schemathesis.openapi.from_wsgi("/openapi.json", service.app)


def test_the_operations_of_this_room_are_described(schema):
    described = {(method.upper(), path) for path, item in schema.raw_schema["paths"].items() for method in item}
    assert described >= set(OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_whatever_is_sent_is_answered_as_described(service, schema, method, path, mode):
    token = service.tokens()["access_token"]
    checks = [check for check in CHECKS if path not in OTHER_MEDIA_TYPES or check is not content_type_conformance]
    statuses = set()

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def send(case):
        service.clock.advance(1)  # or the throttle would answer everything
        own = service.tokens()["access_token"] if path == "/logout" else token
        response = case.call(headers={"Authorization": f"Bearer {own}"})
        statuses.add(response.status_code)
        case.validate_response(response, checks=checks)

    send()
    assert statuses - {403}, "no request came as far as the service itself"
