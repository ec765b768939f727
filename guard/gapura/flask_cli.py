"""`flask guard routes` and `flask guard explain`: what is protected, and why a token is refused."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from gapura.explain import Outcome, Step, explain
from gapura.flask_requirement import requirement_of, serves_static_files
from gapura.requirement import Access, Requirement, mark_of

if TYPE_CHECKING:
    from gapura.flask_guard import Guard

guard_commands = AppGroup("guard", help="What is protected, and why a token is refused.")
_SIGNS = {Outcome.PASSED: "[ok]", Outcome.FAILED: "[!!]", Outcome.NOT_REACHED: "[  ]"}


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One route with one method, and what it demands."""

    method: str
    path: str
    demand: str


@guard_commands.command("routes")
def show_routes() -> None:
    """Show every route with what it demands; fail if a mark that somebody wrote does not take effect."""
    lines = sorted(route_lines(current_app), key=lambda line: (line.path, line.method))
    width = max((len(line.path) for line in lines), default=0)
    for line in lines:
        click.echo(f"{line.method:7} {line.path:{width}}  {line.demand}")
    problems = list(find_problems(current_app))
    for problem in problems:
        click.echo(f"PROBLEM: {problem}", err=True)
    sys.exit(1 if problems else 0)


@guard_commands.command("explain")
@click.option("--token", required=True, help="The access token, or - to read it from the standard input.")
@click.argument("method")
@click.argument("path")
def explain_refusal(token: str, method: str, path: str) -> None:
    """Check a token for METHOD PATH step by step: which check fails, and what to do about it."""
    text = sys.stdin.read().strip() if token == "-" else token  # noqa: S105 - a dash is no secret
    requirement = _requirement_at(current_app, method.upper(), path)
    click.echo(f"{method.upper()} {path} demands: {describe(requirement)}")
    if requirement.kind is Access.PUBLIC:
        return
    guard: Guard = current_app.extensions["gapura"]
    steps = explain(guard.verifier, text, requirement, now=time.time())
    _show(steps)
    sys.exit(1 if any(step.outcome is Outcome.FAILED for step in steps) else 0)


def route_lines(app: Flask) -> Iterator[RouteLine]:
    """List the routes of an application, one line for each method that somebody wrote."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in _written_methods(rule):
            demand = "public: files" if serves_static_files(view) else describe(requirement_of(view, method))
            yield RouteLine(method, str(rule.rule), demand)


def describe(requirement: Requirement) -> str:
    """Say in a few words what a route demands."""
    if requirement.kind is not Access.REQUIRED:
        return str(requirement.kind.value)
    return ", ".join(["token", *_extras(requirement)])


def find_problems(app: Flask) -> Iterator[str]:
    """Find marks that do not take effect: the view that carries one is not the one that Flask calls.

    A decorator without functools.wraps between the mark and the route loses it, and the route demands less than it
    says; a route that is called by nobody is worth a look too.
    """
    guard: Guard = app.extensions["gapura"]
    reached = set(_reached_views(app))
    for view in guard.marked:
        if id(view) not in reached:
            name = getattr(view, "__qualname__", repr(view))
            yield f"{name} is marked, but no route calls it as it is: put the mark directly under the route."


def _reached_views(app: Flask) -> Iterator[int]:
    for view in app.view_functions.values():
        view_class = getattr(view, "view_class", None)
        members = vars(view_class).values() if view_class is not None else ()
        for candidate in (view, view_class, *members):
            yield from _through_wrappers(candidate)


def _through_wrappers(view: object) -> Iterator[int]:
    # functools.wraps copies the mark along with everything else, so a wrapper carries what it wraps.
    while view is not None:
        yield id(view)
        view = getattr(view, "__wrapped__", None) if mark_of(view) is not None else None


def _extras(requirement: Requirement) -> Iterator[str]:
    if requirement.all_of:
        yield "scope " + " ".join(sorted(requirement.all_of))
    if requirement.any_of:
        yield "one of the scopes " + " ".join(sorted(requirement.any_of))
    if requirement.max_age is not None:
        yield f"login within {requirement.max_age} s"
    if requirement.acr:
        yield "acr " + " or ".join(requirement.acr)
    if requirement.fresh:
        yield "fresh revocations"


def _written_methods(rule: Rule) -> Iterable[str]:
    automatic = {"HEAD"} | ({"OPTIONS"} if getattr(rule, "provide_automatic_options", False) else set())
    methods = rule.methods or set()
    return sorted(methods - automatic) or sorted(methods)


def _requirement_at(app: Flask, method: str, path: str) -> Requirement:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method=method)
    except HTTPException as error:
        raise click.ClickException(f"There is no route {method} {path}: it is answered with {error}.") from None
    return requirement_of(app.view_functions[str(endpoint)], method)


def _show(steps: Iterable[Step]) -> None:
    for step in steps:
        click.echo(f"{_SIGNS[step.outcome]} {step.sentence}")
        if step.outcome is Outcome.FAILED:
            click.echo(f"     {step.detail}\n     What to do: {step.advice}")
