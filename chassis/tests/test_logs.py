import io
import json
import logging
import sys

import pytest
import structlog

from gapura_chassis.log_output import LineHandler, write_line
from gapura_chassis.logs import configure_logging
from gapura_chassis.settings import ServiceSettings


@pytest.fixture
def lines(capsys):
    """Return a function that gives the JSON lines written since it was last called."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(ServiceSettings(log_format="json"), "tiny")
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_a_request_is_one_line_without_its_query_and_its_headers(lines, client):
    client.get("/fast?q=hush-hush", headers={"Authorization": "Bearer hush-hush", "X-Request-ID": "abc-1"})
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("milliseconds") >= 0
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "gapura.access",
        "service": "tiny",
        "request_id": "abc-1",
        "method": "GET",
        "path": "/fast",
        "status": 200,
        "address": "127.0.0.1",
    }


@pytest.mark.parametrize("sent", ["", "a b", "-a", "a" * 65, "a\u00e9", "x\x1b[0m"])
def test_a_request_id_of_another_form_is_replaced(client, sent):
    given = client.get("/fast", headers={"X-Request-ID": sent.encode().decode("latin-1")}).headers["X-Request-ID"]
    assert given != sent
    assert len(given) == 32


def test_a_request_id_that_is_fine_comes_back_with_errors_too(client):
    assert client.get("/nothing", headers={"X-Request-ID": "abc"}).headers["X-Request-ID"] == "abc"


def test_probes_are_not_logged(lines, client):
    for path in ("/livez", "/readyz", "/metrics"):
        client.get(path)
    assert lines() == []


def test_an_exception_is_a_field_of_one_line_with_the_request_id(lines, app, client):
    app.add_url_rule("/bug", "bug", app.extensions["gapura"].public(lambda: 1 / 0))
    answer = client.get("/bug")
    error, _ = lines()
    assert "ZeroDivisionError" in error["exception"]
    assert error["request_id"] == answer.headers["X-Request-ID"]
    assert "ZeroDivision" not in answer.text


def test_lines_of_libraries_look_the_same(lines):
    logging.getLogger("library").warning("two\nlines %s", 5)
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"], line["service"]) == (
        "two\nlines 5",
        "library",
        "warning",
        "tiny",
    )


def test_a_level_below_the_configured_one_is_silent(lines):
    structlog.get_logger("x").debug("no")
    logging.getLogger("x").debug("no")
    assert lines() == []


def test_values_that_are_not_json_are_written_somehow(lines):
    structlog.get_logger("x").info("odd", large=2**80, half="\ud800", thing={1, 2}, raw=b"x")
    (line,) = lines()
    assert (line["large"], line["thing"], line["raw"]) == (2**80, "{1, 2}", "b'x'")


@pytest.mark.usefixtures("lines")
def test_a_terminal_is_not_told_what_to_do(capsys):
    configure_logging(ServiceSettings(log_format="text"), "tiny")
    structlog.get_logger("x").info("request", path="/a\x1b[31m\nforged line\u202e")
    assert capsys.readouterr().out.count("\n") == 1
    structlog.get_logger("x").info("request", path="/a\x1b[31m")
    assert "\\u001b[31m" in capsys.readouterr().out


@pytest.mark.usefixtures("lines")
def test_local_variables_are_never_shown(capsys):
    configure_logging(ServiceSettings(log_format="text"), "tiny")
    password = "hush" + "-hush"
    try:
        int(password[:2])
    except ValueError:
        structlog.get_logger("x").exception("bad")
    assert "hush-hush" not in capsys.readouterr().out


def test_an_output_that_lacks_a_letter_gets_an_escape(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    write_line("café")
    assert raw.getvalue() == b"caf\\xe9\n"


@pytest.mark.usefixtures("lines")
def test_a_record_that_cannot_be_rendered_does_not_stop_the_program(capsys):
    record = logging.LogRecord("x", logging.INFO, "", 0, "%d", ("a",), None)
    LineHandler().emit(record)
    assert "TypeError" in capsys.readouterr().err
