"""oidc-client-ts in a real browser: the application that the page about single-page applications shows."""

import shutil

import pytest

from tests.clients.pages import code
from tests.clients.programs import run
from tests.running.system import DEMO_PASSWORD, free_ports

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("node_packages")]

PAGE = "single-page-app.md"


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("There is no Chromium on PATH (Debian: apt install chromium).")
    return found


def test_sign_in_renew_and_sign_out(operator, person, browser):
    address = f"http://127.0.0.1:{free_ports(1)[0]}/"
    client = operator.create("spa", "--first-party", "--redirect-uri", address, "--post-logout-uri", address)
    script = code(PAGE, "app.js").replace("http://127.0.0.1:5000", client.issuer).replace("YOUR_CLIENT_ID", client.id)
    settings = {"page": code(PAGE, "index.html"), "script": script, "password": DEMO_PASSWORD}
    found = run("single_page_app.js", person, {"address": address, "browser": browser, **settings})
    assert len(set(found["tokens"])) == 4
    assert found["address"] == address  # no code is left in the history
    assert found["silence"] == "login_required"
    assert found["complaints"] == []
