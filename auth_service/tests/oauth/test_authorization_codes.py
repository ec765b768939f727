"""Codes over a store in memory; what they stand for survives being written down."""

from dataclasses import dataclass, field

from gapura_auth.credentials import new_token
from gapura_auth.oauth.authorization_codes import (
    LIFETIME_SECONDS,
    AlreadyUsed,
    AuthorizedSession,
    CodeBinding,
    StoredCode,
    issue_code,
    use_code,
)
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.requested_claims import RequestedClaims

NOW = 1_000.0
GRANTED = GrantedAuthorization(
    scopes=frozenset({"openid", "email"}),
    login=LoginEvent(990.5, amr=("pwd", "otp"), acr="2"),
    resources=("https://api.example.com/",),
    claims=RequestedClaims(id_token={"acr": {"essential": True, "values": ["2"]}}, userinfo={"name": None}),
    nonce="n-0S6_WzA2Mj",
)
SESSION = AuthorizedSession(
    id="s",
    account_id="a",
    client_id="c",
    browser_session_id="b",
    granted=GRANTED,
    address="198.51.100.7",
    user_agent="test",
    expires_at=9_000.0,
)


@dataclass
class MemoryCodes:
    """Codes in a dictionary."""

    codes: dict[bytes, StoredCode] = field(default_factory=dict)
    used: set[bytes] = field(default_factory=set)
    sessions: dict[str, AuthorizedSession] = field(default_factory=dict)
    ended: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def add(self, code, session, now):
        assert now == NOW
        self.codes[code.digest], self.sessions[session.id] = code, session

    def consume(self, digest, now):
        self.asked += 1
        code = self.codes.get(digest)
        if digest in self.used:
            return AlreadyUsed(code.session_id)
        if code is None or now >= code.expires_at:
            return None
        self.used.add(digest)
        return code

    def end_session(self, session_id, now, because):
        assert now >= NOW
        self.ended.append((session_id, because))


def test_a_code_is_bound_to_everything_that_its_exchange_must_agree_with():
    store = MemoryCodes()
    binding = CodeBinding("https://app.example.com/callback", "challenge", "thumbprint")
    text = issue_code(store, SESSION, binding, NOW)
    assert text.startswith("gpr_ac_")
    assert use_code(store, text, NOW + 1) == StoredCode(
        digest=next(iter(store.codes)),
        client_id="c",
        session_id="s",
        expires_at=NOW + LIFETIME_SECONDS,
        redirect_uri="https://app.example.com/callback",
        code_challenge="challenge",
        dpop_jkt="thumbprint",
    )
    assert store.sessions["s"].granted == GRANTED


def test_a_code_that_is_used_a_second_time_ends_its_session():
    store = MemoryCodes()
    text = issue_code(store, SESSION, CodeBinding(), NOW)
    assert isinstance(use_code(store, text, NOW), StoredCode)
    assert store.ended == []
    assert use_code(store, text, NOW) == AlreadyUsed("s")
    assert store.ended == [("s", "authorization code reused")]


def test_an_unknown_code_is_nothing_and_garbage_is_refused_unasked():
    store = MemoryCodes()
    assert use_code(store, new_token("gpr_ac").text, NOW) is None
    assert store.asked == 1
    for garbage in ("", "gpr_ac_x", new_token("gpr_rt").text, "x" * 10_000):
        assert use_code(store, garbage, NOW) is None
    assert store.asked == 1


def test_what_was_granted_survives_being_written_down():
    assert GrantedAuthorization.from_json(GRANTED.to_json()) == GRANTED
    little = GrantedAuthorization(scopes=frozenset(), login=LoginEvent(1.0))
    assert GrantedAuthorization.from_json(little.to_json()) == little
