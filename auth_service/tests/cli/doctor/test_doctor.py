"""What the doctor finds: each check over values, and the whole examination over real databases and a real peer."""

import email.utils
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module

import pytest
from sqlalchemy import text

from gapura_auth.cli.doctor.clock import check_clock
from gapura_auth.cli.doctor.configuration import check_configuration
from gapura_auth.cli.doctor.database import check_database
from gapura_auth.cli.doctor.demo_accounts import check_demo_accounts
from gapura_auth.cli.doctor.examination import examine
from gapura_auth.cli.doctor.findings import Finding
from gapura_auth.cli.doctor.keys import check_master_key, check_signing_key
from gapura_auth.cli.doctor.peers import Answer, Peer, ask_over_http, check_peer, peers_of
from gapura_auth.credentials import MasterKey
from gapura_auth.settings import AuthSettings
from gapura_auth.store.signing_keys import StoredKey
from gapura_chassis.database import open_database

PRODUCTION = {
    "GAPURA_ENV": "production",
    "GAPURA_ISSUER": "https://login.example.com",
    "GAPURA_MASTER_KEY": MasterKey(bytes(32)).text(),
}


@pytest.mark.parametrize(
    ("ours", "theirs", "precision", "ok", "words"),
    [
        (1000.0, 1000.0, 0, True, "agrees with that of the server"),
        (1005.0, 1000.0, 0, True, "agrees"),
        (1005.1, 1000.0, 0, False, "5 s ahead of that of the server"),
        (1000.0, 1012.0, 0, False, "12 s behind that of the server"),
        (1005.9, 1000.0, 1, True, "agrees"),
        (1006.1, 1000.0, 1, False, "ahead"),
    ],
)
def test_clocks_may_differ_by_five_seconds(ours, theirs, precision, ok, words):
    finding = check_clock("the server", theirs, ours, precision=precision)
    assert finding.ok is ok
    assert words in finding.sentence
    assert bool(finding.advice) is not ok


@pytest.mark.parametrize(
    ("there", "in_production", "ok"),
    [(False, False, True), (False, True, True), (True, False, True), (True, True, False)],
)
def test_demo_accounts_are_wrong_in_production_only(there, in_production, ok):
    assert check_demo_accounts(there=there, in_production=in_production).ok is ok


@pytest.mark.parametrize(
    ("environ", "sentences"),
    [
        ({"GAPURA_ISSUER": "x"}, ["GAPURA_ISSUER: must be an http(s) address"]),
        ({"GAPURA_AUTH_PORT": "x", "GAPURA_WORKERS": "0"}, ["GAPURA_WORKERS: ", "GAPURA_AUTH_PORT: "]),
        ({"GAPURA_HOME": ""}, ["GAPURA_HOME is set but empty"]),
        (
            {**PRODUCTION, "GAPURA_ISSUER": "http://x"},
            ["GAPURA_ENV is production: GAPURA_ISSUER must start with https"],
        ),
    ],
)
def test_each_mistake_in_the_configuration_is_a_finding(environ, sentences):
    settings, findings = check_configuration(environ)
    assert settings is None
    assert len(findings) == len(sentences)
    assert not any(finding.ok for finding in findings)
    for sentence in sentences:
        assert any(finding.sentence.startswith(sentence) for finding in findings)


def test_a_usable_configuration_is_fine_and_the_shared_secret_is_mentioned():
    settings, findings = check_configuration({"JWT_SECRET_KEY": "x" * 40})
    assert settings is not None
    assert all(finding.ok for finding in findings)
    assert "JWT_SECRET_KEY" in findings[1].sentence


def key(kid, master_key, **times):
    return StoredKey(
        kid=kid,
        algorithm="ES256",
        sequence=1,
        public_jwk="{}",
        sealed_private_jwk=master_key.seal(b"{}", kid.encode()),
        published_at=0.0,
        **{"signs_from": 100.0, **times},
    )


def test_a_master_key_that_opens_nothing_is_wrong():
    right, other = MasterKey(bytes(32)), MasterKey(b"x" * 32)
    keys = [key("a", right), key("b", other), key("c", other, killed_at=5.0)]
    finding = check_master_key(keys, right)
    assert finding.sentence == "The master key does not open 1 of 2 stored keys (b)."
    assert "GAPURA_MASTER_KEY" in finding.advice
    assert check_master_key(keys[:1], right).ok
    assert check_master_key([], right).ok


@pytest.mark.parametrize(("now", "ok"), [(99.0, False), (100.0, True)])
def test_a_key_must_sign_now(now, ok):
    assert check_signing_key([key("a", MasterKey(bytes(32)))], "ES256", now).ok is ok


PEER = Peer("user service", "http://127.0.0.1:5001", "Start it.")


def failing(error):
    def ask(_address):
        raise error

    return ask


@pytest.mark.parametrize(
    ("ask", "findings"),
    [
        (lambda _: Answer(200, 1000.0), [True, True]),
        (lambda _: Answer(200, 990.0), [True, False]),
        (lambda _: Answer(200, None), [True]),
        (lambda _: Answer(503, 1000.0), [False]),
        (failing(ConnectionRefusedError(111, "Connection refused")), [False]),
        (failing(TimeoutError()), [False]),
    ],
)
def test_a_peer_must_be_ready_and_agree_about_the_time(ask, findings):
    found = check_peer(PEER, ask, lambda: 1000.0)
    assert [finding.ok for finding in found] == findings
    assert all("user service" in finding.sentence for finding in found)


def test_in_production_only_peers_whose_port_was_set_are_asked():
    def names(environ):
        return [(peer.name, peer.address) for peer in peers_of(AuthSettings.from_environment(environ))]

    auth = ("auth service", "https://login.example.com")
    assert names(PRODUCTION) == [auth]
    assert names({**PRODUCTION, "GAPURA_PRODUCTS_PORT": "8002"}) == [
        auth,
        ("product service", "http://127.0.0.1:8002"),
    ]
    assert [name for name, _ in names({})] == ["auth service", "user service", "product service"]


@pytest.fixture
def http_server():
    """Give a server that answers each path by what its name says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response_only({"/ready": 200, "/bad-date": 200}.get(self.path, 503))
            self.send_header("Date", "yesterday" if self.path == "/bad-date" else email.utils.formatdate(usegmt=True))
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_peer_is_asked_over_http(http_server):
    answer = ask_over_http(f"{http_server}/ready")
    assert answer.status == 200
    assert abs(answer.time - time.time()) < 5
    assert ask_over_http(f"{http_server}/bad-date") == Answer(200, None)
    assert ask_over_http(f"{http_server}/other").status == 503


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/readyz", "https://127.0.0.1:1/readyz"])
def test_a_peer_that_is_away_is_an_os_error(address):
    with pytest.raises(OSError, match="refused"):
        ask_over_http(address)


# the database


def test_a_database_that_is_current_and_writable_is_fine(database):
    findings = check_database(database)
    assert [finding.ok for finding in findings] == [True, True, True]
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM login_throttle")).scalar() == 0  # only a rehearsal


def test_an_empty_database_is_told_from_an_old_and_a_newer_one(new_database_url, migrated):
    empty = open_database(new_database_url, service="auth", connections=2)
    assert [finding.sentence for finding in check_database(empty) if not finding.ok] == ["The database is empty."]
    empty.close()
    if new_database_url.startswith("sqlite"):
        from pathlib import Path  # noqa: PLC0415 -- as above

        Path(new_database_url.removeprefix("sqlite:///")).unlink()
    full = migrated(new_database_url)
    for version, advice in (("0000", "Run `gapura-auth migrate`."), ("9999", "Install the newer program.")):
        with full.write() as connection:
            connection.execute(text("UPDATE auth_schema_version SET version_num = :version"), {"version": version})
        assert [finding.advice for finding in check_database(full) if not finding.ok] == [advice]
    full.close()


def test_a_database_that_cannot_be_written_to_is_wrong(new_database_url, migrated):
    with closing(migrated(new_database_url)) as database:
        with database.write() as connection:
            connection.execute(text("DROP TABLE login_throttle"))
        wrong = [finding for finding in check_database(database) if not finding.ok]
    assert len(wrong) == 1
    assert wrong[0].sentence.startswith("The database cannot be written to: ")


def test_a_database_that_is_away_is_wrong_and_its_password_stays_secret():
    database = open_database("postgresql://who:secret@127.0.0.1:1/x", service="auth", connections=2)
    (finding,) = check_database(database)
    assert finding.sentence.startswith("The database postgresql+psycopg://who:***@127.0.0.1:1/x does not answer: ")


# the whole


def all_well(_address):
    return Answer(200, time.time())


def test_the_whole_examination_finds_nothing_wrong_with_a_healthy_installation(gapura_on_both, environ):
    assert gapura_on_both
    findings = list(examine(environ, all_well, time.time))
    assert [finding for finding in findings if not finding.ok] == []
    text = " ".join(finding.sentence for finding in findings)
    for words in (
        "configuration is usable",
        "answers",
        "newest",
        "written to",
        "opens the stored keys",
        "signs tokens",
    ):
        assert words in text
    assert ("database server" in text) == environ["DATABASE_URL"].startswith("postgresql")
    assert text.count("is ready") == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"GAPURA_MASTER_KEY": MasterKey(b"y" * 32).text()}, "The master key does not open 2 of 2 stored keys"),
        ({"GAPURA_MASTER_KEY": "nonsense"}, "GAPURA_MASTER_KEY is not usable."),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must look like"),
        ({"GAPURA_ISSUER": "x"}, "GAPURA_ISSUER: must be"),
    ],
)
def test_what_is_wrong_is_found_and_the_rest_is_looked_at_all_the_same(gapura, environ, changes, sentence):
    assert gapura
    wrong = [finding for finding in examine({**environ, **changes}, all_well, time.time) if not finding.ok]
    assert len(wrong) == 1
    assert wrong[0].sentence.startswith(sentence)
    assert wrong[0].advice


def test_the_shared_secret_mode_has_no_keys_to_look_at(gapura, environ):
    assert gapura
    findings = list(examine({**environ, "JWT_SECRET_KEY": "x" * 40}, all_well, time.time))
    assert all(finding.ok for finding in findings)
    assert not any("master key" in finding.sentence for finding in findings)


def test_demo_accounts_in_production_are_found(run, environ, sqlite_url):
    environ["DATABASE_URL"] = sqlite_url
    assert run("migrate", GAPURA_DEMO="true").exit_code == 0
    production = {"GAPURA_ENV": "production", "GAPURA_ISSUER": "https://login.example.com"}
    wrong = [finding for finding in examine({**environ, **production}, all_well, time.time) if not finding.ok]
    assert [finding.sentence for finding in wrong] == ["Demo accounts, whose passwords everybody knows, can log in."]


@pytest.mark.parametrize(
    ("findings", "status", "last"),
    [
        ([True], 0, "All is well."),
        ([True, False], 1, "One thing is wrong."),
        ([False, False], 1, "2 things are wrong."),
    ],
)
def test_the_command_says_what_it_found_and_exits_accordingly(run, monkeypatch, findings, status, last):
    made = [Finding(ok, "A sentence.", "" if ok else "An advice.") for ok in findings]
    monkeypatch.setattr(import_module("gapura_auth.cli.doctor"), "examine", lambda *_: iter(made))
    result = run("doctor")
    assert result.exit_code == status
    assert result.stdout.splitlines()[-1] == last
    assert result.stdout.count("WRONG") == findings.count(False)
    assert result.stdout.count("→ An advice.") == findings.count(False)


def test_the_command_asks_real_peers(gapura):
    ports = {"GAPURA_ISSUER": "http://127.0.0.1:1", "GAPURA_USERS_PORT": "1", "GAPURA_PRODUCTS_PORT": "1"}
    result = gapura("doctor", **ports)
    assert result.exit_code == 1
    assert result.stdout.count("does not answer at http://127.0.0.1:1") == 3
