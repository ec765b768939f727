"""After a whole journey no password, token or key stands in the clear in any row of the database or line of the log."""

import base64
import re

import orjson
import pytest
import structlog
from sqlalchemy import select

from gapura_auth.credentials import MasterKey
from gapura_auth.factory import key_rotation
from gapura_auth.store.audit import AuditAction, latest_events
from gapura_auth.store.signing_keys import list_keys
from gapura_auth.store.tables import metadata

OLD, NEW, GUESS = "kopi tubruk di pagi hari", "teh manis di sore hari", "a guess that was wrong"


ACTIONS = {
    AuditAction.ACCOUNT_REGISTERED,
    AuditAction.ACCOUNT_DISABLED,
    AuditAction.ACCOUNT_ENABLED,
    AuditAction.LOGIN_SUCCEEDED,
    AuditAction.LOGIN_FAILED,
    AuditAction.LOGIN_THROTTLED,
    AuditAction.PASSWORD_CHANGED,
    AuditAction.ROLE_GRANTED,
    AuditAction.ROLE_WITHDRAWN,
    AuditAction.SESSION_REVOKED,
    AuditAction.SESSIONS_REVOKED,
    AuditAction.REFRESH_REUSED,
    AuditAction.KEY_PUBLISHED,
    AuditAction.KEY_KILLED,
}


@pytest.fixture
def log(caplog):
    """Give every line that is logged, ours and the libraries', as text."""
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as lines:
        yield lambda: (repr(lines) + caplog.text).encode()  # noqa: PLW0108 -- asked when all is logged


@pytest.fixture
def journey(log, service_on_both):  # noqa: ARG001 -- the log is to be open before the journey begins
    """Do everything once, and give every secret that appeared."""
    service = service_on_both
    secrets = [OLD, NEW, GUESS]
    service.register("ani", OLD)
    service.register("ani", OLD)
    service.register("budi", "12345678")
    phone, laptop = service.tokens(), service.tokens()
    secrets += [token for tokens in (phone, laptop) for token in (tokens["access_token"], tokens["refresh_token"])]
    refreshed = service.refresh(phone["refresh_token"]).json
    secrets += [refreshed["access_token"], refreshed["refresh_token"]]
    service.clock.advance(1)
    service.post("/password", {"current_password": OLD, "new_password": NEW}, laptop["access_token"])
    for _ in range(12):
        service.login("ani", GUESS, address="203.0.113.1")
    service.login("nobody1", GUESS)
    service.login(OLD, "x")  # a password in the wrong field
    other = service.login("ani", NEW).json
    sessions = service.get("/sessions", laptop["access_token"]).json["sessions"]
    service.call("DELETE", f"/sessions/{sessions[0]['id']}", laptop["access_token"])
    third = service.login("ani", NEW).json
    service.clock.advance(1)
    used = service.refresh(third["refresh_token"]).json
    service.refresh(used["refresh_token"])
    service.refresh(third["refresh_token"])  # reuse
    service.post("/logout", {"all": True}, laptop["access_token"])
    secrets += [tokens[name] for tokens in (other, third, used) for name in ("access_token", "refresh_token")]
    service.administration.grant("ani", "admin")
    service.administration.withdraw("ani", "admin")
    service.administration.disable("ani")
    service.administration.enable("ani")
    rotation = key_rotation(service.settings, service.database, service.clock)
    rotation.rotate_now("test")
    with service.database.read() as connection:
        rows = list_keys(connection)
    master_key = MasterKey.from_text(service.settings.master_key.get_secret_value())
    secrets += [orjson.loads(master_key.open(row.sealed_private_jwk, row.kid.encode()))["d"] for row in rows]
    secrets.append(master_key.text())
    rotation.kill(rows[0].kid, "test")
    return service, secrets


def forms(secret):
    """Return the spellings in which a secret might be kept by mistake."""
    raw = secret.encode()
    return {raw, raw.hex().encode(), base64.b64encode(raw), base64.urlsafe_b64encode(raw).rstrip(b"=")}


def dump(service):
    with service.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    yield f"{table.name}.{column.name}", value if isinstance(value, bytes) else str(value).encode()


def test_no_secret_stands_in_the_database_in_the_clear(journey):
    service, secrets = journey
    cells = list(dump(service))
    assert len({place.split(".")[0] for place, _ in cells}) >= 9  # the dump is not empty
    found = [place for place, content in cells for secret in secrets if any(form in content for form in forms(secret))]
    assert found == []


def test_no_secret_stands_in_the_log(log, journey):
    _, secrets = journey
    text = log()
    assert b"/login" in text  # there is a log to look at
    assert [secret for secret in secrets if any(form in text for form in forms(secret))] == []


def test_every_action_leaves_its_line_in_the_audit_log_and_no_hash(journey):
    service, _ = journey
    with service.database.read() as connection:
        events = latest_events(connection, 1000)
    assert {event.action for event in events} == ACTIONS
    for event in events:
        assert event.actor
        assert event.target
        line = repr(event)
        assert "argon2" not in line
        assert not re.search(r"gpr_rt|eyJ", line)
