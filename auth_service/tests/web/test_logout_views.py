"""Leaving: sent by a client, or by oneself; and every way to make somebody leave, or go where they did not mean to."""

import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import FIRST_PARTY, WEB, Browser, Page, client_of, register_client, response_at

from gapura_auth.oauth.clients import LogoutAddresses

BYE, OUT, FRAME = "https://app.example.com/bye", "https://app.example.com/out", "https://app.example.com/frame"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CLIENTS = {
    "own": LogoutAddresses(post_logout_redirect_uris=(BYE, "com.example.app:/bye"), backchannel_uri=OUT),
    "framed": LogoutAddresses(post_logout_redirect_uris=(BYE,), frontchannel_uri=FRAME),
}


@pytest.fixture
def provider(service):
    for name in ("ani", "budi"):
        assert service.register(name).status_code == 201
    for client_id, logout in CLIENTS.items():
        register_client(service, client_of(client_id, rules=FIRST_PARTY, logout=logout))
    return service


@pytest.fixture
def browser(provider):
    return Browser(provider.app.test_client())


def another_browser(provider):
    return Browser(provider.app.test_client())


def log_in(provider, browser, client_id="own", username="ani"):
    """Log in at a client; returns the ID token that it gets."""
    answer = browser.authorize(client_id=client_id)
    if "/signin" in answer.headers["Location"]:
        answer = browser.sign_in(browser.follow(answer), username)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": WEB,
        "code": response_at(answer)["code"],
        "code_verifier": VERIFIER,
    }
    tokens = provider.call("POST", "/oauth/token", data=form)
    assert tokens.status_code == 200, tokens.text
    return tokens.json["id_token"]


def leave(browser, **parameters):
    return browser.get(f"/oauth/logout?{urlencode(parameters)}")


def is_signed_in(browser):
    return browser.authorize(client_id="own").headers["Location"].startswith(WEB)


def outbox(provider):
    return [row.client_id for row in provider.rows("SELECT client_id FROM logout_outbox")]


def live_sessions(provider):
    return len(provider.rows("SELECT 1 FROM sessions WHERE revoked_at IS NULL"))


def test_a_client_that_shows_its_id_token_logs_a_person_out_and_gets_them_back(provider, browser):
    hint = log_in(provider, browser)
    answer = leave(browser, id_token_hint=hint, post_logout_redirect_uri=BYE, state="the state")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{BYE}?state=the%20state"
    assert live_sessions(provider) == 0
    assert outbox(provider) == ["own"]
    assert not is_signed_in(browser)


def test_without_an_address_to_go_back_to_the_person_is_told(provider, browser):
    answer = leave(browser, id_token_hint=log_in(provider, browser), ui_locales="en")
    assert answer.status_code == 200
    assert "You are signed out" in Page.of(answer).text
    assert not is_signed_in(browser)


def test_a_native_application_is_gone_back_to_by_its_own_scheme(provider, browser):
    hint = log_in(provider, browser)
    answer = leave(browser, id_token_hint=hint, post_logout_redirect_uri="com.example.app:/bye")
    assert answer.headers["Location"] == "com.example.app:/bye"


def test_an_expired_hint_is_as_good_as_a_fresh_one(provider, browser):
    hint = log_in(provider, browser)
    provider.clock.advance(7200)
    assert leave(browser, id_token_hint=hint, post_logout_redirect_uri=BYE).headers["Location"] == BYE


def test_all_clients_of_the_browser_hear_of_it_and_those_of_another_browser_do_not(provider, browser):
    elsewhere = another_browser(provider)
    log_in(provider, elsewhere)
    hint = log_in(provider, browser)
    log_in(provider, browser)
    leave(browser, id_token_hint=hint)
    assert outbox(provider) == ["own", "own"]
    assert live_sessions(provider) == 1
    assert is_signed_in(elsewhere)


def test_without_a_hint_the_person_is_asked_and_may_stay(provider, browser):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE, state="s", ui_locales="en"))
    assert page.actions == {"sign_out", "stay"}
    assert "ani" in page.text
    assert "Toko Kopi" in page.text
    answer = browser.send(page, "stay")
    assert answer.headers["Location"] == "/signin"
    assert is_signed_in(browser)


def test_after_the_question_the_browser_goes_where_the_client_asked(provider, browser):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE, state="s"))
    answer = browser.send(page, "sign_out")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{BYE}?state=s"
    assert not is_signed_in(browser)
    assert outbox(provider) == ["own"]


def test_a_person_leaves_by_themselves_from_the_page_that_says_who_they_are(provider, browser):
    log_in(provider, browser)
    page = Page.of(browser.get("/signin?lang=en"))
    answer = browser.send(Page.of(browser.get(page.link("/oauth/logout"))), "sign_out")
    assert answer.status_code == 200
    assert browser.cookie("gapura") is None
    assert not is_signed_in(browser)


def test_the_question_is_put_in_both_languages(provider, browser):
    log_in(provider, browser)
    assert "Tetap masuk" in Page.of(leave(browser)).text
    assert "Stay signed in" in Page.of(leave(browser, ui_locales="fr en")).text


def test_a_second_click_finds_nobody_signed_in_and_that_is_what_it_says(provider, browser):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE))
    assert browser.send(page, "sign_out").status_code == 303
    again = Page.of(browser.send(page, "sign_out"))
    assert again.answer.status_code == 200
    assert again.link(BYE) == BYE


def test_where_nobody_is_signed_in_there_is_a_link_and_no_redirect(browser):
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE, ui_locales="en"))
    assert page.answer.status_code == 200
    assert page.link(BYE) == BYE
    assert "Refresh" not in page.answer.headers
    assert page.all("meta")[-1].get("http-equiv") is None


def test_a_client_can_end_its_own_session_when_the_login_in_the_browser_is_gone(provider, browser):
    hint, other = log_in(provider, browser), log_in(provider, browser)
    browser.client.delete_cookie("gapura")
    answer = leave(browser, id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert answer.headers["Location"] == BYE
    assert live_sessions(provider) == 1
    assert outbox(provider) == ["own"]
    assert leave(browser, id_token_hint=hint, post_logout_redirect_uri=BYE).headers["Location"] == BYE
    assert outbox(provider) == ["own"]
    assert hint != other


# the front channel


def test_clients_that_want_frames_are_shown_in_them_and_then_the_browser_goes_on_without_a_script(provider, browser):
    log_in(provider, browser, "framed")
    hint = log_in(provider, browser)
    page = Page.of(leave(browser, id_token_hint=hint, post_logout_redirect_uri=BYE, state="a'b\"c;d"))
    assert page.answer.status_code == 200
    (session,) = provider.rows("SELECT id FROM sessions WHERE client_id = 'framed'")
    (frame,) = page.all("iframe")
    assert frame["src"] == f"{FRAME}?{urlencode({'iss': provider.settings.issuer, 'sid': session.id})}"
    target = f"{BYE}?state=a%27b%22c%3Bd"
    refresh = next(meta for meta in page.all("meta") if meta.get("http-equiv") == "refresh")
    assert refresh["content"] == f"3;url={target}"
    assert page.link(BYE) == target
    assert page.all("script") == []
    assert not is_signed_in(browser)


def test_only_the_origins_of_the_frames_may_be_framed(provider, browser):
    hint = log_in(provider, browser, "framed")
    policy = leave(browser, id_token_hint=hint).headers["Content-Security-Policy"].split("; ")
    assert "frame-src https://app.example.com" in policy
    assert "default-src 'none'" in policy
    assert not any(part.startswith("script-src") for part in policy)


def test_no_page_may_frame_anything_else(provider, browser):
    answer = leave(browser, id_token_hint=log_in(provider, browser))
    assert "frame-src" not in answer.headers["Content-Security-Policy"]


# by POST


def test_a_form_of_another_site_comes_without_cookies_and_is_sent_once_more_from_here(provider, browser):
    hint = log_in(provider, browser)
    form = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "s"}
    page = Page.of(another_browser(provider).post("/oauth/logout", form, **{"Sec-Fetch-Site": "cross-site"}))
    assert page.action == "/oauth/logout"
    assert page.fields == {**form, "again": "1"}
    assert "form-action 'self' https:" in page.answer.headers["Content-Security-Policy"]
    assert hint not in str(page.answer.headers)
    assert is_signed_in(browser)
    answer = browser.post(page.action, page.fields)
    assert answer.headers["Location"] == f"{BYE}?state=s"
    assert not is_signed_in(browser)


def test_a_form_that_comes_with_cookies_is_answered_at_once(provider, browser):
    form = {"id_token_hint": log_in(provider, browser), "post_logout_redirect_uri": BYE}
    assert browser.post("/oauth/logout", form).headers["Location"] == BYE


def test_a_form_that_cannot_be_answered_is_not_sent_again(provider):
    form = {"client_id": "own", "post_logout_redirect_uri": "https://evil.example/"}
    answer = another_browser(provider).post("/oauth/logout", form)
    assert answer.status_code == 400
    assert Page.of(answer).all("form") == []


# attacks


def test_a_stranger_cannot_log_somebody_out_with_their_own_hint(provider, browser):
    log_in(provider, browser)
    foreign = log_in(provider, another_browser(provider), username="budi")
    assert Page.of(leave(browser, id_token_hint=foreign)).actions == {"sign_out", "stay"}
    assert is_signed_in(browser)


def test_a_hint_from_another_browser_of_the_same_person_is_not_enough(provider, browser):
    log_in(provider, browser)
    elsewhere = another_browser(provider)
    hint = log_in(provider, elsewhere)
    assert Page.of(leave(browser, id_token_hint=hint)).actions == {"sign_out", "stay"}
    assert is_signed_in(browser)
    assert is_signed_in(elsewhere)


@pytest.mark.parametrize("change", ["", "x", ".."])
def test_a_hint_that_was_changed_leads_nowhere(provider, browser, change):
    hint = log_in(provider, browser)
    broken = hint[:-6] + change
    assert leave(browser, id_token_hint=broken, post_logout_redirect_uri=BYE).status_code == 400
    assert Page.of(leave(browser, id_token_hint=broken)).actions == {"sign_out", "stay"}
    assert is_signed_in(browser)


def test_an_access_token_is_no_hint(provider, browser):
    log_in(provider, browser)
    token = provider.login("ani").json["access_token"]
    assert Page.of(leave(browser, id_token_hint=token)).actions == {"sign_out", "stay"}


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/",
        f"{BYE}/",
        f"{BYE}?x",
        f"{BYE}#x",
        "https://app.example.com@evil.example/bye",
        "https://app.example.com.evil.example/bye",
        "https://APP.example.com/bye",
        "https://app.example.com/x/../bye",
        "https://app.example.com/%62ye",
        "//app.example.com/bye",
        "javascript:alert(1)",
        f"{BYE}\r\nSet-Cookie: a=b",
        f" {BYE}",
        WEB,
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(provider, browser, uri):
    hint = log_in(provider, browser)
    for parameters in ({"id_token_hint": hint}, {"client_id": "own"}, {"id_token_hint": hint, "client_id": "own"}, {}):
        answer = leave(browser, post_logout_redirect_uri=uri, **parameters)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        page = Page.of(answer)
        assert page.all("form") == page.all("iframe") == []
        assert uri.strip() not in [link["href"] for link in page.all("a")]
    assert is_signed_in(browser)


def test_an_address_in_the_form_is_checked_again(provider, browser):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE))
    answer = browser.send(page, "sign_out", post_logout_redirect_uri="https://evil.example/")
    assert answer.status_code == 400
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_a_page_of_another_site_cannot_confirm(provider, browser, headers):
    log_in(provider, browser)
    page = Page.of(leave(browser))
    browser.headers = {}
    answer = browser.post("/oauth/logout", {**page.fields, "action": "sign_out"}, **headers)
    assert answer.status_code == 403
    assert is_signed_in(browser)


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_its_token_asks_again(provider, browser, token):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own", post_logout_redirect_uri=BYE))
    answer = browser.send(page, "sign_out", form_token=token)
    assert Page.of(answer).actions == {"sign_out", "stay"}
    assert is_signed_in(browser)


def test_the_token_of_somebody_elses_form_is_of_no_use(provider, browser):
    stranger = another_browser(provider)
    log_in(provider, stranger, username="budi")
    token = Page.of(leave(stranger)).fields["form_token"]
    log_in(provider, browser)
    answer = browser.send(Page.of(leave(browser)), "sign_out", form_token=token)
    assert answer.status_code == 403
    assert is_signed_in(browser)


def test_the_form_agrees_only_to_what_it_showed(provider, browser):
    log_in(provider, browser)
    page = Page.of(leave(browser, client_id="own"))
    answer = browser.send(page, "sign_out", post_logout_redirect_uri=BYE)
    assert answer.status_code == 403
    assert is_signed_in(browser)


def test_a_parameter_that_is_given_twice_is_refused_on_a_page(browser):
    answer = browser.get("/oauth/logout?client_id=own&client_id=own")
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


def test_a_client_with_an_endless_name_is_nobody(browser):
    assert leave(browser, client_id="x" * 3000).status_code == 400


def test_the_page_is_in_nobodys_frame_and_kept_nowhere(provider, browser):
    log_in(provider, browser)
    answer = leave(browser)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


# what is said of it


def test_the_metadata_says_what_there_is(provider):
    document = provider.get("/.well-known/openid-configuration").json
    assert document["end_session_endpoint"] == f"{provider.settings.issuer}/oauth/logout"
    for member in ("backchannel", "frontchannel"):
        assert document[f"{member}_logout_supported"] is True
        assert document[f"{member}_logout_session_supported"] is True


def test_under_a_shared_secret_there_is_a_page_and_no_back_channel(open_service, sqlite_url):
    service = open_service(sqlite_url, jwt_secret_key="x" * 40)
    document = service.get("/.well-known/openid-configuration").json
    assert document["backchannel_logout_supported"] is False
    assert service.get("/oauth/logout?id_token_hint=a.b.c").status_code == 200


# other ways to end a session


def disable(provider, _token):
    provider.administration.disable("ani")


def change_password(provider, token):
    body = {"current_password": provider.password, "new_password": "teh manis di sore hari"}
    assert provider.post("/password", body, token).status_code == 200


def log_out_everywhere(provider, token):
    assert provider.post("/logout", {"all": True}, token).status_code == 200


def end_one(provider, token):
    for session in provider.get("/sessions", token).json["sessions"]:
        if not session["current"]:
            assert provider.call("DELETE", f"/sessions/{session['id']}", token).status_code == 204


@pytest.mark.parametrize("end", [disable, change_password, log_out_everywhere, end_one])
def test_however_a_session_ends_its_client_hears_of_it(provider, browser, end):
    token = provider.login("ani").json["access_token"]
    log_in(provider, browser)
    end(provider, token)
    assert outbox(provider) == ["own"]


def test_when_somebody_else_signs_in_in_the_same_browser_the_first_one_is_logged_out(provider, browser):
    log_in(provider, browser)
    page = Page.of(browser.get("/signin?other=1"))
    assert browser.sign_in(page, "budi").status_code == 303
    assert outbox(provider) == ["own"]
    assert live_sessions(provider) == 0
