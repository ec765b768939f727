from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Event

import pytest

from gapura_auth.credentials import HashingSlots, TooBusy
from gapura_auth.credentials import hashing_slots as module

LONG = 30.0  # a wait that only a broken test sees the end of


class AnnouncedEvent(Event):
    """Tells the test when somebody starts to wait."""

    waiting = None

    def wait(self, timeout=None):
        type(self).waiting.release()
        return super().wait(timeout)


@pytest.fixture
def somebody_waits(monkeypatch):
    from threading import Semaphore  # noqa: PLC0415 - beside its only use

    announced = Semaphore(0)
    monkeypatch.setattr(module, "Event", type("Announced", (AnnouncedEvent,), {"waiting": announced}))
    return lambda: announced.acquire(timeout=LONG)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(20) as executor:
        yield executor


def counts(slots):
    return slots.in_use, slots.waiting, slots.refused


def test_a_slot_is_held_for_a_block_and_given_back():
    slots = HashingSlots(slots=2, queue=0, wait_seconds=0)
    with slots.acquire():
        assert counts(slots) == (1, 0, 0)
        with slots.acquire():
            assert counts(slots) == (2, 0, 0)
    assert counts(slots) == (0, 0, 0)


def test_a_slot_is_given_back_when_the_block_fails():
    slots = HashingSlots(slots=1, queue=0, wait_seconds=0)
    with pytest.raises(RuntimeError), slots.acquire():
        raise RuntimeError
    assert counts(slots) == (0, 0, 0)


def test_without_room_in_the_queue_one_is_refused_at_once():
    slots = HashingSlots(slots=1, queue=0, wait_seconds=LONG)
    with slots.acquire():
        with pytest.raises(TooBusy) as refusal, slots.acquire():
            pytest.fail("the slot was taken")
        assert refusal.value.retry_after == 30
        assert refusal.value.code == "too_busy"
        assert counts(slots) == (1, 0, 1)
    assert counts(slots) == (0, 0, 1)


@pytest.mark.parametrize(("wait", "retry_after"), [(0, 1), (0.001, 1), (0.01, 1)])
def test_one_that_waited_long_enough_is_refused_and_leaves_the_queue(wait, retry_after):
    slots = HashingSlots(slots=1, queue=1, wait_seconds=wait)
    with slots.acquire():
        with pytest.raises(TooBusy) as refusal, slots.acquire():
            pytest.fail("the slot was taken")
        assert refusal.value.retry_after == retry_after
        assert counts(slots) == (1, 0, 1)
    with slots.acquire():
        assert counts(slots) == (1, 0, 1)


def test_those_who_wait_are_served_in_the_order_they_came(pool, somebody_waits):
    slots = HashingSlots(slots=1, queue=3, wait_seconds=LONG)
    served = []

    def work(name):
        with slots.acquire():
            served.append(name)

    with slots.acquire():
        jobs = []
        for name in "abc":
            jobs.append(pool.submit(work, name))
            somebody_waits()
        assert counts(slots) == (1, 3, 0)
        with pytest.raises(TooBusy), slots.acquire():
            pytest.fail("the queue was full")
    for job in jobs:
        job.result(LONG)
    assert served == ["a", "b", "c"]
    assert counts(slots) == (0, 0, 1)


def test_a_newcomer_does_not_overtake_the_queue(pool, somebody_waits):
    slots = HashingSlots(slots=1, queue=1, wait_seconds=LONG)
    proceed = Event()

    def work():
        with slots.acquire():
            proceed.wait(LONG)

    with slots.acquire():
        job = pool.submit(work)
        somebody_waits()
    # The slot went straight to the one who waited: there is never a moment in which it is free.
    assert counts(slots) == (1, 0, 0)
    proceed.set()
    job.result(LONG)


def test_never_more_than_the_slots_are_in_use_under_a_storm(pool):
    slots = HashingSlots(slots=3, queue=100, wait_seconds=LONG)
    inside, most = [], []
    start = Barrier(20)

    def work():
        start.wait(LONG)
        for _ in range(50):
            with slots.acquire():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    for job in [pool.submit(work) for _ in range(20)]:
        job.result(LONG)
    assert max(most) <= 3
    assert len(most) == 1000
    assert counts(slots) == (0, 0, 0)


def test_a_storm_larger_than_the_queue_is_told_to_come_back(pool, somebody_waits):
    slots = HashingSlots(slots=2, queue=3, wait_seconds=LONG)

    def work():
        with slots.acquire():
            return "served"

    with ExitStack() as held:
        held.enter_context(slots.acquire())
        held.enter_context(slots.acquire())
        jobs = []
        for _ in range(3):
            jobs.append(pool.submit(work))
            somebody_waits()
        refused = [pool.submit(work) for _ in range(10)]
        assert all(isinstance(job.exception(LONG), TooBusy) for job in refused)
    assert [job.result(LONG) for job in jobs] == ["served"] * 3
    assert counts(slots) == (0, 0, 10)


def test_a_slot_handed_over_as_the_wait_ends_is_used(monkeypatch):
    slots = HashingSlots(slots=1, queue=1, wait_seconds=0)
    first = slots.acquire()

    class LastMoment(Event):
        def wait(self, _timeout=None):
            first.__exit__(None, None, None)
            return False

    monkeypatch.setattr(module, "Event", LastMoment)
    first.__enter__()
    with slots.acquire():
        assert counts(slots) == (1, 0, 0)
    assert counts(slots) == (0, 0, 0)


@pytest.mark.parametrize("handed_over", [False, True])
def test_one_that_is_interrupted_while_waiting_takes_no_slot_along(monkeypatch, handed_over):
    slots = HashingSlots(slots=1, queue=1, wait_seconds=LONG)
    first = slots.acquire()

    class Interrupted(Event):
        def wait(self, _timeout=None):
            if handed_over:
                first.__exit__(None, None, None)
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "Event", Interrupted)
    first.__enter__()
    with pytest.raises(KeyboardInterrupt), slots.acquire():
        pytest.fail("the wait was interrupted")
    if not handed_over:
        first.__exit__(None, None, None)
    assert counts(slots) == (0, 0, 0)


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_impossible_numbers_are_refused_at_the_start(wrong):
    with pytest.raises(ValueError, match="at least one slot"):
        HashingSlots(*wrong)
