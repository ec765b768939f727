import ipaddress

import pytest
from prometheus_client import values
from tiny_service import build
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.test import EnvironBuilder, run_wsgi_app

from gapura_chassis.database import open_database
from gapura_chassis.forwarded import TrustedProxies
from gapura_chassis.hardening import scrub_environment, security_headers
from gapura_chassis.health import NotReady, database_check, readiness
from gapura_chassis.language import Sentence, preferred_language, say
from gapura_chassis.metrics import Metrics
from gapura_chassis.settings import ServiceSettings

PAGE = "https://app.example.com"


def test_every_answer_carries_the_security_headers(client):
    for path in ("/fast", "/nothing", "/secret", "/docs", "/livez"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_under_tls_browsers_are_told_to_stay_there():
    assert "Strict-Transport-Security" in security_headers(https=True)


def test_a_protected_route_refuses_in_the_guards_words(client):
    response = client.get("/secret")
    assert (response.status_code, response.json) == (401, {"msg": "Missing Authorization Header"})


def test_an_address_or_headers_beyond_the_limit_are_refused(client):
    assert client.get("/fast?q=" + "a" * 8_300).status_code == 414
    assert client.get("/fast", headers={"X-A": "a" * 33_000}).status_code == 431


@pytest.mark.parametrize(("spaces", "status"), [(0, 200), (60_000, 200), (65_536, 413), (500_000, 413)])
def test_a_body_that_comes_in_chunks_is_read_up_to_the_limit_and_never_cut_off(app, spaces, status):
    body = b'{"name": "a"}' + b" " * spaces
    environ = EnvironBuilder("/greet", method="POST", data=body, content_type="application/json").get_environ()
    del environ["CONTENT_LENGTH"]
    _, answered, _ = run_wsgi_app(app, environ | {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True})
    assert int(answered[:3]) == status


def test_the_environment_keeps_only_what_libraries_need():
    environ = {"PATH": "/bin", "JWT_SECRET_KEY": "x", "HOME": "/", "DATABASE_URL": "y"}
    scrub_environment(environ)
    assert environ == {"PATH": "/bin", "HOME": "/"}


def test_alive_and_ready(client):
    assert client.get("/livez").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "checks": {}}


def test_not_ready_says_why_and_shows_every_check(app, database_url):
    database = open_database(database_url, service="tiny", connections=1)

    def not_ready():
        raise NotReady("The keys are missing.")

    with app.test_request_context():
        answer = readiness({"database": database_check(database), "keys": not_ready, "bug": lambda: 1 / 0})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json == {
        "msg": "The keys are missing.",
        "checks": {
            "database": "ok",
            "keys": "The keys are missing.",
            "bug": "The check failed; the log has the details.",
        },
    }
    database.close()


def test_a_database_that_is_away_is_not_ready():
    database = open_database("postgresql://nobody@127.0.0.1:1/none", service="tiny", connections=1)
    with pytest.raises(NotReady, match="The database does not answer"):
        database_check(database)()
    database.close()


def test_figures_count_routes_and_not_paths(client):
    for path in ("/items/1", "/items/2", "/nothing", "/nothing/else"):
        client.get(path)
    figures = client.get("/metrics").text
    assert 'gapura_http_requests_total{method="GET",route="/items/<code>",status="200"} 2.0' in figures
    assert 'gapura_http_requests_total{method="(any)",route="(none)",status="404"} 2.0' in figures
    assert "process_cpu_seconds_total" in figures


def test_several_workers_without_a_folder_count_for_themselves(monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    metrics = Metrics(multiprocess=True)
    metrics.requests.labels("GET", "/", "200").inc()
    assert b"gapura_http_requests_total" in metrics.exposition()


def test_figures_of_several_workers_lie_in_the_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    metrics = Metrics(multiprocess=True)
    metrics.requests.labels("GET", "/", "200").inc()
    assert b'gapura_http_requests_total{method="GET",route="/",status="200"} 1.0' in metrics.exposition()
    assert list(tmp_path.iterdir())


@pytest.fixture
def open_client(tmp_path):
    return build(ServiceSettings(home=tmp_path, allowed_origins=(PAGE,))).test_client()


def test_a_named_origin_may_call_and_ask_beforehand(open_client):
    answer = open_client.get("/fast", headers={"Origin": PAGE})
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.vary
    before = open_client.options("/secret", headers={"Origin": PAGE, "Access-Control-Request-Method": "GET"})
    assert (before.status_code, before.headers["Access-Control-Max-Age"]) == (200, "600")
    assert "GET" in before.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://app.example.com.evil.example", None])
def test_another_origin_may_not(open_client, origin):
    answer = open_client.get("/fast", headers={"Origin": origin} if origin else {})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.vary


def test_without_named_origins_nothing_is_said_about_them(client):
    assert "Access-Control-Allow-Origin" not in client.get("/fast", headers={"Origin": PAGE}).headers


PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.1"),
        ("10.0.0.1", "9.9.9.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("fd00::1", "::ffff:1.2.3.4", "1.2.3.4"),
        ("8.8.8.8", "1.2.3.4", "8.8.8.8"),
        ("", "1.2.3.4", ""),
    ],
)
def test_only_a_trusted_proxy_says_who_is_calling(peer, forwarded, caller):
    seen = {}
    middleware = TrustedProxies(lambda environ, _start: seen.update(environ) or [], PROXIES)
    middleware({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": "https"}, None)
    assert seen["REMOTE_ADDR"] == caller
    assert seen.get("wsgi.url_scheme") == (None if peer in {"8.8.8.8", ""} else "https")


def test_a_scheme_that_is_none_is_not_believed():
    seen = {}
    middleware = TrustedProxies(lambda environ, _start: seen.update(environ) or [], PROXIES)
    middleware({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_PROTO": "gopher"}, None)
    assert "wsgi.url_scheme" not in seen


def test_trusted_proxies_are_wired_in(tmp_path):
    app = build(ServiceSettings(home=tmp_path, trusted_proxies=("127.0.0.0/8",)))
    seen = app.test_client().get("/environ", headers={"X-Forwarded-For": "1.2.3.4"}).json
    assert seen["REMOTE_ADDR"] == "1.2.3.4"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "id"),
        ("*", "id"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("EN-gb", "en"),
        ("id", "id"),
        ("in-ID", "id"),
        ("id,en", "id"),
        ("en;q=0.5,id;q=0.9", "id"),
        ("en;q=0.9,id;q=0.5", "en"),
        ("en;q=0", "id"),
        ("fr,en;q=0.1", "en"),
        ("fr", "id"),
        ("*;q=0.5,en;q=0.4", "id"),
        ("id;q=0,*", "en"),
        ("english", "id"),
        (";;;,q=,en;q=x", "id"),
    ],
)
def test_english_only_where_it_is_preferred(header, language):
    assert preferred_language(parse_accept_header(header, LanguageAccept)) == language


def test_a_sentence_is_said_in_the_language_of_the_request(app):
    hello = Sentence(id="Halo, {name}!", en="Hello, {name}!")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert say(hello, name="{x}") == "Hello, {x}!"
    with app.test_request_context():
        assert say(hello, name="user1") == "Halo, user1!"
