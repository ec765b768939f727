"""How guessing is slowed down: the policy, the counting, and that nobody is locked out by somebody else."""

import pytest

from gapura_auth.accounts.throttle import ADDRESS, PAIR, PAIR_UNDER_ATTACK, Allowance, attempt_of, network_of
from gapura_auth.credentials import PasswordHasher
from gapura_auth.store.throttle import blocked_until, failures_in, forget, give_back, purge_before, take_attempt

ATTACKER = "203.0.113.66"
ELSEWHERE = "192.0.2.10"


@pytest.mark.parametrize(
    ("allowance", "waits"),
    [
        (Allowance(3, 1, 8, 60), ((3, 1), (4, 2), (5, 4), (6, 8))),
        (Allowance(1, 30, 100, 60), ((1, 30), (2, 60), (3, 100))),
        (Allowance(5, 10, 10, 60), ((5, 10),)),
    ],
)
def test_the_wait_doubles_up_to_its_longest(allowance, waits):
    assert allowance.waits() == waits


@pytest.mark.parametrize("allowance", [PAIR, PAIR_UNDER_ATTACK, ADDRESS])
def test_no_wait_is_longer_than_failures_are_remembered(allowance):
    assert allowance.longest_wait <= allowance.forget_after
    assert allowance.free >= 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("a unix socket", "a unix socket"),
    ],
)
def test_an_ipv6_caller_is_its_whole_network(address, network):
    assert network_of(address) == network


def test_buckets_reveal_neither_name_nor_address_and_differ():
    attempt = attempt_of("ani", ATTACKER)
    buckets = {attempt.pair, attempt.address, attempt.account}
    assert len(buckets) == 3
    assert all(len(bucket) == 64 and "ani" not in bucket and "203" not in bucket for bucket in buckets)
    assert attempt_of("ani", ELSEWHERE).pair != attempt.pair
    assert attempt_of("ani", ELSEWHERE).account == attempt.account
    assert attempt_of("budi", ATTACKER).address == attempt.address


ALLOWANCE = Allowance(free=3, first_wait=10, longest_wait=40, forget_after=100)


def test_attempts_are_free_at_first_and_then_cost_a_wait_that_doubles(database):
    now = 1000.0
    with database.write() as connection:
        assert [take_attempt(connection, "b", ALLOWANCE, now) for _ in range(5)] == [True] * 3 + [False] * 2
        for wait in (10, 20, 40, 40):
            assert blocked_until(connection, "b") == now + wait
            assert not take_attempt(connection, "b", ALLOWANCE, now + wait - 0.001)
            now += wait
            assert take_attempt(connection, "b", ALLOWANCE, now)
        assert failures_in(connection, "b", ALLOWANCE, now) == 7


def test_failures_are_forgotten_after_a_while(database):
    with database.write() as connection:
        for _ in range(3):
            take_attempt(connection, "b", ALLOWANCE, 1000.0)
        assert failures_in(connection, "b", ALLOWANCE, 1099.0) == 3
        assert failures_in(connection, "b", ALLOWANCE, 1100.0) == 0
        assert [take_attempt(connection, "b", ALLOWANCE, 1100.0) for _ in range(4)] == [True] * 3 + [False]


def test_an_attempt_can_be_given_back_but_never_below_nothing(database):
    with database.write() as connection:
        take_attempt(connection, "b", ALLOWANCE, 1000.0)
        give_back(connection, ["b", "unknown"])
        give_back(connection, ["b"])
        assert failures_in(connection, "b", ALLOWANCE, 1000.0) == 0
        forget(connection, "b")
        assert blocked_until(connection, "b") == 0


def test_old_buckets_are_purged(database):
    with database.write() as connection:
        take_attempt(connection, "old", ALLOWANCE, 1000.0)
        take_attempt(connection, "new", ALLOWANCE, 2000.0)
        assert purge_before(connection, 1500.0) == 1
        assert failures_in(connection, "new", ALLOWANCE, 2000.0) == 1


# at the front door


def guess(service, times, username="ani", address=ATTACKER):
    return [service.login(username, "wrong", address=address).status_code for _ in range(times)]


def test_a_hundred_parallel_guesses_are_ten_and_no_more(open_service, database_url, at_once, monkeypatch):
    monkeypatch.setattr("gapura_auth.factory.HASHING_WAIT_SECONDS", 60)  # not what is tested here
    service = open_service(database_url, threads=130, hashing_queue=110)
    service.register()
    evaluated = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *values: evaluated.append(1) or verify(*values))
    answers = at_once(100, lambda _: service.login("ani", "wrong", address=ATTACKER))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 90
    assert len(evaluated) == 10
    assert {answer.headers["Retry-After"] for answer in answers if answer.status_code == 429} == {"1"}


def test_whoever_guesses_too_often_waits_twice_as_long_each_time(service_on_both):
    service = service_on_both
    service.register()
    assert guess(service, 11) == [401] * 10 + [429]
    for wait in (1, 2, 4, 8):
        refused = service.login("ani", "wrong", address=ATTACKER)
        assert refused.status_code == 429
        assert refused.json == {"msg": "Too many failed attempts. Please wait before you try again."}
        assert refused.headers["Retry-After"] == str(wait)
        service.clock.advance(wait)
        assert guess(service, 2) == [401, 429]
    service.clock.advance(3600)
    assert guess(service, 11) == [401] * 10 + [429]


def test_the_right_password_does_not_help_while_one_waits(service):
    service.register()
    guess(service, 10)
    assert service.login(address=ATTACKER).status_code == 429
    service.clock.advance(1)
    assert service.login(address=ATTACKER).status_code == 200


def test_a_name_that_nobody_has_is_throttled_just_the_same(service):
    assert guess(service, 11, username="nobody1") == [401] * 10 + [429]


def test_a_success_empties_the_pair(service_on_both):
    service = service_on_both
    service.register()
    for _ in range(3):
        assert guess(service, 9) == [401] * 9
        assert service.login(address=ATTACKER).status_code == 200


def test_an_attacker_at_one_address_locks_out_nobody_elsewhere(service_on_both):
    service = service_on_both
    service.register()
    guess(service, 30)
    assert service.login().status_code == 200
    assert service.login(address=ELSEWHERE).status_code == 200


def test_an_attacker_at_two_hundred_addresses_locks_out_nobody_elsewhere(service):
    service.register()
    for number in range(200):
        service.login("ani", "wrong", address=f"203.0.113.{number}")
    assert service.login().status_code == 200  # at home
    assert service.login(address=ELSEWHERE).status_code == 200  # at a place where the account never was


def test_under_attack_a_new_address_has_one_guess(service):
    service.register()
    for number in range(50):
        assert guess(service, 1, address=f"203.0.113.{number}") == [401]
    assert guess(service, 2, address=ELSEWHERE) == [401, 429]
    assert guess(service, 11, address="198.51.100.7") == [401] * 10 + [429]  # its home has all of them
    service.clock.advance(3601)
    assert guess(service, 2, address="203.0.113.200") == [401, 401]  # and the attack is forgotten


def test_an_address_that_tries_many_names_waits_but_not_for_accounts_at_home_there(service_on_both):
    service = service_on_both
    service.register("ani", address=ATTACKER)
    service.register("budi")
    bucket = attempt_of("x", ATTACKER).address
    with service.database.write() as connection:
        for _ in range(ADDRESS.free):
            assert take_attempt(connection, bucket, ADDRESS, service.clock())
    assert service.login("budi", address=ATTACKER).status_code == 429
    assert service.login("nobody1", address=ATTACKER).status_code == 429
    assert service.login("ani", address=ATTACKER).status_code == 200
    assert service.login("budi").status_code == 200


def test_where_one_has_logged_in_before_one_is_at_home(service):
    service.register()
    assert service.login(address=ELSEWHERE).status_code == 200
    bucket = attempt_of("x", ELSEWHERE).address
    with service.database.write() as connection:
        for _ in range(ADDRESS.free):
            take_attempt(connection, bucket, ADDRESS, service.clock())
    assert service.login(address=ELSEWHERE).status_code == 200


def test_addresses_of_one_ipv6_network_count_as_one(service):
    service.register()
    answers = [service.login("ani", "wrong", address=f"2001:db8::{number}").status_code for number in range(1, 12)]
    assert answers == [401] * 10 + [429]
    assert service.login("ani", "wrong", address="2001:db8:0:1::1").status_code == 401


def test_a_failure_and_the_beginning_of_a_wait_are_written_down(service_on_both):
    service = service_on_both
    account = service.register().json["id"]
    guess(service, 15)
    events = service.rows("SELECT action, target, address FROM audit_events WHERE action LIKE 'login.%' ORDER BY id")
    assert [event.action for event in events] == ["login.failed"] * 10 + ["login.throttled"]
    assert {(event.target, event.address) for event in events} == {(account, ATTACKER)}


def test_an_unknown_name_is_not_written_down_because_it_may_be_a_password(service):
    service.login("my secret password", "x")
    assert [row.target for row in service.rows("SELECT target FROM audit_events WHERE action = 'login.failed'")] == [
        "(unknown)"
    ]
