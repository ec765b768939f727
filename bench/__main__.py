"""`make bench`: measures everything and writes `bench/RESULTS.md` and `bench/results.svg`."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.aims import judge
from bench.cores import Cores
from bench.failures import BenchError
from bench.issuer import running_issuer
from bench.load import CONNECTIONS, Generator, Load
from bench.machine import describe_machine, describe_versions
from bench.micro import Figure, Scale, measure_all
from bench.plot import draw
from bench.report import Circumstances, write_report
from bench.roster import Trial, roster
from bench.rounds import Measured, Plan, measure
from bench.servers import BUILD, TREE

HERE = Path(__file__).resolve().parent
SMALL = Scale(repetitions=200, cached_tokens=100, sessions=10_000)
FEW = "gapura,gapura-public,fje-gthread,fastapi-hs256,fastify-es256"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for."""

    rounds: int
    seconds: int
    warm_up: int
    trials: tuple[Trial, ...]
    generator: Generator
    scale: Scale
    folder: Path


def main(arguments: Sequence[str]) -> int:
    """Run everything; returns the exit status, which says nothing about whether the aims were met."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped then too
    try:
        options = read_options(arguments)
        circumstances, results, figures = _run(options)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    aims = judge(results, figures)
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "RESULTS.md").write_text(write_report(circumstances, results, figures, aims), "utf-8")
    (options.folder / "results.svg").write_text(draw(results), "utf-8")
    print(f"Written: {options.folder / 'RESULTS.md'} and results.svg")
    return 0


def read_options(arguments: Sequence[str]) -> Options:
    """Read the command line; `--quick` is for a first look, and leaves the committed report alone."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of every trial (default: 5)")
    parser.add_argument("--seconds", type=int, default=4, help="length of a turn (default: 4)")
    parser.add_argument("--quick", action="store_true", help="a few trials of one second, for build/bench")
    parser.add_argument("--only", default="", help="keys of trials, comma-separated (default: all)")
    parser.add_argument("--load", choices=("autocannon", "plain"), default="autocannon", help="the load generator")
    parser.add_argument("--output", type=Path, help="folder of the report (default: bench)")
    given = parser.parse_args(arguments)
    if given.quick:
        return Options(1, 1, 0, _choose(given.only or FEW), given.load, SMALL, given.output or BUILD)
    trials = _choose(given.only)
    return Options(given.rounds, given.seconds, 1, trials, given.load, Scale(), given.output or HERE)


def _choose(keys: str) -> tuple[Trial, ...]:
    every = roster()
    wanted = [key for key in keys.split(",") if key] or [trial.key for trial in every]
    unknown = sorted(set(wanted) - {trial.key for trial in every})
    if unknown:
        raise BenchError(f"There is no trial {', '.join(unknown)}; there are {', '.join(one.key for one in every)}.")
    return tuple(trial for trial in every if trial.key in wanted)


def _run(options: Options) -> tuple[Circumstances, list[Measured], list[Figure]]:
    cores = Cores.choose()
    machine = describe_machine()
    plan = Plan(options.rounds, options.seconds, options.warm_up, Load(options.generator, cores.load), cores, _say)
    with running_issuer() as credentials:
        results = measure(options.trials, credentials, plan)
    _say("inside one process")
    figures = measure_all(options.scale)
    circumstances = Circumstances(
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        machine=machine,
        versions=describe_versions(),
        cores=cores.describe(),
        method=_method(options),
        profile=_profile(options.scale.repetitions),
    )
    return circumstances, results, figures


def _profile(requests: int) -> str:
    # in a process of its own: what ran before changes how Python has specialised the code
    command = [sys.executable, "-m", "bench.profile_request", "--requests", str(requests)]
    return subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True).stdout


def _method(options: Options) -> str:
    return (
        f"Load: {options.generator}, {CONNECTIONS} connections; every trial had {options.rounds} turn(s) of "
        f"{options.seconds} s, all trials in alternating rounds, after a warm-up of {options.warm_up} s."
    )


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
