"""From a client to a client, as a browser goes: every journey, and every way to lead one astray."""

import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import (
    FIRST_PARTY,
    ISSUER,
    REQUEST,
    WEB,
    Browser,
    Page,
    client_of,
    register_client,
    response_at,
)

from gapura_auth.credentials import digest_of
from gapura_auth.oauth.authorization_codes import StoredCode, use_code
from gapura_auth.oauth.clients import ClientRules
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.store.authorization_codes import SqlAuthorizationCodes
from gapura_auth.store.clients import replace_client


def prepared(service):
    assert service.register("ani").status_code == 201
    assert service.register("budi").status_code == 201
    register_client(service, client_of())
    register_client(service, client_of("own", rules=FIRST_PARTY))
    return service


@pytest.fixture
def provider(service):
    return prepared(service)


@pytest.fixture
def browser(provider):
    return Browser(provider.app.test_client())


@pytest.fixture
def ani(browser):
    """Give a browser in which ani is signed in."""
    assert browser.sign_in(browser.follow(browser.authorize(client_id="own"))).status_code == 303
    return browser


def refused(answer):
    """Return the code of an error that is shown on a page, to nobody but the person."""
    page = Page.of(answer)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert page.all("form") == []
    return page.text


def code_of(service, answer):
    with service.database.write() as connection:
        return use_code(SqlAuthorizationCodes(connection), response_at(answer)["code"], service.clock())


def test_from_the_client_through_sign_in_and_consent_back_to_the_client(service_on_both):
    service = prepared(service_on_both)
    browser = Browser(service.app.test_client())
    page = browser.follow(browser.authorize(nonce="n"))
    assert page.answer.status_code == 200
    assert "Toko Kopi" in page.text
    consent = browser.follow(browser.sign_in(page))
    assert consent.actions == {"allow", "deny"}
    answer = browser.send(consent, "allow")
    response = response_at(answer)
    assert set(response) == {"code", "iss", "state"}
    assert (response["iss"], response["state"]) == (ISSUER, "the state")
    code = code_of(service, answer)
    assert isinstance(code, StoredCode)
    assert (code.client_id, code.redirect_uri, code.code_challenge) == ("web", WEB, REQUEST["code_challenge"])
    ((granted, session, login),) = service.rows(
        "SELECT s.granted, s.browser_session_id, b.id FROM sessions s, browser_sessions b"
    )
    assert session == login
    granted = GrantedAuthorization.from_json(granted)
    assert (granted.scopes, granted.nonce) == ({"openid", "profile"}, "n")
    assert (granted.login.at, granted.login.amr, granted.login.acr) == (service.clock(), ("pwd",), "1")
    # the second time nothing is asked, not even to sign in
    assert "code" in response_at(browser.authorize())
    assert "code" in response_at(browser.authorize(prompt="none"))
    # more is asked for: only that is new
    more = browser.follow(browser.authorize(scope="openid profile email"))
    assert more.text.count("baru") == 1
    assert "code" in response_at(browser.send(more, "allow"))
    assert [tuple(row) for row in service.rows("SELECT client_id, scope FROM consents")] == [
        ("web", "email openid profile")
    ]


def test_nobody_is_asked_for_consent_by_our_own_client(browser):
    page = browser.follow(browser.authorize(client_id="own"))
    assert "code" in response_at(browser.sign_in(page))


@pytest.mark.parametrize(("action", "where"), [("cancel", "sign-in"), ("deny", "consent")])
def test_a_person_can_say_no(browser, action, where):
    page = browser.follow(browser.authorize())
    if where == "consent":
        page = browser.follow(browser.sign_in(page))
    response = response_at(browser.send(page, action))
    assert response["error"] == "access_denied"
    assert (response["iss"], response["state"]) == (ISSUER, "the state")
    # and it is over: neither the form nor the page goes on
    assert "peramban lain" in refused(browser.send(page, action))
    assert "peramban lain" in refused(browser.get(f"/signin?{urlencode({'interaction': page.fields['interaction']})}"))


def test_a_form_that_is_sent_twice_gives_one_code(browser, provider):
    page = browser.follow(browser.authorize(client_id="own"))
    assert "code" in response_at(browser.sign_in(page))
    refused(browser.sign_in(page))
    assert len(provider.rows("SELECT 1 FROM authorization_codes")) == 1


def test_of_many_consents_at_the_same_moment_one_gives_a_code(service_on_both, at_once):
    service = prepared(service_on_both)
    browser = Browser(service.app.test_client())
    consent = browser.follow(browser.sign_in(browser.follow(browser.authorize())))
    cookies = {name: browser.cookie(name) for name in ("gapura", "gapura-browser")}

    def allow(_):
        other = Browser(service.app.test_client())
        for name, value in cookies.items():
            other.client.set_cookie(name, value)
        return other.send(consent, "allow").status_code

    assert sorted(at_once(8, allow)) == [303] + [400] * 7
    assert len(service.rows("SELECT 1 FROM authorization_codes")) == 1


# what a client may not make us do

TRICKS = [
    "https://evil.example/",
    WEB + "/../evil",
    WEB + "/%2e%2e/evil",
    WEB + "?next=https://evil.example/",
    WEB + "#fragment",
    WEB + "/",
    "https://app.example.com./callback",
    "https://app.example.com:8443/callback",
    "https://app.example.com:443/callback",
    "https://app.example.com@evil.example/callback",
    "https://evil@app.example.com/callback",
    "HTTPS://APP.EXAMPLE.COM/callback",
    "https://app.example.com/CALLBACK",
    "https://app.example.com/%63allback",
    "//evil.example/",
    "/signin",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:9000/",
]


@pytest.mark.parametrize("prompt", [None, "none"])
def test_an_address_that_is_not_the_clients_is_never_gone_to(ani, prompt):
    for trick in TRICKS:
        assert "redirect_uri is not registered" in refused(ani.authorize(redirect_uri=trick, prompt=prompt)), trick


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"client_id": "web\u0000"},
        {"client_id": "<script>alert(1)</script>"},
        {"client_id": "x" * 3000},
        {"redirect_uri": None},
        {"state": "s" * 4097},
        {"request_uri": "https://evil.example/request.jwt", "redirect_uri": None},
        {"request": "a.b.c", "redirect_uri": None},
        {"request": "a.b.c", "redirect_uri": "https://evil.example/"},
        {"redirect_uri": "https://evil.example/", "response_type": "token"},
        {"redirect_uri": "https://evil.example/", "response_mode": "form_post"},
    ],
)
def test_what_is_wrong_before_the_address_is_known_is_shown_to_the_person(browser, changes):
    page = Page.of(browser.authorize(**changes))
    assert page.answer.status_code == 400
    assert "<script>alert" not in page.answer.text
    assert "evil.example" not in page.answer.text


def test_a_parameter_that_is_given_twice_is_refused_on_a_page(browser):
    query = urlencode([*REQUEST.items(), ("redirect_uri", "https://evil.example/")])
    assert "more than once" in refused(browser.get(f"/oauth/authorize?{query}"))


def test_what_is_not_utf_8_or_has_no_end_is_refused_on_a_page(browser):
    refused(browser.get("/oauth/authorize?client_id=%ff"))
    refused(browser.get("/oauth/authorize?" + "&".join(f"p{number}=1" for number in range(101))))
    assert browser.get("/oauth/authorize?" + "x" * 9000).status_code == 414


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "nothing"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "a.b.c"}, "invalid_request_object"),
        ({"request_uri": "https://evil.example/"}, "invalid_request_uri"),
        ({"resource": "https://unknown.example/"}, "invalid_target"),
        ({"scope": "products:write"}, "access_denied"),
    ],
)
def test_what_is_wrong_after_that_is_told_to_the_client_with_its_state_and_our_name(ani, changes, code):
    for mode in ("query", "form_post"):
        answer = ani.authorize(**changes, response_mode=mode, client_id="own")
        response = response_at(answer) if mode == "query" else Page.of(answer).fields
        assert set(response) == {"error", "error_description", "iss", "state"}
        assert (response["error"], response["iss"], response["state"]) == (code, ISSUER, "the state")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "consent_required"),
        ({"max_age": "0"}, "login_required"),
        ({"id_token_hint": "a.b.c"}, "login_required"),
        ({"claims": '{"id_token": {"sub": {"value": "budi"}}}'}, "login_required"),
        (
            {"client_id": "own", "claims": '{"id_token": {"acr": {"essential": true, "value": "2"}}}'},
            "unmet_authentication_requirements",
        ),
    ],
)
def test_with_prompt_none_no_page_is_ever_shown(ani, provider, changes, code):
    provider.clock.advance(1)
    assert response_at(ani.authorize(**changes, prompt="none"))["error"] == code
    posted = Page.of(ani.authorize(**changes, prompt="none", response_mode="form_post"))
    assert (posted.fields["error"], posted.action) == (code, WEB)


def test_with_prompt_none_somebody_who_is_not_signed_in_sees_nothing(browser, provider):
    assert response_at(browser.authorize(prompt="none"))["error"] == "login_required"
    assert provider.rows("SELECT 1 FROM authorization_requests WHERE kind = 'interaction'") == []


def test_the_answer_can_be_posted_to_the_client_also_without_a_script(ani):
    state = '"><script>alert(1)</script>'
    answer = ani.authorize(client_id="own", response_mode="form_post", state=state, ui_locales="en")
    page = Page.of(answer)
    assert "You are being sent on" in page.text
    assert answer.status_code == 200
    assert (page.action, page.all("form")[0]["method"]) == (WEB, "post")
    assert set(page.fields) == {"code", "iss", "state"}
    assert page.fields["state"] == state
    assert "<script>alert" not in answer.text
    assert len(page.all("button")) == 1
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self' https:;" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
def test_somebody_is_asked_to_sign_in_again_exactly_once(ani, provider, changes):
    provider.clock.advance(61)
    page = ani.follow(ani.authorize(client_id="own", **changes))
    assert "sekali lagi" in page.text
    assert "code" in response_at(ani.sign_in(page))
    ((granted,),) = provider.rows("SELECT granted FROM sessions ORDER BY last_seen_at DESC LIMIT 1")
    assert GrantedAuthorization.from_json(granted).login.at == provider.clock()


def test_an_account_can_be_chosen_or_changed(ani):
    page = ani.follow(ani.authorize(client_id="own", prompt="select_account"))
    assert "Lanjutkan sebagai ani" in page.text
    other = ani.follow(ani.get(page.link("other=1")))
    assert "code" in response_at(ani.send(page, "continue"))
    page = ani.follow(ani.authorize(client_id="own", prompt="select_account"))
    other = ani.follow(ani.get(page.link("other=1")))
    assert "code" in response_at(ani.sign_in(other, "budi"))
    assert "Lanjutkan sebagai budi" in ani.follow(ani.authorize(prompt="select_account")).text


def test_a_choice_can_be_cancelled_too(ani):
    page = ani.follow(ani.authorize(client_id="own", prompt="select_account"))
    assert response_at(ani.send(page, "cancel"))["error"] == "access_denied"


def test_somebody_else_than_the_hint_names_is_asked_and_then_refused(ani, provider):
    ((budi,),) = provider.rows("SELECT id FROM accounts WHERE username = 'budi'")
    claims = f'{{"id_token": {{"sub": {{"value": "{budi}"}}}}}}'
    page = ani.follow(ani.authorize(client_id="own", claims=claims))
    assert "akun lain" in page.text
    assert response_at(ani.sign_in(page, "ani"))["error"] == "login_required"
    page = ani.follow(ani.authorize(client_id="own", claims=claims))
    assert "code" in response_at(ani.sign_in(page, "budi"))


def test_a_request_may_come_by_a_form_of_the_clients_page(provider, ani):
    # cookies do not come along from another site: the browser is sent round, and then they do
    stranger = Browser(provider.app.test_client())
    answer = stranger.post(
        "/oauth/authorize", REQUEST, **{"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example.com"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/oauth/authorize?")
    assert "Toko Kopi" in ani.follow(ani.get(answer.headers["Location"])).text
    direct = ani.post("/oauth/authorize", {**REQUEST, "client_id": "own"}, **{"Sec-Fetch-Site": "cross-site"})
    assert "code" in response_at(direct)


def test_a_form_that_is_too_long_for_an_address_is_taken_as_it_is(provider):
    stranger = Browser(provider.app.test_client())
    answer = stranger.post("/oauth/authorize", {**REQUEST, "id_token_hint": "x" * 20_000})
    assert stranger.follow(answer).actions == {"sign_in", "cancel"}


def test_a_body_that_is_no_form_is_refused_on_a_page(browser):
    refused(browser.client.post("/oauth/authorize", json=REQUEST))


def test_a_link_to_somebody_elses_request_is_of_no_use(provider, browser):
    attacker = Browser(provider.app.test_client())
    page = attacker.follow(attacker.authorize())
    address = f"/signin?{urlencode({'interaction': page.fields['interaction']})}"
    assert "peramban lain" in refused(browser.get(address))
    # not even with the attacker's whole form
    victim = browser.follow(browser.authorize())
    stolen = {**victim.fields, "interaction": page.fields["interaction"]}
    answer = browser.post("/signin", {**stolen, "action": "sign_in", "username": "ani", "password": provider.password})
    assert answer.status_code in {400, 403}
    assert browser.cookie("gapura") is None


def test_two_tabs_do_not_disturb_each_other(browser):
    first, second = (browser.follow(browser.authorize(state=tab)) for tab in ("one", "two"))
    consent = browser.follow(browser.sign_in(first))
    assert response_at(browser.send(consent, "allow"))["state"] == "one"
    assert response_at(browser.sign_in(second))["state"] == "two"


def test_a_tab_that_waits_goes_on_after_a_login_in_another_one(ani):
    waiting = ani.follow(ani.authorize())
    consent = ani.follow(ani.authorize())
    assert "code" in response_at(ani.send(consent, "allow"))
    assert "code" in response_at(ani.get(f"/consent?interaction={waiting.fields['interaction']}"))


def test_a_page_expires(browser, provider):
    page = browser.follow(browser.authorize())
    provider.clock.advance(3600)
    refused(browser.sign_in(page))


def test_a_request_whose_client_has_lost_its_rights_meanwhile_is_not_gone_on_with(browser, provider):
    page = browser.follow(browser.authorize())
    replaced = client_of(scopes=frozenset({"email"}))
    with provider.database.write() as connection:
        assert replace_client(connection, replaced)
    provider.clock.advance(2)
    refused(browser.sign_in(page))
    assert browser.cookie("gapura") is None


def test_a_person_is_sent_on_by_get_and_nothing_of_the_way_is_kept(ani):
    answer = ani.authorize(client_id="own")
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"


def test_a_client_that_must_push_its_requests_gets_none_from_a_browser(provider, ani):
    register_client(provider, client_of("strict", rules=ClientRules(par_required=True, first_party=True)))
    assert response_at(ani.authorize(client_id="strict"))["error"] == "invalid_request"


def test_a_native_application_listens_on_any_port(provider, ani):
    register_client(provider, client_of("native", redirect_uris=("http://127.0.0.1/cb",), rules=FIRST_PARTY))
    address = "http://127.0.0.1:51004/cb"
    assert "code" in response_at(ani.authorize(client_id="native", redirect_uri=address), address)
    confidential = ClientAuthentication.SECRET_BASIC
    register_client(provider, client_of("server", redirect_uris=("http://127.0.0.1/cb",), authentication=confidential))
    refused(ani.authorize(client_id="server", redirect_uri=address))


def test_a_login_that_ended_meanwhile_gives_no_code(ani, provider):
    consent = ani.follow(ani.authorize())
    provider.administration.disable("ani")
    page = ani.follow(ani.send(consent, "allow"))
    assert page.actions == {"sign_in", "cancel"}
    assert len(provider.rows("SELECT 1 FROM authorization_codes")) == 1  # the one of the fixture


def test_a_code_is_kept_only_as_a_digest(ani, provider):
    code = response_at(ani.authorize(client_id="own"))["code"]
    digests = {bytes(row.digest) for row in provider.rows("SELECT digest FROM authorization_codes")}
    assert digest_of(code) in digests
