"""A device without a browser: it asks, somebody decides on the page, it gets its tokens."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType
from gapura_auth.store.clients import StoredClient, insert_client

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TELEVISION = Client(
    id="television",
    presentation=ClientPresentation("Television <b>"),
    authentication=ClientAuthentication.NONE,
    grant_types=frozenset({GrantType.DEVICE_CODE, GrantType.REFRESH_TOKEN}),
    scopes=frozenset({"openid", "account", "users:write"}),
)


@dataclass
class Living:
    """A room with a device and a person with a telephone."""

    service: Any
    browser: Any = None

    def begin(self, client_id="television", **form):
        return self.service.call("POST", "/oauth/device_authorization", data={"client_id": client_id} | form)

    def poll(self, codes, client_id="television"):
        form = {"grant_type": GRANT, "client_id": client_id, "device_code": codes["device_code"]}
        return self.service.call("POST", "/oauth/token", data=form)

    def error(self, codes, **options):
        answer = self.poll(codes, **options)
        assert answer.status_code == 400
        return answer.json["error"]

    def open(self, path="/device"):
        if self.browser is None:
            self.browser = self.service.app.test_client()
        return self.browser.get(path)

    def send(self, page, address="198.51.100.7", headers=None, **fields):
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        form = dict(hidden) | fields
        return self.browser.post("/device", data=form, headers=headers or {}, environ_base={"REMOTE_ADDR": address})

    def look(self, user_code, page=None, **fields):
        form = {"username": "ani", "password": self.service.password, "user_code": user_code} | fields
        return self.send(page or self.open(), action="look", **form)


def room_of(service):
    with service.database.write() as connection:
        for client_id in ("television", "radio"):
            client = replace(TELEVISION, id=client_id)
            insert_client(connection, StoredClient(client=client, created_at=service.clock()))
    service.register("ani")
    return Living(service)


@pytest.fixture
def room(service):
    return room_of(service)


@pytest.fixture
def room_on_both(service_on_both):
    return room_of(service_on_both)


def test_a_device_gets_its_tokens_when_somebody_has_said_yes(room_on_both):
    room = room_on_both
    codes = room.begin(scope="openid account").json
    assert set(codes) == {
        "device_code",
        "user_code",
        "verification_uri",
        "verification_uri_complete",
        "expires_in",
        "interval",
    }
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", codes["user_code"])
    assert room.error(codes) == "authorization_pending"
    shown = room.look(codes["user_code"].lower().replace("-", " "))
    assert shown.status_code == 200
    assert "Television &lt;b&gt;" in shown.text
    assert codes["user_code"] in shown.text
    done = room.send(shown, action="allow")
    assert done.status_code == 200
    room.service.clock.advance(5)
    tokens = room.poll(codes)
    assert tokens.status_code == 200, tokens.text
    assert set(tokens.json) >= {"access_token", "refresh_token", "id_token"}
    assert tokens.json["scope"] == "account openid"
    assert room.service.get("/me", tokens.json["access_token"]).json["username"] == "ani"


def test_the_code_in_the_address_is_shown_and_nothing_more(room):
    codes = room.begin().json
    page = room.open(codes["verification_uri_complete"].removeprefix(room.service.settings.issuer))
    assert f'value="{codes["user_code"]}"' in page.text
    assert room.error(codes) == "authorization_pending"


def test_a_device_code_is_good_once_and_its_reuse_ends_the_session(room_on_both, at_once):
    room = room_on_both
    codes = room.begin().json
    room.send(room.look(codes["user_code"]), action="allow")
    answers = at_once(20, lambda _: room.poll(codes))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 19
    (good,) = [answer.json for answer in answers if answer.status_code == 200]
    assert room.service.get("/me", good["access_token"]).status_code == 401


def test_who_asks_too_often_is_told_to_slow_down(room_on_both):
    room, clock = room_on_both, room_on_both.service.clock
    codes = room.begin().json
    answers = []
    for wait in (0, 4, 9, 10, 14, 15):
        clock.advance(wait)
        answers.append(room.error(codes))
    pending, slow = "authorization_pending", "slow_down"
    assert answers == [pending, slow, slow, slow, slow, slow]
    clock.advance(31)
    assert room.error(codes) == pending


def test_a_denied_an_expired_and_another_clients_code_are_told_apart(room):
    denied, expired = room.begin().json, room.begin().json
    assert room.error(denied, client_id="radio") == "invalid_grant"
    assert room.send(room.look(denied["user_code"]), action="deny").status_code == 200
    assert room.error(denied) == "access_denied"
    room.service.clock.advance(600)
    assert room.error(expired) == "expired_token"
    assert room.error({"device_code": "garbage"}) == "invalid_grant"
    assert room.look(expired["user_code"]).status_code == 403


def test_a_decision_is_made_once(room):
    codes = room.begin().json
    shown = room.look(codes["user_code"])
    assert room.send(shown, action="allow").status_code == 200
    assert room.send(shown, action="deny").status_code == 403
    assert room.poll(codes).status_code == 200


def test_only_what_the_person_may_give_is_shown_and_granted(room):
    codes = room.begin().json
    shown = room.look(codes["user_code"])
    assert "users:write" not in shown.text
    room.send(shown, action="allow")
    assert room.poll(codes).json["scope"] == "account openid"


def test_a_form_of_another_site_or_another_browser_decides_nothing(room):
    codes = room.begin().json
    shown = room.look(codes["user_code"])
    foreign = room.send(shown, action="allow", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert room.send(shown, action="allow", form_token="0" * 64).status_code == 403
    assert room.send(shown, action="allow", user_code=room.begin().json["user_code"]).status_code == 403
    room.browser = room.service.app.test_client()
    room.open()
    assert room.send(shown, action="allow").status_code == 403
    assert room.error(codes) == "authorization_pending"


def test_guessing_at_user_codes_becomes_slow(room):
    codes = room.begin().json
    statuses = [room.look(f"BBBB-BBB{letter}").status_code for letter in "BCDFGHJ"]
    assert statuses == [403] * 5 + [429] * 2
    blocked = room.look(codes["user_code"])
    assert blocked.status_code == 429
    assert blocked.headers["Retry-After"]
    room.service.clock.advance(5)
    assert room.look(codes["user_code"]).status_code == 200


def test_without_the_right_password_no_code_is_looked_up(room):
    codes = room.begin().json
    wrong = room.look(codes["user_code"], password="wrong")
    assert wrong.status_code == 403
    assert "Television" not in wrong.text
    statuses = [room.look(codes["user_code"], password="wrong").status_code for _ in range(10)]
    assert statuses[-1] == 429


def test_a_wrong_code_signs_in_all_the_same(room):
    codes = room.begin().json
    assert room.look("BBBB-BBBB").status_code == 403
    page = room.open()
    assert "password" not in page.text
    assert room.look(codes["user_code"], page, username="", password="").status_code == 200


@pytest.mark.parametrize("typed", ["", "AEIO-UAEI", "BBBB", "x" * 5000, "B\0BBBBBBB"])
def test_what_is_no_code_is_refused(room, typed):
    assert room.look(typed).status_code == 403


def test_a_stale_form_is_shown_again(room):
    codes = room.begin().json
    page = room.open()
    assert room.send(page, action="look", form_token="x", user_code=codes["user_code"]).status_code == 403
    assert room.send(page, action="allow", user_code=codes["user_code"]).status_code == 403


def test_somebody_who_was_disabled_meanwhile_decides_nothing(room):
    codes = room.begin().json
    shown = room.look(codes["user_code"])
    room.service.administration.disable("ani")
    assert room.send(shown, action="allow").status_code == 403
    assert room.error(codes) == "authorization_pending"


@pytest.mark.parametrize(
    ("form", "error"),
    [({"scope": "products:write"}, "invalid_scope"), ({"resource": "https://unknown.example"}, "invalid_target")],
)
def test_a_device_cannot_ask_for_what_its_client_may_not_have(room, form, error):
    answer = room.begin(**form)
    assert (answer.status_code, answer.json["error"]) == (400, error)


def test_a_client_must_be_registered_for_device_codes(room):
    with room.service.database.write() as connection:
        client = replace(TELEVISION, id="web", grant_types=frozenset({GrantType.REFRESH_TOKEN}))
        insert_client(connection, StoredClient(client=client, created_at=0.0))
    assert room.begin("web").json["error"] == "unauthorized_client"


def test_two_devices_never_show_the_same_code(room, monkeypatch):
    letters = iter("B" * 8 + "B" * 8 + "C" * 8)
    monkeypatch.setattr("gapura_auth.oauth.device_codes.secrets.choice", lambda _: next(letters, "B"))
    assert room.begin().json["user_code"] == "BBBB-BBBB"
    assert room.begin().json["user_code"] == "CCCC-CCCC"
    assert room.begin().json["error"] == "temporarily_unavailable"
