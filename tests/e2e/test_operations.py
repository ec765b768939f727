"""What an operator relies on, over running services."""

import json
import uuid

import pytest

pytestmark = pytest.mark.e2e


def logged_by(service):
    return [json.loads(line) for line in service.written().splitlines() if line.startswith("{")]


def test_one_request_id_is_followed_through_all_services(system):
    request_id = f"trace-{uuid.uuid4().hex}"
    headers = {"X-Request-ID": request_id}
    token = system.token()
    answers = [
        system.auth.get("/me", token=token, headers=headers),
        system.users.get("/users", token=token, headers=headers),
        system.products.get("/products", token=token, headers=headers),
    ]
    assert [(answer.status, answer.headers["x-request-id"]) for answer in answers] == [(200, request_id)] * 3
    for service, path in zip(system, ("/me", "/users", "/products"), strict=True):
        lines = [line for line in logged_by(service) if line.get("request_id") == request_id]
        assert [(line["event"], line["path"], line["status"]) for line in lines] == [("request", path, 200)]


def test_no_log_holds_a_password_or_a_token(system):
    tokens = system.login()
    system.users.get("/users", token=tokens["access_token"])
    system.auth.post("/login", {"username": "user1", "password": "a wrong password of the log test"})
    for service in system:
        written = service.written()
        for secret in (*tokens.values(), "pass123", "a wrong password of the log test"):
            if isinstance(secret, str) and secret not in {"Bearer", "account"}:
                assert secret not in written


@pytest.mark.parametrize("name", ["auth", "users", "products"])
def test_every_service_has_its_addresses_for_operators_and_developers(system, name):
    service = getattr(system, name)
    assert service.get("/livez").json == {"status": "alive"}
    assert service.get("/readyz").json["status"] == "ready"
    assert b"gapura_http_requests_total" in service.get("/metrics").body
    assert service.get("/openapi.json").json["openapi"].startswith("3.1")
    page = service.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"http://" not in page.body.replace(system.auth.address.encode(), b"")


def test_the_documentation_pages_may_log_in_from_a_browser(system):
    for service in (system.users, system.products):
        answer = system.auth.post(
            "/login", {"username": "user1", "password": "pass123"}, headers={"Origin": service.address}
        )
        assert answer.headers["access-control-allow-origin"] == service.address


def test_an_error_is_json_with_one_sentence_at_every_service(system):
    for service in system:
        answer = service.get("/nothing-here")
        assert (answer.status, answer.json) == (404, {"msg": "There is nothing at this address."})
