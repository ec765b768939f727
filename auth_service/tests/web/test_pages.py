"""What every page is held to: headers, languages, size, and that it is whole without a script."""

import re
import string
import sys
from importlib.resources import files
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import Browser, Page, client_of, register_client

from gapura_auth.web.pages.rendering import PagePermissions, content_policy
from gapura_auth.web.pages.texts import SCOPES, TEXTS

TEMPLATES = files("gapura_auth.web.pages") / "templates"


@pytest.fixture
def provider(service):
    service.register("ani", email="ani@example.com")
    register_client(service, client_of())
    return service


@pytest.fixture
def browser(provider):
    return Browser(provider.app.test_client())


@pytest.fixture
def pages(browser):
    """Give one page of each kind."""
    sign_in = browser.follow(browser.authorize())
    consent = browser.follow(browser.sign_in(sign_in))
    return {
        "sign in": sign_in,
        "consent": consent,
        "choose": browser.follow(browser.authorize(prompt="select_account")),
        "signed in": browser.follow(browser.get("/signin")),
        "error": Page.of(browser.get("/oauth/authorize")),
        "expired": Page.of(browser.get("/consent")),
        "form post": Page.of(browser.authorize(prompt="none", response_mode="form_post")),
    }


def test_no_page_can_be_framed_or_made_to_load_or_run_anything_else(pages):
    for name, page in pages.items():
        headers = page.answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert "base-uri 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert ("script-src" in policy) is (name == "form post"), name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Cache-Control"] == "no-store", name
        assert headers["Referrer-Policy"] in {"same-origin", "strict-origin"}, name


def test_no_page_has_anything_inline_or_from_elsewhere(pages):
    for name, page in pages.items():
        assert len(page.all("script")) == (name == "form post"), name
        assert page.all("style") == [], name
        for tag, attributes in page.tags:
            assert not any(attribute.startswith("on") or attribute == "style" for attribute in attributes), name
            if tag == "link":
                assert attributes["href"].startswith("/assets/"), name


def test_every_page_is_small_and_loads_two_more_things(pages):
    for name, page in pages.items():
        assert len(page.answer.data) < 6_000, name
        assert len(page.all("link")) == 2, name
        assert page.all("img") == [], name


def test_what_pages_load_is_there_and_stays(browser, pages):
    total = 0
    for link in pages["sign in"].all("link"):
        answer = browser.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        total += len(answer.data)
    assert total < 10_000
    assert browser.get("/assets/gapura.css").mimetype == "text/css"
    assert browser.get("/assets/icon.svg").mimetype == "image/svg+xml"


def test_every_page_can_be_read_aloud(pages):
    for name, page in pages.items():
        assert page.all("html")[0]["lang"] == "id", name
        assert len(page.all("h1")) == 1, name
        assert len(page.all("main")) == 1, name
        labels = {label["for"] for label in page.all("label")}
        for field in page.all("input"):
            assert field.get("type") == "hidden" or field["id"] in labels, name


def test_password_managers_understand_the_form(pages):
    fields = {field["name"]: field for field in pages["sign in"].all("input")}
    assert fields["username"]["autocomplete"] == "username"
    assert fields["password"]["autocomplete"] == "current-password"


@pytest.mark.parametrize(
    ("query", "ui_locales", "accepted", "language"),
    [
        ("", None, "", "id"),
        ("", None, "en", "en"),
        ("", None, "en;q=0.3, id", "id"),
        ("", "en", "id", "en"),
        ("", "fr-CA id-ID en", "en", "id"),
        ("", "fr", "en-GB", "en"),
        ("&lang=id", "en", "en", "id"),
        ("&lang=en", "id", "id", "en"),
        ("&lang=xx", "en", "id", "en"),
    ],
)
def test_the_language_is_the_persons_then_the_clients_then_the_browsers(browser, query, ui_locales, accepted, language):
    answer = browser.authorize(ui_locales=ui_locales)
    page = Page.of(browser.get(answer.headers["Location"] + query, **{"Accept-Language": accepted}))
    assert page.all("html")[0]["lang"] == page.answer.headers["Content-Language"] == language
    assert ("Kata sandi" in page.text) is (language == "id")
    assert ("Password" in page.text) is (language == "en")
    other = {"id": "en", "en": "id"}[language]
    switched = Page.of(browser.get(page.link(f"lang={other}")))
    assert switched.all("html")[0]["lang"] == other


def test_the_language_stays_when_a_form_comes_back(browser):
    page = Page.of(browser.get("/signin?lang=en"))
    assert "The name or the password is wrong" in Page.of(browser.sign_in(page, "ani", "wrong")).text


def test_every_text_is_there_in_both_languages_with_the_same_places():
    for name, sentence in {**TEXTS, **SCOPES}.items():
        assert sentence.id, name
        assert sentence.en, name
        assert places(sentence.id) == places(sentence.en), name


def test_every_text_of_a_template_is_in_the_catalogue_and_the_other_way_round():
    sources = "".join(template.read_text() for template in TEMPLATES.iterdir())
    used = set(re.findall(r"say\(['\"](\w+)['\"]", sources))
    assert used <= set(TEXTS)
    by_code = "".join(path.read_text() for path in Path(str(TEMPLATES)).parent.parent.glob("*.py"))
    # some are named by a view, by themselves or by the title that they belong to
    forgotten = [name for name in TEXTS if name not in used and f'"{name.removesuffix("_text")}' not in by_code]
    assert forgotten == []


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("target", "source"),
    [
        (None, "form-action 'self';"),
        ("https://app.example.com/cb?x=1", "form-action 'self' https:;"),
        ("http://127.0.0.1:51004/cb", "form-action 'self' http:;"),
        ("http://[::1]:51004/cb", "form-action 'self' http:;"),
        ("com.example.app:/cb", "form-action 'self' com.example.app:;"),
    ],
)
def test_a_form_leads_to_us_and_on_to_the_client_and_never_from_tls_to_plain_http(target, source):
    assert source in content_policy(PagePermissions(form_target=target))


def test_a_service_under_a_path_links_to_itself(open_service, sqlite_url):
    service = open_service(sqlite_url, issuer="http://127.0.0.1:5000/auth")
    register_client(service, client_of())
    browser = Browser(service.app.test_client())
    location = browser.authorize().headers["Location"]
    assert location.startswith("/auth/signin?")
    page = Page.of(browser.get(location.removeprefix("/auth")))
    assert page.action == "/auth/signin"
    assert all(link["href"].startswith("/auth/assets/") for link in page.all("link"))
