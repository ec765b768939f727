import os
import threading

import pytest

from gapura.background import Background


class Job:
    """Counts its rounds, and can be held up in one."""

    def __init__(self):
        self.rounds = 0
        self.may_end = threading.Event()
        self.may_end.set()
        self.begun = threading.Event()

    def __call__(self):
        self.rounds += 1
        self.begun.set()
        assert self.may_end.wait(5)
        return 3600.0


@pytest.fixture
def job():
    return Job()


def test_nothing_runs_before_it_is_started(job):
    Background(job, "test")
    assert job.rounds == 0


def test_it_starts_once(job):
    background = Background(job, "test")
    for _ in range(10):
        background.start()
    assert job.begun.wait(5)
    assert [thread.name for thread in threading.enumerate()].count("test") == 1


def test_waking_waits_for_a_whole_round_that_began_afterwards(job):
    background = Background(job, "test-wake")
    background.wake(5)
    first = job.rounds
    background.wake(5)
    assert job.rounds > first


def test_patience_is_bounded(job):
    job.may_end.clear()
    background = Background(job, "test-patience")
    background.wake(0.01)
    assert job.rounds == 1
    job.may_end.set()


def test_many_who_wake_it_share_a_round(job):
    job.may_end.clear()
    background = Background(job, "test-share")
    background.start()
    assert job.begun.wait(5)
    threads = [threading.Thread(target=background.wake, args=(5,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    job.may_end.set()
    for thread in threads:
        thread.join()
    assert job.rounds <= 3


def test_it_repeats_by_itself():
    rounds = []
    done = threading.Event()

    def job():
        rounds.append(1)
        if len(rounds) >= 3:
            done.set()
            return 3600.0
        return 0.001

    Background(job, "test-repeat").start()
    assert done.wait(5)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_it_starts_again_in_a_forked_child(job):
    background = Background(job, "test-fork")
    background.wake(5)
    child = os.fork()
    if child == 0:
        before = job.rounds
        background.wake(5)
        os._exit(0 if job.rounds > before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_fork_replaces_the_lock_that_another_thread_may_hold(job):
    with Background._starting:  # noqa: SLF001
        Background.after_fork()
        Background(job, "test-lock").start()
    assert job.begun.wait(5)


def test_threads_that_start_it_at_once_start_it_once(job):
    background = Background(job, "test-race")
    threads = [threading.Thread(target=background.start) for _ in range(16)]
    with Background._starting:  # noqa: SLF001
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert job.begun.wait(5)
    assert job.rounds == 1


def test_a_round_that_fails_is_logged_and_not_the_last(caplog):
    rounds = []

    def job():
        rounds.append(1)
        if len(rounds) == 1:
            raise ZeroDivisionError
        return 3600.0

    background = Background(job, "test-failure")
    background.wake(5)
    background.wake(5)
    assert len(rounds) >= 2
    assert "A round of test-failure failed" in caplog.text
