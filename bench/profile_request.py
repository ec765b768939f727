"""Where the microseconds of one request go: `python -m bench.profile_request`.

One process, no server and no network: the WSGI applications of the benchmark are called with an environ like Granian's.
First what a whole request costs each of them, then our own stack layer by layer, then the first sight of a token
check by check.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.ctx import AppContext, RequestContext

from bench.credentials import AUDIENCE, Credentials
from bench.issuer import running_issuer
from bench.peers import bare_flask, chassis_service, raw_wsgi
from bench.peers.trust import VARIABLE
from bench.stopwatch import Stopwatch
from gapura import GuardSettings
from gapura_chassis import log_output
from gapura_chassis.envelope import Envelope
from gapura_chassis.logs import configure_logging
from gapura_chassis.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

REQUESTS = 5_000


def main(arguments: Sequence[str]) -> int:
    """Print the three tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile_request", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    requests = parser.parse_args(arguments).requests
    with running_issuer() as credentials, _quiet_output() as show:
        os.environ[VARIABLE] = credentials.trust().as_text()
        environ = granian_environ(credentials.token("ES256"))
        show("Whole requests, least and median", _whole_requests(credentials, environ, requests))
        show(
            "Our stack, layer by layer (median, without what is listed by itself)",
            _layers(credentials, environ, requests),
        )
        show("First sight of a token, check by check (median)", _first_sight(credentials, requests))
    return 0


def granian_environ(token: str) -> dict[str, Any]:
    """Return an environ as Granian makes it for a request of autocannon."""
    return {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_CONNECTION": "keep-alive",
        "HTTP_HOST": "127.0.0.1:5002",
        "PATH_INFO": "/products",
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5002",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "Granian",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }


def ask(application: "WSGIApplication", environ: dict[str, Any]) -> bytes:
    """Send one request, and take the answer as Granian does."""
    answer = application(dict(environ), lambda *_: lambda _: None)
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return body


@contextmanager
def _quiet_output() -> Iterator[Callable[[str, dict[str, str]], None]]:
    """Send the access log to a file, as a server would, and lend what shows a table on the terminal."""
    terminal = sys.stdout

    def show(title: str, rows: dict[str, str]) -> None:
        terminal.write(f"\n{title}\n" + "".join(f"{value:>16} µs  {name}\n" for name, value in rows.items()))

    with tempfile.TemporaryFile("w") as file:
        sys.stdout = file
        try:
            yield show
        finally:
            sys.stdout = terminal


def _whole_requests(credentials: Credentials, environ: dict[str, Any], requests: int) -> dict[str, str]:
    applications: dict[str, WSGIApplication] = {
        "no Flask at all": raw_wsgi.application,
        "plain Flask, unguarded": bare_flask.unguarded(),
        "plain Flask + our guard": bare_flask.guarded(),
        "chassis, route marked public": chassis_app(credentials, public=True),
        "chassis + guard": chassis_app(credentials),
        "chassis + guard, access log off": chassis_app(credentials, log_level="warning"),
    }
    rows = {}
    for name, application in applications.items():
        configure_logging(_settings(credentials, log_level="warning" if "log off" in name else "info"), "bench")
        times = sorted(_time(application, environ) for _ in range(requests))
        rows[name] = f"{times[0]:.1f} {statistics.median(times):8.1f}"
    return rows


def _time(application: "WSGIApplication", environ: dict[str, Any]) -> float:
    began = time.perf_counter_ns()
    ask(application, environ)
    return (time.perf_counter_ns() - began) / 1000


def chassis_app(credentials: Credentials, *, public: bool = False, log_level: str = "info") -> Flask:
    """Return the application that `make bench` measures, guarded by a guard that asks the issuer of this process."""
    return chassis_service.build(_settings(credentials, public=public, log_level=log_level))


def _settings(credentials: Credentials, **more: object) -> chassis_service.BenchSettings:
    home = Path(tempfile.gettempdir()) / "gapura-bench"
    return chassis_service.BenchSettings.model_validate({"issuer": credentials.issuer, "home": home, **more})


def _layers(credentials: Credentials, environ: dict[str, Any], requests: int) -> dict[str, str]:
    configure_logging(_settings(credentials), "bench")
    app, watch = chassis_app(credentials), Stopwatch()
    _time_hooks(app, watch)
    _time_verifier(app, watch)
    with _timed_flask(app, watch):
        application = watch.timed("what is left of Flask.wsgi_app", app.wsgi_app)
        for _ in range(requests):
            ask(application, environ)
            watch.end_round()
    medians = watch.medians()
    return {**{name: f"{value:.1f}" for name, value in medians.items()}, "all of it": f"{sum(medians.values()):.1f}"}


def _time_hooks(app: Flask, watch: Stopwatch) -> None:
    for kind, hooks in (("before", app.before_request_funcs), ("after", app.after_request_funcs)):
        functions: list[Any] = hooks.setdefault(None, [])
        functions[:] = [watch.timed(f"{kind} each request: {_name(function)}", function) for function in functions]
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _marked_as(view, watch.timed("view: parsing, answer, JSON", view))


def _marked_as(view: Any, timed: Any) -> Any:  # noqa: ANN401 - a view of any form
    timed.__dict__.update(view.__dict__)  # the guard reads what a view demands from it
    return timed


def _name(function: Any) -> str:  # noqa: ANN401 - functions, methods and partials
    inner = getattr(function, "func", function)
    return f"{inner.__module__}.{inner.__qualname__}"


def _time_verifier(app: Flask, watch: Stopwatch) -> None:
    verifier = app.extensions["gapura"].verifier
    verifier.verify = watch.timed("guard: Verifier.verify", verifier.verify)


@contextmanager
def _timed_flask(app: Flask, watch: Stopwatch) -> Iterator[None]:
    """Time Flask's own steps, and the writing of log lines, for a while."""
    steps: list[tuple[str, Any, str]] = [
        ("contexts: made", app, "request_context"),
        ("contexts: made", AppContext, "__init__"),
        ("contexts: pushed", RequestContext, "push"),
        ("contexts: popped, teardown", RequestContext, "pop"),
        ("request object: made", app.request_class, "__init__"),
        ("url adapter: made", app, "create_url_adapter"),
        ("route: matched", RequestContext, "match_request"),
        ("session: opened", app.session_interface, "open_session"),
        ("session: opened", app.session_interface, "make_null_session"),
        ("dispatch: loops over hooks, signals", app, "full_dispatch_request"),
        ("response object: made", Response, "__init__"),
        ("response object: to WSGI", app.response_class, "__call__"),
        ("envelope: id, headers", Envelope, "__call__"),
        ("envelope: log line made", Envelope, "_note"),
        ("metrics: counted", Metrics, "observe"),
        ("log line: written", log_output, "write_line"),
    ]
    before = [(owner, name, vars(owner).get(name)) for _, owner, name in steps]
    for layer, owner, name in steps:
        setattr(owner, name, watch.timed(layer, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, original in before:
            _restore(owner, name, original)


def _restore(owner: object, name: str, original: object) -> None:
    if original is None:
        delattr(owner, name)
    else:
        setattr(owner, name, original)


def _first_sight(credentials: Credentials, requests: int) -> dict[str, str]:
    verifier = GuardSettings(issuer=credentials.issuer, audience=AUDIENCE).verifier()
    verifier.verify(credentials.token("ES256"))  # the keys are fetched now
    begun: list[tuple[str, int]] = []
    rounds: list[dict[str, float]] = []
    for token in credentials.tokens(min(requests, REQUESTS)):
        begun.clear()
        verifier.examine(token, time.time(), lambda check: begun.append((check.name.lower(), time.perf_counter_ns())))
        begun.append(("", time.perf_counter_ns()))
        rounds.append({name: (after - at) / 1000 for (name, at), (_, after) in pairwise(begun)})
    medians = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    return {**{name: f"{value:.1f}" for name, value in medians.items()}, "all of it": f"{sum(medians.values()):.1f}"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
