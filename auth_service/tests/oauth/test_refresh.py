"""The rules of rotation, over a store in memory, and over both databases with everything around it."""

import base64
from dataclasses import dataclass, field, replace

import orjson
import pytest

from gapura_auth.credentials import new_token
from gapura_auth.oauth import refresh as rotation
from gapura_auth.oauth.grants import BEARER, Grant, KeyBinding
from gapura_auth.oauth.ports import StoredRefreshToken
from gapura_auth.oauth.refresh import Presenter, Refreshed, RefreshPolicy, Refused, issue_refresh_token

POLICY = RefreshPolicy(lifetime=3600, grace=30)
GRANT = Grant(
    subject="a",
    username="ani",
    client_id="gapura",
    session_id="s",
    audience=("gapura",),
    scopes=frozenset({"account"}),
    ends_at=10_000.0,
)


@dataclass
class MemoryStore:
    """Refresh tokens in a dictionary; counts how often it is asked."""

    binding: KeyBinding = BEARER
    tokens: dict[bytes, StoredRefreshToken] = field(default_factory=dict)
    successors: dict[bytes, bytes] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    asked: int = 0

    def find(self, digest):
        self.asked += 1
        token = self.tokens.get(digest)
        if token is None:
            return None
        successor = self.tokens.get(self.successors.get(digest, b""))
        return replace(token, successor_consumed=successor is not None and successor.consumed_at is not None)

    def add(self, digest, session_id, expires_at, now):
        assert now >= 0
        self.tokens[digest] = StoredRefreshToken(
            digest=digest, session_id=session_id, client_id="gapura", binding=self.binding, expires_at=expires_at
        )

    def consume(self, used, successor, now):
        if self.tokens[used.digest].consumed_at is not None:
            return False
        self.tokens[used.digest] = replace(used, consumed_at=now, successor_sealed=successor.sealed)
        self.successors[used.digest] = successor.digest
        self.add(successor.digest, used.session_id, successor.expires_at, now)
        return True

    def live_grant(self, session_id, now):
        return None if session_id in self.ended or now >= GRANT.ends_at else GRANT

    def end_session(self, session_id, now, because):
        assert now >= 0
        assert because == "refresh token reused"
        self.ended.append(session_id)


def refresh(store, policy, token, now, presenter=Presenter("gapura")):  # noqa: B008 -- a frozen value
    return rotation.refresh(store, policy, token, presenter, now)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def token(store):
    return issue_refresh_token(store, POLICY, "s", GRANT.ends_at, 0.0)


def test_each_use_gives_another_token(store, token):
    seen = {token}
    for now in range(1, 6):
        outcome = refresh(store, POLICY, token, float(now))
        assert isinstance(outcome, Refreshed)
        assert outcome.refresh_token not in seen
        token = outcome.refresh_token
        seen.add(token)
    assert store.ended == []


@pytest.mark.parametrize("later", [0, 15, 30])
def test_within_the_grace_a_repetition_gets_the_same_token(store, token, later):
    first = refresh(store, POLICY, token, 100.0)
    second = refresh(store, POLICY, token, 100.0 + later)
    assert isinstance(first, Refreshed)
    assert first == second


def test_after_the_grace_a_repetition_ends_the_session(store, token):
    successor = refresh(store, POLICY, token, 100.0).refresh_token
    assert refresh(store, POLICY, token, 130.5) == Refused(reused_session="s")
    assert store.ended == ["s"]
    assert refresh(store, POLICY, successor, 131.0) == Refused()


def test_a_repetition_after_the_successor_was_used_ends_the_session_even_within_the_grace(store, token):
    successor = refresh(store, POLICY, token, 100.0).refresh_token
    assert isinstance(refresh(store, POLICY, successor, 101.0), Refreshed)
    assert refresh(store, POLICY, token, 102.0) == Refused(reused_session="s")


def test_only_the_immediate_predecessor_counts(store, token):
    second = refresh(store, POLICY, token, 100.0).refresh_token
    third = refresh(store, POLICY, second, 101.0).refresh_token
    assert refresh(store, POLICY, second, 102.0).refresh_token == third
    assert refresh(store, POLICY, token, 103.0) == Refused(reused_session="s")


def test_without_a_grace_every_repetition_ends_the_session(store, token):
    strict = RefreshPolicy(lifetime=3600, grace=0)
    refresh(store, strict, token, 100.0)
    assert refresh(store, strict, token, 100.1) == Refused(reused_session="s")


def test_a_token_expires_when_it_is_not_used(store, token):
    assert refresh(store, POLICY, token, 3600.0) == Refused()
    assert isinstance(refresh(store, POLICY, token, 3599.0), Refreshed)


def test_no_token_outlives_its_session(store):
    token = issue_refresh_token(store, RefreshPolicy(lifetime=99_999, grace=30), "s", GRANT.ends_at, 0.0)
    assert next(iter(store.tokens.values())).expires_at == GRANT.ends_at
    assert refresh(store, POLICY, token, GRANT.ends_at) == Refused()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "gpr_rt_",
        new_token("gpr_at").text,
        new_token("gpr_rt").text[:-1],
        new_token("gpr_rt").text[:-1] + "!",
        new_token("gpr_rt").text + " ",
        "ÿ" * 1000,
        "eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
    ],
    ids=["empty", "x", "prefix", "other prefix", "short", "exclamation", "blank", "endless", "jwt"],
)
def test_garbage_is_refused_without_a_query(store, text):
    assert refresh(store, POLICY, text, 1.0) == Refused()
    assert store.asked == 0


def test_a_token_that_was_never_issued_is_refused(store):
    assert refresh(store, POLICY, new_token("gpr_rt").text, 1.0) == Refused()
    assert store.asked == 1


def test_the_successor_is_kept_so_that_only_the_token_opens_it(store, token):
    successor = refresh(store, POLICY, token, 1.0).refresh_token
    for stored in store.tokens.values():
        assert token.encode() not in repr(stored).encode()
        assert successor.encode() not in repr(stored).encode()


BOUND = KeyBinding(jkt="key")
WITH_CERTIFICATE = KeyBinding(x5t_s256="certificate")


@pytest.mark.parametrize(
    ("bound", "presenter", "may"),
    [
        (BEARER, Presenter("gapura"), True),
        (BEARER, Presenter("other"), False),
        (BEARER, Presenter("gapura", BOUND), True),
        (BOUND, Presenter("gapura", BOUND), True),
        (BOUND, Presenter("other", BOUND), False),
        (BOUND, Presenter("gapura"), False),
        (BOUND, Presenter("gapura", KeyBinding(jkt="another")), True),
        (BOUND, Presenter("gapura", KeyBinding(jkt="another"), is_authenticated=False), False),
        (BOUND, Presenter("gapura", BOUND, is_authenticated=False), True),
        (WITH_CERTIFICATE, Presenter("gapura"), False),
        (WITH_CERTIFICATE, Presenter("gapura", KeyBinding(x5t_s256="renewed")), True),
        (WITH_CERTIFICATE, Presenter("gapura", BOUND), False),
    ],
)
def test_a_token_is_of_use_only_to_its_client_with_its_key(store, bound, presenter, may):
    store.binding = bound
    token = issue_refresh_token(store, POLICY, "s", GRANT.ends_at, 0.0)
    outcome = refresh(store, POLICY, token, 1.0, presenter)
    assert isinstance(outcome, Refreshed) is may
    (first, *_) = store.tokens.values()
    assert (first.consumed_at is not None) is may
    assert store.ended == []


# over HTTP and on both databases


def sid_of(answer):
    payload = answer["access_token"].split(".")[1]
    return orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sid"]


def test_a_refresh_goes_on_with_the_same_session(service_on_both):
    service = service_on_both
    before = service.tokens()
    service.clock.advance(300)
    after = service.refresh(before["refresh_token"])
    assert after.status_code == 200
    assert set(after.json) == set(before)
    assert after.json["refresh_token"] != before["refresh_token"]
    assert sid_of(after.json) == sid_of(before)
    assert after.json["access_token"] != before["access_token"]
    session = service.get("/sessions", after.json["access_token"]).json["sessions"][0]
    assert session["last_seen_at"] > session["created_at"]


def test_a_repeated_refresh_gets_the_same_successor_and_its_reuse_ends_the_session(service_on_both):
    service = service_on_both
    token = service.tokens()["refresh_token"]
    first, second = service.refresh(token), service.refresh(token)
    assert first.json["refresh_token"] == second.json["refresh_token"]
    service.clock.advance(service.settings.refresh_grace_seconds + 1)
    assert service.refresh(token).status_code == 401
    assert service.refresh(first.json["refresh_token"]).status_code == 401
    assert service.get("/me", first.json["access_token"]).status_code == 401
    session = service.rows("SELECT revoked_because FROM sessions")
    assert [row.revoked_because for row in session] == ["refresh token reused"]


def test_a_stolen_predecessor_ends_the_session_of_both(service_on_both):
    service = service_on_both
    stolen = service.tokens()["refresh_token"]
    used = service.refresh(stolen).json["refresh_token"]
    latest = service.refresh(used).json["refresh_token"]
    assert service.refresh(stolen).status_code == 401
    assert service.refresh(latest).status_code == 401


def test_a_stolen_token_is_worthless_after_a_logout(service_on_both):
    service = service_on_both
    tokens = service.tokens()
    service.call("POST", "/logout", tokens["access_token"])
    assert service.refresh(tokens["refresh_token"]).status_code == 401
    assert service.rows("SELECT 1 FROM refresh_tokens WHERE consumed_at IS NOT NULL") == []


def test_an_expired_token_is_refused_and_the_session_goes_on(open_service, database_url):
    service = open_service(database_url, refresh_token_seconds=3600)
    first = service.tokens()["refresh_token"]
    second = service.refresh(first).json["refresh_token"]
    service.clock.advance(3600)
    assert service.refresh(first).status_code == 401
    assert service.refresh(second).status_code == 401
    assert [row.revoked_at for row in service.rows("SELECT revoked_at FROM sessions")] == [None]


def test_an_unknown_and_a_malformed_token_get_the_same_answer(service):
    answers = [service.refresh(text) for text in (new_token("gpr_rt").text, "gpr_rt_nonsense", "x")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1


def test_fifty_parallel_refreshes_leave_one_family_and_one_successor(service_on_both, at_once):
    service = service_on_both
    token = service.tokens()["refresh_token"]
    answers = at_once(50, lambda _: service.refresh(token))
    assert {answer.status_code for answer in answers} == {200}
    successors = {answer.json["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert service.refresh(successors.pop()).status_code == 200
    assert [tuple(row) for row in service.rows("SELECT count(*) FROM sessions WHERE revoked_at IS NULL")] == [(1,)]
    # the first, its one successor, and the successor of that
    assert [tuple(row) for row in service.rows("SELECT count(*) FROM refresh_tokens")] == [(3,)]


def test_fifty_parallel_uses_of_a_stolen_token_end_the_session_for_good(service_on_both, at_once):
    service = service_on_both
    stolen = service.tokens()["refresh_token"]
    latest = service.refresh(service.refresh(stolen).json["refresh_token"]).json["refresh_token"]
    assert {answer.status_code for answer in at_once(50, lambda _: service.refresh(stolen))} == {401}
    assert service.refresh(latest).status_code == 401
    reuses = service.rows("SELECT 1 FROM audit_events WHERE action = 'refresh.reused'")
    assert reuses
