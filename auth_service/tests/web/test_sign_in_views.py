"""Signing in on a page, and everything that somebody else's page might try with it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import FIRST_PARTY, Browser, Page, client_of, register_client, response_at

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:5000"},
    {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:5000"},
]


@pytest.fixture
def provider(service):
    assert service.register("ani", email="ani@example.com").status_code == 201
    assert service.register("budi").status_code == 201
    register_client(service, client_of())
    register_client(service, client_of("own", rules=FIRST_PARTY))
    return service


@pytest.fixture
def browser(provider):
    return Browser(provider.app.test_client())


@pytest.fixture
def page(browser):
    return Page.of(browser.get("/signin"))


def test_somebody_can_sign_in_without_a_client(browser, page):
    answer = browser.sign_in(page)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin")
    assert "Anda masuk sebagai ani" in browser.follow(answer).text
    assert browser.follow(browser.get("/signin?other=1")).actions == {"sign_in"}


def test_a_login_is_written_down(browser, page, provider):
    browser.sign_in(page)
    ((actor, target, address),) = provider.rows(
        "SELECT actor, target, address FROM audit_events WHERE action = 'login.succeeded'"
    )
    assert [tuple(row) for row in provider.rows("SELECT account_id, id FROM browser_sessions")] == [(actor, target)]
    assert address == "198.51.100.7"


def test_the_cookies_are_out_of_reach_for_scripts_and_other_sites(browser, page):
    cookies = [*page.answer.headers.getlist("Set-Cookie"), *browser.sign_in(page).headers.getlist("Set-Cookie")]
    assert [cookie.split("=")[0] for cookie in cookies] == ["gapura-browser", "gapura"]
    for cookie in cookies:
        attributes = set(cookie.split("; ")[1:])
        assert attributes == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_with_tls_no_other_host_of_the_domain_can_set_them(open_service, sqlite_url):
    service = open_service(sqlite_url, issuer="https://login.example.com")
    service.register("ani")
    browser = Browser(service.app.test_client())
    page = Page.of(browser.client.get("/signin", base_url="https://login.example.com"))
    (cookie,) = page.answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-gapura-browser=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}
    answer = browser.client.post(
        "/signin",
        data={**page.fields, "action": "sign_in", "username": "ani", "password": service.password},
        headers={"Origin": "https://login.example.com"},
        base_url="https://login.example.com",
    )
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-gapura=")
    assert "Strict-Transport-Security" in answer.headers


def test_every_login_gets_a_cookie_of_its_own(browser, page, provider):
    # fixation: what somebody has placed in the browser beforehand is never what signs in
    planted = "gpr_bs_" + "A" * 49
    browser.client.set_cookie("gapura", planted)
    assert browser.sign_in(page).status_code == 303
    first = browser.cookie("gapura")
    assert first != planted
    ((session,),) = provider.rows("SELECT id FROM browser_sessions")
    provider.clock.advance(10)
    assert browser.sign_in(browser.follow(browser.get("/signin?other=1"))).status_code == 303
    assert browser.cookie("gapura") not in {first, planted}
    # the same person in the same browser: the same login, under another cookie
    assert [tuple(row) for row in provider.rows("SELECT id, revoked_at FROM browser_sessions")] == [(session, None)]
    stale = Browser(provider.app.test_client())
    stale.client.set_cookie("gapura", first)
    assert stale.follow(stale.get("/signin")).actions == {"sign_in"}


def test_another_persons_login_ends_when_somebody_takes_over_the_browser(browser, page, provider):
    browser.sign_in(page)
    first = browser.cookie("gapura")
    browser.sign_in(browser.follow(browser.get("/signin?other=1")), "budi")
    browser.client.set_cookie("gapura", first)
    assert browser.follow(browser.get("/signin")).actions == {"sign_in"}
    assert len(provider.rows("SELECT 1 FROM browser_sessions WHERE revoked_at IS NULL")) == 1


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ani", "wrong"),
        ("nobody", "kopi tubruk di pagi hari"),
        ("", ""),
        ("ani\u0000", "kopi tubruk di pagi hari"),
        ("a" * 5000, "x" * 5000),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(browser, page, username, password):
    answer = Page.of(browser.sign_in(page, username, password))
    assert answer.answer.status_code == 403
    assert "Nama atau kata sandi salah" in answer.text
    assert browser.cookie("gapura") is None


def test_a_disabled_account_is_told_the_same(browser, page, provider):
    provider.administration.disable("ani")
    assert "Nama atau kata sandi salah" in Page.of(browser.sign_in(page)).text


def test_what_was_typed_stands_in_the_form_again_and_the_password_does_not(browser, page):
    answer = Page.of(browser.sign_in(page, '"><script>alert(1)</script>', "geheim-geheim"))
    assert answer.fields["username"] == '"><script>alert(1)</script>'
    assert "<script>" not in answer.answer.text
    assert answer.fields["password"] == ""
    assert "geheim" not in answer.answer.text


def test_guessing_is_slowed_down_and_said_when_to_come_back(browser, page):
    for _ in range(10):
        assert browser.sign_in(page, "ani", "wrong").status_code == 403
    answer = browser.sign_in(page)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert f"Tunggu {answer.headers['Retry-After']} detik" in Page.of(answer).text


def test_a_storm_of_logins_is_told_to_come_back(open_service, sqlite_url, monkeypatch):
    from gapura_auth.credentials import HashingSlots, TooBusy  # noqa: PLC0415 -- beside their only use

    def refuse(_self):
        raise TooBusy(retry_after=2)

    browser = Browser(open_service(sqlite_url).app.test_client())
    page = Page.of(browser.get("/signin"))
    monkeypatch.setattr(HashingSlots, "acquire", refuse)
    answer = browser.sign_in(page)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "banyak sekali orang" in Page.of(answer).text


def test_a_clients_hint_stands_in_the_form_and_nothing_of_it_is_markup(browser):
    page = browser.follow(browser.authorize(login_hint='ani"><img src=x onerror=alert(1)>'))
    assert page.fields["username"] == 'ani"><img src=x onerror=alert(1)>'
    assert page.all("img") == []


def test_a_form_of_another_site_is_not_used(browser, page, provider):
    for headers in FOREIGN:
        answer = browser.post("/signin", {**page.fields, "action": "sign_in", "username": "ani"}, **headers)
        assert answer.status_code == 403, headers
        assert "tidak dikirim dari halaman kami" in Page.of(answer).text
    browser.headers = {}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:5001", "http://127.0.0.1:5000.evil.example"):
        answer = browser.post("/signin", page.fields, Origin=origin)
        assert answer.status_code == 403, origin
    assert browser.cookie("gapura") is None
    assert provider.rows("SELECT 1 FROM browser_sessions") == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1:5000"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_form_of_ours_is_used_whatever_the_browser_says_of_it(browser, page, headers):
    browser.headers = headers
    assert browser.sign_in(page).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "é"])
def test_without_the_token_of_this_browser_a_form_is_not_used(browser, page, token):
    answer = browser.send(page, "sign_in", form_token=token, username="ani", password="kopi tubruk di pagi hari")
    assert answer.status_code == 403
    assert "tidak berlaku" in Page.of(answer).text
    assert browser.cookie("gapura") is None


def test_the_form_of_an_attackers_browser_signs_nobody_in(browser, page, provider):
    # login CSRF: the attacker's own token and name, in the victim's browser
    attacker = Browser(provider.app.test_client())
    theirs = Page.of(attacker.get("/signin"))
    browser.headers = {}
    answer = browser.post(
        "/signin", {**theirs.fields, "action": "sign_in", "username": "budi", "password": provider.password}
    )
    assert page.fields["form_token"] != theirs.fields["form_token"]
    assert answer.status_code == 403
    assert browser.cookie("gapura") is None


def test_a_form_without_cookies_is_shown_again_and_then_works(provider, page):
    fresh = Browser(provider.app.test_client())
    answer = fresh.sign_in(page)
    assert answer.status_code == 403
    assert fresh.sign_in(Page.of(answer)).status_code == 303


def test_an_unknown_action_does_nothing(browser, page):
    assert browser.send(page, "delete", username="ani", password="kopi tubruk di pagi hari").status_code == 403
    assert browser.send(page, "cancel").status_code == 400
    assert browser.send(page, "continue").status_code == 403
    assert browser.cookie("gapura") is None


def test_nobody_goes_on_as_an_account_that_was_not_shown(browser, page):
    browser.sign_in(page)
    choice = browser.follow(browser.authorize(client_id="own", prompt="select_account"))
    browser.sign_in(browser.follow(browser.get("/signin?other=1")), "budi")
    assert browser.send(choice, "continue").status_code == 403
    again = browser.follow(browser.get(f"/signin?interaction={choice.fields['interaction']}"))
    assert "Lanjutkan sebagai budi" in again.text
    assert "code" in response_at(browser.send(again, "continue"))


def test_there_is_no_parameter_that_leads_elsewhere(browser, page):
    for name in ("next", "redirect", "redirect_uri", "return_to", "continue", "url"):
        target = "https://evil.example/"
        answer = browser.post(
            f"/signin?{name}={target}",
            {
                **page.fields,
                "action": "sign_in",
                "username": "ani",
                "password": "kopi tubruk di pagi hari",
                name: target,
            },
        )
        assert answer.headers["Location"] == "/signin"
        assert "evil" not in browser.get(f"/signin?{name}={target}").text


def test_a_login_ends_after_a_day_without_use_and_after_two_weeks_with_it(browser, page, provider):
    browser.sign_in(page)
    provider.clock.advance(24 * 3600)
    assert browser.follow(browser.get("/signin")).actions == {"sign_in"}
    browser.sign_in(browser.follow(browser.get("/signin")))
    for _ in range(27):
        provider.clock.advance(12 * 3600)
        assert "Anda masuk sebagai" in browser.follow(browser.get("/signin")).text
    provider.clock.advance(12 * 3600)
    assert browser.follow(browser.get("/signin")).actions == {"sign_in"}


def test_reading_pages_writes_at_most_once_a_minute(browser, page, provider):
    def seen():
        ((at,),) = provider.rows("SELECT last_seen_at FROM browser_sessions")
        return at

    browser.sign_in(page)
    began = seen()
    provider.clock.advance(59)
    browser.get("/signin")
    assert seen() == began
    provider.clock.advance(1)
    browser.get("/signin")
    assert seen() == began + 60


def test_a_new_password_ends_every_login_in_a_browser(browser, page, provider):
    browser.sign_in(page)
    provider.clock.advance(1)
    token = provider.tokens("ani")["access_token"]
    body = {"current_password": provider.password, "new_password": "teh manis di sore hari"}
    assert provider.post("/password", body, token).status_code == 200
    assert browser.follow(browser.get("/signin")).actions == {"sign_in"}


def test_logging_out_everywhere_ends_every_login_in_a_browser(browser, page, provider):
    browser.sign_in(page)
    token = provider.tokens("ani")["access_token"]
    assert provider.post("/logout", {"all": True}, token).status_code == 200
    assert browser.follow(browser.get("/signin")).actions == {"sign_in"}
