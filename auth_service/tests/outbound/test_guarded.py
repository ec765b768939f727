"""Requests to a real server, and everything that it could try."""

import ipaddress
import time
from contextlib import suppress
from threading import Event

import pytest

from gapura_auth.oauth.outbound import Destinations, ForbiddenDestination, OutboundError, OutboundRequest
from gapura_auth.outbound import GuardedOutbound, OutboundLimits, resolve

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "1.1.1.1"


def test_an_answer_comes_back_with_status_headers_and_body(serve, http, outbound):
    server = serve(http(b'{"keys": []}', Content_Type="application/json"))
    answer = outbound.send(OutboundRequest(url=server.url("/keys?a=b"), headers={"Accept": "application/json"}))
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b'{"keys": []}', "application/json")
    request = server.requests[0].decode().lower()
    assert request.startswith("get /keys?a=b http/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}\r\n" in request
    assert "accept: application/json\r\n" in request
    assert "accept-encoding: identity\r\n" in request


def test_a_form_can_be_posted(serve, http, outbound):
    server = serve(http(b"", status="204 No Content"))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = OutboundRequest(url=server.url(), method="POST", headers=headers, body=b"logout_token=abc")
    assert outbound.send(request).status == 204
    assert server.requests[0].startswith(b"POST /keys HTTP/1.1\r\n")
    assert b"Content-Length: 16\r\n" in server.requests[0]


@pytest.mark.parametrize("framing", [{"Transfer_Encoding": "chunked"}, {"Connection": "close", "Content_Length": ""}])
def test_answers_of_unknown_length_are_read(serve, http, outbound, framing):
    chunked = "Transfer_Encoding" in framing
    raw = http(b"2\r\n{}\r\n0\r\n\r\n" if chunked else b"{}", **framing).replace(b"Content-Length: \r\n", b"")
    assert outbound.send(OutboundRequest(url=serve(raw).url())).body == b"{}"


def test_a_redirect_is_an_answer_and_is_not_followed(serve, http, outbound):
    inside = serve(http(b"secret"))
    for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):
        server = serve(http(b"", status=status, Location=inside.url()))
        answer = outbound.send(OutboundRequest(url=server.url()))
        assert answer.status == int(status[:3])
        assert answer.body == b""
    assert inside.connections == 0


def test_a_name_is_resolved_once_and_the_connection_goes_to_the_checked_address(serve, http, internet, tls):
    server = serve(http(b"public"), tls=tls.server)
    # the name leads to our own network as soon as it is asked for a second time
    net = internet(server, [PUBLIC], ["127.0.0.1"])
    assert net.outbound.send(OutboundRequest(url="https://client.example/keys")).body == b"public"
    assert net.resolver.asked == ["client.example"]
    assert net.connector.asked == [PUBLIC]
    assert b"Host: client.example\r\n" in server.requests[0]


def test_a_name_that_was_rebound_is_refused_at_the_next_request(serve, http, internet, tls):
    server = serve(http(), tls=tls.server)
    net = internet(server, [PUBLIC], ["127.0.0.1"])
    request = OutboundRequest(url="https://client.example/keys")
    net.outbound.send(request)
    with pytest.raises(ForbiddenDestination):
        net.outbound.send(request)
    assert net.connector.asked == [PUBLIC]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]])
def test_nothing_is_sent_to_a_name_that_leads_inward(serve, http, internet, addresses):
    server = serve(http())
    net = internet(server, addresses)
    with pytest.raises(ForbiddenDestination):
        net.outbound.send(OutboundRequest(url="https://client.example/keys"))
    assert net.connector.asked == []
    assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0", "017700000001", "[::1]", "[::ffff:7f00:1]"],
)
def test_no_way_to_write_our_own_address_leads_to_it(serve, http, host):
    server = serve(http())
    guarded = GuardedOutbound(Destinations(ports=frozenset({server.port})))
    with pytest.raises(OutboundError):
        guarded.send(OutboundRequest(url=f"https://{host}:{server.port}/"))
    assert server.connections == 0


def test_the_certificate_must_be_that_of_the_name(serve, http, internet, tls):
    server = serve(http(), tls=tls.server)
    net = internet(server, [PUBLIC])
    with pytest.raises(OutboundError):
        net.outbound.send(OutboundRequest(url="https://another.example/keys"))
    assert server.requests == []


def test_an_authority_that_is_not_trusted_is_refused(serve, http, tls):
    server = serve(http(), tls=tls.server)
    with pytest.raises(OutboundError):
        _loopback().send(OutboundRequest(url=server.url()))
    assert server.requests == []


def test_the_next_address_is_tried_when_one_is_down(serve, http, internet, tls):
    server = serve(http(b"up"), tls=tls.server)
    net = internet(server, [OTHER_PUBLIC, PUBLIC])
    real = net.connector.__call__

    def flaky(address, port, seconds):
        if str(address) == OTHER_PUBLIC:
            raise ConnectionRefusedError
        return real(address, port, seconds)

    outbound = GuardedOutbound(Destinations(), tls=tls.trusting, resolver=net.resolver, connector=flaky)
    assert outbound.send(OutboundRequest(url="https://client.example/")).body == b"up"
    assert net.connector.asked == [PUBLIC]


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"x" * 2000},
        {"body": b"x" * 2000, "Connection": "close", "Content_Length": "1"},
        {"body": b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n", "Transfer_Encoding": "chunked"},
        {"body": b"", "Content_Length": "99999999999"},
        {"body": b"{}", "Content_Length": "100"},
        {"body": b"\x1f\x8b", "Content_Encoding": "gzip"},
        {"body": b"{}", "X_Long": "x" * 100_000},
    ],
    ids=["too large", "too large without length", "too large in chunks", "announced", "cut off", "gzip", "header"],
)
def test_answers_beyond_the_limits_are_refused(serve, http, outbound, answer):
    raw = http(**answer)
    if answer.get("Connection") == "close":
        raw = raw.replace(b"Content-Length: 1\r\n", b"")
    with pytest.raises(OutboundError):
        outbound.send(OutboundRequest(url=serve(raw).url(), max_bytes=1000))


def test_an_answer_that_announces_too_much_is_not_waited_for(serve):
    server = serve(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"))
    began = time.monotonic()
    with pytest.raises(OutboundError, match="larger"):
        _loopback(OutboundLimits(seconds=4.0)).send(OutboundRequest(url=server.url(), max_bytes=1000))
    assert time.monotonic() - began < 3.0


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"\x00" * 100])
def test_what_is_no_http_is_refused(serve, outbound, raw):
    with pytest.raises(OutboundError):
        outbound.send(OutboundRequest(url=serve(raw).url()))


def drip(start, piece):
    def behave(connection):
        with suppress(OSError):
            connection.sendall(start)
            for _ in range(100):
                connection.sendall(piece)
                time.sleep(0.05)

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Header: 1\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda connection: time.sleep(5) or connection.close(),
    ],
    ids=["status line", "headers", "body", "body without length", "chunks", "continue", "silence"],
)
def test_a_server_that_drips_is_cut_off_at_the_deadline(serve, outbound, behave):
    began = time.monotonic()
    with pytest.raises(OutboundError):
        outbound.send(OutboundRequest(url=serve(behave).url()))
    assert time.monotonic() - began < 2.5


def test_a_silent_tls_handshake_is_cut_off_at_the_deadline(serve, internet):
    server = serve(drip(b"", b"\x16"))
    net = internet(server, [PUBLIC], seconds=0.5)
    began = time.monotonic()
    with pytest.raises(OutboundError):
        net.outbound.send(OutboundRequest(url="https://client.example/"))
    assert time.monotonic() - began < 2.0


def test_no_more_requests_are_under_way_than_allowed(serve, http, at_once):
    entered, leave = Event(), Event()

    def wait(connection):
        entered.set()
        leave.wait(5)
        connection.sendall(http())

    server = serve(wait)
    outbound = _loopback(OutboundLimits(seconds=5.0, at_once=1))

    def send(number):
        if number == 1:
            entered.wait(5)
        try:
            return outbound.send(OutboundRequest(url=server.url())).status
        except OutboundError as error:
            return str(error)
        finally:
            leave.set()

    assert at_once(2, send) == [200, "Too many requests to clients are under way."]
    assert outbound.send(OutboundRequest(url=server.url())).status == 200


def test_no_proxy_of_the_environment_is_used(serve, http, outbound, monkeypatch):
    proxy, server = serve(http(b"proxy")), serve(http(b"server"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url(""))
    assert outbound.send(OutboundRequest(url=server.url())).body == b"server"
    assert proxy.connections == 0


def test_an_unreachable_host_is_an_error(outbound):
    with pytest.raises(OutboundError):
        outbound.send(OutboundRequest(url="http://127.0.0.1:1/"))


def test_names_are_resolved_with_a_time_limit(monkeypatch):
    assert "127.0.0.1" in resolve("localhost", 80, 5.0)
    with pytest.raises(OutboundError):
        resolve("name.invalid", 80, 5.0)
    with pytest.raises(OutboundError):
        resolve("a" * 64 + ".example", 80, 5.0)
    release = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(5) and [])
    with pytest.raises(OutboundError):
        resolve("slow.example", 80, 0.05)
    release.set()


def _loopback(limits=None):
    return GuardedOutbound(Destinations(networks=(ipaddress.ip_network("127.0.0.0/8"),)), limits)
