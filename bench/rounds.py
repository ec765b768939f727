"""Lets the trials take turns: A B C … A B C …, so that a noisy minute of the machine meets all of them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from bench.cores import Cores
from bench.credentials import Credentials
from bench.failures import BenchError
from bench.load import Load, Sample
from bench.peers.trust import VARIABLE
from bench.roster import Trial
from bench.servers import Running, running

#: More tokens than the guard's cache holds: taken in turn, each has been forgotten when it comes again.
UNSEEN_TOKENS = 10_240


@dataclass(slots=True)
class Measured:
    """What was found out about one trial; `failure` says why there is nothing."""

    trial: Trial
    samples: list[Sample] = field(default_factory=list)
    memory: float | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, how long (in seconds), and with what."""

    rounds: int
    seconds: int
    warm_up: int
    load: Load
    cores: Cores
    say: Callable[[str], object]


def measure(trials: Sequence[Trial], credentials: Credentials, plan: Plan) -> list[Measured]:
    """Start all servers, measure all trials in alternating rounds, and stop the servers."""
    results = [Measured(trial) for trial in trials]
    with ExitStack() as stack:
        course = _Course(credentials, plan, stack)
        for result in results:
            _attempt(course.start, result)
        for turn in range(1, plan.rounds + 1):
            plan.say(f"round {turn} of {plan.rounds}")
            for result in results:
                _attempt(course.take_turn, result)
    return results


def _attempt(step: Callable[[Measured], None], result: Measured) -> None:
    if result.failure is not None:
        return
    try:
        step(result)
    except BenchError as error:
        result.failure = str(error)


class _Course:
    """The servers that run, until the stack is closed."""

    def __init__(self, credentials: Credentials, plan: Plan, stack: ExitStack) -> None:
        self._credentials = credentials
        self._plan = plan
        self._stack = stack
        self._servers: dict[str, Running] = {}

    def start(self, result: Measured) -> None:
        """Start the server of a trial, unless another trial has it already."""
        server = result.trial.server
        if server.name in self._servers:
            return
        self._plan.say(f"starting {server.name}")
        environ = {VARIABLE: self._credentials.trust().as_text(), "GAPURA_ISSUER": self._credentials.issuer}
        started = self._stack.enter_context(running(server, environ, self._plan.cores.server))
        started.require_answers(self._credentials.token(server.algorithm or "ES256"))
        self._servers[server.name] = started

    def take_turn(self, result: Measured) -> None:
        """Measure a trial once; before the first time, warm up caches and compilers."""
        trial = result.trial
        server = self._servers[trial.server.name]
        if self._plan.warm_up and not result.samples:
            self._plan.load.send(server.port, self._tokens(trial), self._plan.warm_up)
        tokens, before = self._tokens(trial), server.processor_seconds()
        sample = self._plan.load.send(server.port, tokens, self._plan.seconds)
        after = server.processor_seconds()
        if before is not None and after is not None:
            sample = replace(sample, server_seconds=after - before)
        result.samples.append(sample)
        result.memory = server.memory()
        self._plan.say(f"  {sample.rate:8.0f} requests/s  {trial.title}")

    def _tokens(self, trial: Trial) -> list[str]:
        if trial.unseen:
            return self._credentials.tokens(UNSEEN_TOKENS)
        return [self._credentials.token(trial.server.algorithm or "ES256")]
