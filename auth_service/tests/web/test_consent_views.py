"""Consent: what is shown is what is given, by the person who saw it, in the browser that showed it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import Browser, Page, client_of, register_client, response_at

from gapura_auth.accounts.role import Role
from gapura_auth.oauth.clients import ClientPresentation


@pytest.fixture
def provider(service):
    service.register("ani")
    service.register("budi")
    presentation = ClientPresentation(
        '<b>Toko</b> "Kopi"', policy_uri="https://kopi.example/privasi", tos_uri="https://kopi.example/syarat"
    )
    register_client(service, client_of(presentation=presentation))
    return service


@pytest.fixture
def browser(provider):
    return Browser(provider.app.test_client())


@pytest.fixture
def consent(browser):
    return browser.follow(browser.sign_in(browser.follow(browser.authorize(scope="openid email"))))


def test_the_page_says_who_asks_for_what_and_where_it_leads(consent):
    assert '<b>Toko</b> "Kopi" meminta akses' in consent.text
    assert "<b>" not in consent.answer.text
    assert "mengetahui siapa Anda" in consent.text
    assert "melihat alamat surel" in consent.text
    assert "app.example.com" in consent.text
    assert consent.link("privasi")
    assert consent.link("syarat")
    assert "baru" not in consent.text  # the first time everything is


def test_a_scope_without_words_of_its_own_is_shown_as_it_is(browser, provider):
    provider.administration.define_role(Role("reporter", "reports", ("reports:<run>",)))
    provider.administration.grant("ani", "reporter")
    register_client(
        provider, client_of("reports", scopes=frozenset({"reports:<run>"}), redirect_uris=("com.example.app:/cb",))
    )
    page = browser.follow(
        browser.authorize(client_id="reports", scope="reports:<run>", redirect_uri="com.example.app:/cb")
    )
    page = browser.follow(browser.sign_in(page))
    assert "reports:<run>" in page.text
    assert "sebuah aplikasi di perangkat ini" in page.text
    assert "form-action 'self' com.example.app:;" in page.answer.headers["Content-Security-Policy"]
    assert "code" in response_at(browser.send(page, "allow"), "com.example.app:/cb")


def test_the_services_that_tokens_are_for_are_shown(open_service, sqlite_url):
    service = open_service(sqlite_url, resources=("https://api.example.com/",))
    service.register("ani")
    register_client(service, client_of())
    browser = Browser(service.app.test_client())
    page = browser.follow(browser.sign_in(browser.follow(browser.authorize(resource="https://api.example.com/"))))
    assert "https://api.example.com/" in page.text


def test_a_form_of_another_site_gives_nothing(browser, consent, provider):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert browser.post("/consent", {**consent.fields, "action": "allow"}, **headers).status_code == 403
    browser.headers = {"Origin": "https://evil.example"}
    assert browser.send(consent, "allow").status_code == 403
    assert provider.rows("SELECT 1 FROM consents") == []


def test_without_the_token_of_this_page_nothing_is_given(browser, consent, provider):
    sign_in = Page.of(browser.get("/signin?other=1"))
    for token in ("", "x", sign_in.fields["form_token"]):
        answer = browser.send(consent, "allow", form_token=token)
        assert answer.status_code == 403
        assert "tidak berlaku" in Page.of(answer).text
    assert provider.rows("SELECT 1 FROM consents") == []
    assert "code" in response_at(browser.send(Page.of(answer), "allow"))


def test_nobody_agrees_in_the_name_of_somebody_else(browser, consent, provider):
    browser.sign_in(Page.of(browser.get("/signin?other=1")), "budi")
    again = Page.of(browser.send(consent, "allow"))
    assert again.answer.status_code == 403
    assert "Anda masuk sebagai budi" in again.text
    assert provider.rows("SELECT 1 FROM consents") == []


def test_only_what_was_shown_is_given(browser, consent, provider):
    # the same request, and meanwhile the person is able to give more than the page said
    provider.administration.grant("ani", "admin")
    page = browser.follow(browser.authorize(scope="openid products:write"))
    assert "mengubah daftar produk" in page.text
    provider.administration.withdraw("ani", "admin")
    answer = browser.send(page, "allow")
    assert answer.status_code == 403
    assert "mengubah daftar produk" not in Page.of(answer).text
    assert "code" in response_at(browser.send(consent, "allow"))


def test_whoever_is_not_signed_in_any_more_signs_in_first(browser, consent):
    browser.client.delete_cookie("gapura")
    page = browser.follow(browser.send(consent, "allow"))
    assert page.actions == {"sign_in", "cancel"}
    assert browser.follow(browser.sign_in(page)).actions == {"allow", "deny"}


def test_the_page_can_be_left_for_another_account(browser, consent):
    other = browser.follow(browser.get(consent.link("other=1")))
    page = browser.follow(browser.sign_in(other, "budi"))
    assert "Anda masuk sebagai budi" in page.text


def test_a_page_that_is_nobodys_or_another_browsers_is_not_shown(browser, consent, provider):
    stranger = Browser(provider.app.test_client())
    for interaction in ("", "x", consent.fields["interaction"]):
        assert stranger.get(f"/consent?interaction={interaction}").status_code == 400
        assert stranger.post("/consent", {**consent.fields, "interaction": interaction}).status_code == 400
    assert browser.get(f"/consent?interaction={consent.fields['interaction']}").status_code == 200


def test_consent_is_written_down(browser, consent, provider):
    browser.send(consent, "allow")
    ((target, details),) = provider.rows("SELECT target, details FROM audit_events WHERE action = 'consent.granted'")
    assert (target, details) == ("web", '{"scope":"email openid"}')


def test_with_prompt_consent_it_is_asked_again(browser, consent):
    browser.send(consent, "allow")
    page = browser.follow(browser.authorize(scope="openid email", prompt="consent"))
    assert page.actions == {"allow", "deny"}
    assert "code" in response_at(browser.send(page, "allow"))
