import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

OPERATIONS = [
    ("GET", "/users"),
    ("GET", "/users/me"),
    ("PATCH", "/users/me"),
    ("GET", "/users/{id}"),
    ("PATCH", "/users/{id}"),
    ("DELETE", "/users/{id}"),
]
#: What a request that fits the document may meet: an id that nobody has, another version, no version.
EXPECTED = ["200", "204", "304", "404", "412", "428"]


@pytest.fixture
def api(app):
    config = SchemathesisConfig()
    config.projects.default.checks.positive_data_acceptance.expected_statuses = EXPECTED
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


def name_a_real_time_zone(case):
    """The list of time zones is too long for the document: that a text is one of them is all it does not say."""
    if isinstance(case.body, dict) and case.body.get("zoneinfo") is not None:
        case.body["zoneinfo"] = "Asia/Jakarta"


def test_every_operation_is_tried(api):
    assert {(result.ok().method.upper(), result.ok().path) for result in api.get_all_operations()} == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_as_documented(api, issuer, method, path, mode):
    headers = issuer.headers("s-admin", "admin", "users:read users:write")

    if path == "/users":  # a cursor that nobody gave out may look like one
        api.config.checks.positive_data_acceptance.expected_statuses = [*EXPECTED, "422"]

    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def try_it(case):
        if mode is GenerationMode.POSITIVE:
            name_a_real_time_zone(case)
        case.call_and_validate(headers=headers)

    try_it()
