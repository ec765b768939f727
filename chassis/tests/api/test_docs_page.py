import pytest

from gapura_chassis.api.docs_page import ASSETS


def test_the_document_and_the_page_are_public_and_the_front_leads_there(client):
    assert client.get("/openapi.json").json["openapi"] == "3.1.0"
    assert b'data-address="http://127.0.0.1:5000/login"' in client.get("/docs").data
    front = client.get("/")
    assert (front.status_code, front.headers["Location"], front.data) == (302, "/docs", b"")


def test_the_page_loads_nothing_from_elsewhere_and_only_talks_to_the_login(client):
    policy = client.get("/docs").headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "connect-src 'self' http://127.0.0.1:5000;" in policy


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_assets_come_from_the_installed_package(client, name):
    with client.get(f"/docs/assets/{name}") as response:
        assert (response.status_code, len(response.data) > 100) == (200, True)
        assert "max-age=3600" in response.headers["Cache-Control"]
    assert f'/docs/assets/{name}"' in client.get("/docs").text


@pytest.mark.parametrize(
    "name", ["..", "../docs.html", "%2e%2e/application.py", "..%2f..%2fsettings.py", "docs.html", "index.html", "a%00b"]
)
def test_nothing_else_is_handed_out(client, name):
    response = client.get(f"/docs/assets/{name}")
    assert (response.status_code, list(response.json)) == (404, ["msg"])
