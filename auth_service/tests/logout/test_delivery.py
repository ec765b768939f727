"""Logout tokens arrive at clients that hang, fail, redirect or are not there, once, and nowhere they must not."""

import threading
import time
from dataclasses import dataclass, replace

import orjson
import pytest

from gapura.jose import import_key_set, parse_compact, verify
from gapura_auth.logout.background import PLACES, BackgroundDelivery
from gapura_auth.logout.delivery import BATCH, CLAIM_SECONDS
from gapura_auth.oauth.clients import Client, ClientAlgorithms, LogoutAddresses
from gapura_auth.oauth.logout_tokens import LOGOUT_EVENT
from gapura_auth.oauth.outbound import Destinations
from gapura_auth.outbound import GuardedOutbound, OutboundLimits


@dataclass(frozen=True)
class Clients:
    """Finds one client, whatever is asked for."""

    client: Client | None

    def find(self, _client_id):
        return self.client


def claims_of(service, token):
    """Verify a token as a client does: with the published keys."""
    keys = {key.kid: key for key in import_key_set(service.get("/.well-known/jwks.json").json)}
    return verify(token, keys[parse_compact(token).header.kid], typ={"logout+jwt"})


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_client_gets_a_token_that_the_published_keys_verify(service_on_both, logouts_of, receive, algorithm):
    logouts, receiver = logouts_of(service_on_both), receive()
    logouts.client("app", receiver.address, algorithm)
    session_id = logouts.end("app")
    assert logouts.delivery().deliver_due() == 1
    assert receiver.requests == [("POST", "/backchannel", "application/x-www-form-urlencoded")]
    (token,) = receiver.tokens
    assert parse_compact(token).header.alg == algorithm
    claims = claims_of(service_on_both, token)
    assert (claims["sub"], claims["aud"], claims["sid"]) == (logouts.account_id, "app", session_id)
    assert (claims["iss"], claims["events"]) == (service_on_both.settings.issuer, {LOGOUT_EVENT: {}})
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti", "sid", "events"}
    assert logouts.rows() == {session_id: "delivered"}
    assert logouts.delivery().deliver_due() == 0
    ((action, target, details),) = logouts.audited()
    assert (action, target, orjson.loads(details)) == ("logout.delivered", session_id, {"client": "app", "attempts": 1})


def test_204_is_as_good_as_200(logouts, receive):
    logouts.client("app", receive(statuses=[204]).address)
    logouts.end("app")
    assert logouts.delivery().deliver_due() == 1


def test_a_client_that_answers_500_twice_gets_it_at_the_third_time_with_a_new_token(logouts, receive):
    receiver, delivery = receive(statuses=[500, 500, 200]), logouts.delivery()
    logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    assert delivery.deliver_due() == 0
    logouts.service.clock.advance(1.9)
    assert delivery.deliver_due() == 0
    assert len(receiver.tokens) == 1  # it is not time yet
    logouts.service.clock.advance(0.2)
    assert delivery.deliver_due() == 0
    logouts.service.clock.advance(4.1)
    assert delivery.deliver_due() == 1
    assert len({claims_of(logouts.service, token)["jti"] for token in receiver.tokens}) == 3
    assert logouts.rows() == {session_id: "delivered"}
    assert orjson.loads(logouts.audited()[0][2])["attempts"] == 3


def test_a_client_that_refuses_is_not_asked_again(logouts, receive):
    receiver = receive(statuses=[400])
    logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    assert logouts.delivery().deliver_due() == 0
    assert logouts.rows() == {session_id: "given up"}
    ((action, target, details),) = logouts.audited()
    assert (action, target) == ("logout.failed", session_id)
    assert orjson.loads(details) == {"client": "app", "attempts": 1, "because": "the client answered 400"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(logouts, receive, status):
    receiver = receive(statuses=[status])
    logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    assert logouts.delivery().deliver_due() == 0
    assert [path for _, path, _ in receiver.requests] == ["/backchannel"]
    assert logouts.rows() == {session_id: "waits"}


def test_a_client_that_hangs_costs_one_request_for_all_its_people_and_holds_up_nobody_else(logouts, receive):
    slow, quick = receive(hangs=True), receive()
    logouts.client("slow", slow.address)
    logouts.client("quick", quick.address)
    waits = {logouts.end("slow") for _ in range(BATCH)}
    logouts.service.clock.advance(0.1)
    arrives = logouts.end("quick")
    begin = time.monotonic()
    assert logouts.delivery().deliver_due() == 1
    assert time.monotonic() - begin < 5
    assert len(slow.tokens) == 1
    assert logouts.rows() == dict.fromkeys(waits, "waits") | {arrives: "delivered"}


def test_a_client_that_is_away_for_hours_is_given_up_and_that_is_written_down(logouts, receive):
    receiver = receive()
    logouts.client("app", receiver.address.replace(str(receiver.port), "1"))
    session_id = logouts.end("app")
    delivery, attempts = logouts.delivery(), 0
    while logouts.rows() == {session_id: "waits"}:
        assert delivery.deliver_due() == 0
        logouts.service.clock.advance(15 * 60)
        attempts += 1
    assert 20 <= attempts <= 25
    ((action, _, details),) = logouts.audited()
    assert action == "logout.failed"
    assert "cannot be reached" in orjson.loads(details)["because"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/backchannel",
        "https://127.0.0.1:{port}/backchannel",
        "https://localhost:{port}/backchannel",
        "https://[::1]:{port}/backchannel",
        "https://[::ffff:127.0.0.1]:{port}/backchannel",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/out",
        "https://0.0.0.0:{port}/out",
        "http://user@127.0.0.1:{port}/out",
    ],
)
def test_an_address_inside_our_network_is_never_connected_to(logouts, receive, address):
    receiver = receive()
    client = logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    inside = replace(client, logout=LogoutAddresses(backchannel_uri=address.format(port=receiver.port)))
    on_the_internet = GuardedOutbound(Destinations(), OutboundLimits(seconds=1.0))
    delivery = logouts.delivery(outbound=on_the_internet, clients=Clients(inside))
    assert delivery.deliver_due() == 0
    assert receiver.requests == []
    assert logouts.rows() == {session_id: "given up"}
    assert logouts.audited()[0][0] == "logout.failed"


def test_a_client_that_has_no_address_any_more_hears_nothing_and_nothing_is_written_down(logouts, receive):
    receiver = receive()
    logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    with logouts.service.database.write() as connection:
        connection.exec_driver_sql("UPDATE clients SET metadata = REPLACE(metadata, 'backchannel_logout_uri', 'x')")
    assert logouts.delivery().deliver_due() == 0
    assert receiver.requests == []
    assert logouts.rows() == {session_id: "given up"}
    assert logouts.audited() == []


def test_a_client_that_cannot_be_found_now_may_be_found_later(logouts, receive):
    logouts.client("app", receive().address)
    session_id = logouts.end("app")
    assert logouts.delivery(clients=Clients(None)).deliver_due() == 0
    assert logouts.rows() == {session_id: "waits"}
    logouts.service.clock.advance(3)
    assert logouts.delivery().deliver_due() == 1


def test_an_algorithm_that_there_is_no_key_for_is_tried_again_when_there_may_be_one(logouts, receive):
    receiver = receive()
    client = logouts.client("app", receiver.address)
    session_id = logouts.end("app")
    strange = replace(client, algorithms=ClientAlgorithms(id_token="PS512"))
    assert logouts.delivery(clients=Clients(strange)).deliver_due() == 0
    assert receiver.requests == []
    assert logouts.rows() == {session_id: "waits"}


def test_a_process_that_died_while_delivering_is_replaced_by_another(logouts, receive):
    receiver = receive()
    logouts.client("app", receiver.address)
    logouts.end("app")
    assert len(logouts.delivery().claim()) == 1  # and then it is killed
    assert logouts.delivery().deliver_due() == 0
    logouts.service.clock.advance(CLAIM_SECONDS)
    assert logouts.delivery().deliver_due() == 1


@pytest.mark.parametrize("statuses", [[200], [500], [400]], ids=["delivered", "put off", "refused"])
def test_whoever_has_lost_the_claim_meanwhile_changes_nothing(logouts, receive, statuses):
    logouts.client("app", receive(statuses=statuses).address)
    session_id = logouts.end("app")
    late = logouts.delivery()
    claimed = late.claim()
    logouts.service.clock.advance(CLAIM_SECONDS)
    assert len(logouts.delivery().claim()) == 1
    late.deliver(claimed)
    assert logouts.rows() == {session_id: "waits"}
    assert logouts.audited() == []


def test_several_at_once_deliver_each_row_once(service_on_both, logouts_of, receive, at_once):
    logouts, receivers = logouts_of(service_on_both), [receive() for _ in range(3)]
    for number, receiver in enumerate(receivers):
        logouts.client(f"app{number}", receiver.address)
    expected = {logouts.end(f"app{number % 3}") for number in range(45)}
    at_once(4, lambda _: logouts.delivery().deliver_due())
    logouts.delivery().deliver_due()
    arrived = [claims_of(service_on_both, token)["sid"] for receiver in receivers for token in receiver.tokens]
    assert len(arrived) == 45
    assert set(arrived) == expected
    assert set(logouts.rows().values()) == {"delivered"}


def until(condition, seconds=10.0):
    """Wait for what other threads do."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "logout delivery"]


def test_in_the_background_a_client_that_hangs_holds_up_nobody(logouts, receive):
    slow, quick = receive(hangs=True), receive()
    logouts.client("slow", slow.address)
    logouts.client("quick", quick.address)
    logouts.end("slow")
    logouts.service.clock.advance(0.1)
    logouts.end("quick")
    assert BackgroundDelivery(logouts.delivery(outbound=logouts.outbound(20.0))).hand_out() == 2
    until(lambda: quick.tokens and slow.tokens)
    assert "waits" in logouts.rows().values()
    slow.released.set()
    until(lambda: set(logouts.rows().values()) == {"delivered"} and not threads())


def test_in_the_background_no_more_than_a_few_are_delivered_to_at_once(logouts, receive):
    receivers = [receive(hangs=True) for _ in range(PLACES + 2)]
    for number, receiver in enumerate(receivers):
        logouts.client(f"app{number}", receiver.address)
        logouts.end(f"app{number}")
    background = BackgroundDelivery(logouts.delivery(outbound=logouts.outbound(20.0)))
    thread = threading.Thread(target=background.hand_out, daemon=True)
    thread.start()
    until(lambda: sum(len(receiver.tokens) for receiver in receivers) == PLACES)
    assert thread.is_alive()
    for receiver in receivers:
        receiver.released.set()
    thread.join(10)
    until(lambda: set(logouts.rows().values()) == {"delivered"} and not threads())


def test_in_the_background_a_failure_is_logged_and_gives_its_place_back(logouts, receive, capsys):
    logouts.client("app", receive().address)
    for _ in range(PLACES * BATCH + 1):
        logouts.end("app")

    class Broken:
        def find(self, _client_id):
            raise RuntimeError("the disk is on fire")

    assert BackgroundDelivery(logouts.delivery(clients=Broken())).hand_out() == PLACES * BATCH + 1
    until(lambda: not threads())
    assert "delivery failed" in capsys.readouterr().out


def test_in_the_background_a_database_that_is_away_costs_no_place(logouts):
    class Away:
        def read(self):
            raise RuntimeError("the database is away")

    background = BackgroundDelivery(logouts.delivery(database=Away()))
    for _ in range(PLACES + 1):
        with pytest.raises(RuntimeError):
            background.hand_out()
