"""Writes what came out as `RESULTS.md`."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.aims import Aim
from bench.micro import Figure
from bench.rounds import Measured

VERDICTS = {True: "met", False: "**missed**", None: "not measured"}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything beside the figures that a reader must know to judge them."""

    date: str
    machine: str
    versions: str
    cores: str
    #: how long, how often, with which generator
    method: str
    #: what `bench.profile_request` printed
    profile: str


def write_report(
    circumstances: Circumstances, results: Sequence[Measured], figures: Sequence[Figure], aims: Sequence[Aim]
) -> str:
    """Return the report as Markdown."""
    sections = (
        _introduction(circumstances),
        _aims(aims),
        _throughput(results),
        _micro(figures),
        _profile(circumstances.profile),
        _missing(results),
    )
    return "\n".join(line for section in sections for line in section)


def _introduction(circumstances: Circumstances) -> Iterator[str]:
    yield "# Side by side\n"
    yield f"Measured on {circumstances.date} with `make bench`; every run writes this file anew.\n"
    yield f"- Machine: {circumstances.machine}"
    yield f"- {circumstances.cores} Everything went over the loopback interface."
    yield f"- {circumstances.method}"
    yield f"- Versions: {circumstances.versions}.\n"
    yield "![Requests per second of every trial](results.svg)\n"


def _aims(aims: Sequence[Aim]) -> Iterator[str]:
    yield "## What was aimed at\n"
    yield "The verdict is about Gapura as shipped, with its access log. Most peers write none, so the last column"
    yield "repeats the comparison with ours off.\n"
    yield "| aim | bound | measured | verdict | access log off |"
    yield "|---|---:|---:|---|---:|"
    for aim in aims:
        bound = f"{'≤' if aim.at_most else '≥'} {aim.bound:g} {aim.unit}"
        measured, quiet = _value(aim, aim.value), _value(aim, aim.quiet)
        yield f"| {aim.promise} | {bound} | {measured} | {VERDICTS[aim.is_met]} | {quiet} |"
    yield ""


def _value(aim: Aim, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1f} {aim.unit}" if aim.at_most else f"{value:.2f} {aim.unit}"


def _throughput(results: Sequence[Measured]) -> Iterator[str]:
    yield "## `GET /products`\n"
    yield "Three products, the same bytes from everybody (Flask's `jsonify` ends them with a newline), 200 only with a"
    yield "good token. All check signature, issuer, audience and expiry; ours also reads a revocation bit. Peers verify"
    yield "the signature of every request; ours remembers a verified token, and is therefore also measured with tokens"
    yield "that it has not seen. Processor time is what the server's processes used for one request, whatever else the"
    yield "machine did meanwhile; memory is theirs after the last round (PSS).\n"
    yield "| trial | requests/s (median) | least … most | p99 | processor time | memory |"
    yield "|---|---:|---:|---:|---:|---:|"
    yield from (_line(one) for one in results if one.samples)
    yield from _generator(results)
    yield ""


def _line(one: Measured) -> str:
    rates = [sample.rate for sample in one.samples]
    costs = [sample.server_cost for sample in one.samples if sample.server_cost is not None]
    cells = (
        one.trial.title,
        f"{statistics.median(rates):,.0f}",
        f"{min(rates):,.0f} … {max(rates):,.0f}",
        f"{statistics.median(sample.p99 for sample in one.samples):g} ms",
        f"{statistics.median(costs):.0f} µs" if costs else "—",
        "—" if one.memory is None else f"{one.memory:.0f} MB",
    )
    return f"| {' | '.join(cells)} |"


def _generator(results: Sequence[Measured]) -> Iterator[str]:
    costs = [sample.generator_cost for one in results for sample in one.samples]
    if costs:
        yield f"\nThe load generator used at best {min(costs):.0f} µs of its own core for a request, so that it cannot"
        yield f"send more than about {1e6 / min(costs):,.0f} a second: a rate near that says little about the server."


def _micro(figures: Sequence[Figure]) -> Iterator[str]:
    if not figures:
        return
    yield "## Inside one process\n"
    yield "Medians of many calls, each timed by itself; no server, no network.\n"
    yield "| what | median | |"
    yield "|---|---:|---|"
    for one in figures:
        yield f"| {one.title} | {one.value:,.1f} {one.unit} | {one.note} |"
    yield ""


def _profile(text: str) -> Iterator[str]:
    yield "## Where the microseconds of a request go\n"
    yield "The applications called in one process, with an environ like Granian's: what is missed above is lost here."
    yield "Written by `python -m bench.profile_request`.\n"
    yield f"```text\n{text.strip()}\n```\n"


def _missing(results: Sequence[Measured]) -> Iterator[str]:
    failed = [one for one in results if one.failure]
    if not failed:
        return
    yield "## Not measured, or not to the end\n"
    for one in failed:
        yield f"- {one.trial.title}: {' '.join((one.failure or '').split())}"
    yield ""
