"""Views: what each demands and answers is said once, beside the method, and everything else is derived from it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TypedDict, TypeVar, Unpack, get_type_hints

from flask import Flask, Response, request
from pydantic import BaseModel

from gapura import Guard
from gapura_chassis.api.models import is_storable
from gapura_chassis.api.parsing import parse_body, parse_optional_body, parse_query
from gapura_chassis.errors import SENTENCES, NotFound

View = TypeVar("View", bound=Callable[..., Response])

#: Model of each success status; None where the answer has no body.
Answers = Mapping[int, type[BaseModel] | None]

_MARK = "__gapura_route__"


@dataclass(frozen=True, slots=True)
class DescribedBody:
    """A request body that the view reads by itself: only its description is needed here."""

    media_type: str
    #: a JSON Schema
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a service's HTTP interface."""

    method: str
    rule: str
    summary: str
    answers: Answers
    #: statuses of refusals beyond those that follow from the other fields
    refusals: tuple[int, ...] = ()
    public: bool = False
    scopes: tuple[str, ...] = ()
    #: whether the request may also come without a body
    optional_body: bool = False
    #: request headers beyond the standard ones: name to description
    headers: Mapping[str, str] = field(default_factory=dict)
    #: the body of a view that has no `body` argument
    described_body: DescribedBody | None = None


class _More(TypedDict, total=False):
    refusals: tuple[int, ...]
    public: bool
    scopes: tuple[str, ...]
    optional_body: bool
    headers: Mapping[str, str]
    described_body: DescribedBody | None


def get(rule: str, summary: str, answers: Answers, **more: Unpack[_More]) -> Callable[[View], View]:
    """Mark a method as the view of GET requests; keywords are the fields of `Route`."""
    return _marking(Route("GET", rule, summary, answers, **more))


def post(rule: str, summary: str, answers: Answers, **more: Unpack[_More]) -> Callable[[View], View]:
    """Mark a method as the view of POST requests; keywords are the fields of `Route`."""
    return _marking(Route("POST", rule, summary, answers, **more))


def put(rule: str, summary: str, answers: Answers, **more: Unpack[_More]) -> Callable[[View], View]:
    """Mark a method as the view of PUT requests; keywords are the fields of `Route`."""
    return _marking(Route("PUT", rule, summary, answers, **more))


def patch(rule: str, summary: str, answers: Answers, **more: Unpack[_More]) -> Callable[[View], View]:
    """Mark a method as the view of PATCH requests; keywords are the fields of `Route`."""
    return _marking(Route("PATCH", rule, summary, answers, **more))


def delete(rule: str, summary: str, answers: Answers, **more: Unpack[_More]) -> Callable[[View], View]:
    """Mark a method as the view of DELETE requests; keywords are the fields of `Route`."""
    return _marking(Route("DELETE", rule, summary, answers, **more))


def _marking(route: Route) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, route)
        return view

    return mark


@dataclass(frozen=True, slots=True)
class MountedRoute:
    """A route on an app, with the models of its arguments."""

    route: Route
    tag: str
    description: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None


def mount(app: Flask, guard: Guard, views: object, *, tag: str) -> list[MountedRoute]:
    """Put every marked method of an object on the app; returns what was mounted, for the OpenAPI document."""
    return [_mount_one(app, guard, view, tag) for view in _marked_methods(views)]


def _marked_methods(views: object) -> list[Callable[..., Response]]:
    marked = [view for _, view in inspect.getmembers(views, inspect.ismethod) if hasattr(view, _MARK)]
    return sorted(marked, key=lambda view: view.__code__.co_firstlineno)  # as they are written, so they are documented


def _mount_one(app: Flask, guard: Guard, view: Callable[..., Response], tag: str) -> MountedRoute:
    route: Route = getattr(view, _MARK)
    mounted = MountedRoute(route, tag, inspect.getdoc(view) or "", *_models(view))
    function = _parsing(view, mounted)
    guarded = guard.public(function) if route.public else guard.require(*route.scopes)(function)
    app.add_url_rule(route.rule, f"{tag}.{view.__name__}".replace(" ", "_"), guarded, methods=[route.method])
    return mounted


def _models(view: Callable[..., Response]) -> tuple[type[BaseModel] | None, type[BaseModel] | None]:
    hints = get_type_hints(view)
    return hints.get("body"), hints.get("query")


def _parsing(view: Callable[..., Response], mounted: MountedRoute) -> Callable[..., Response]:
    body, query = mounted.body, mounted.query
    read_body = parse_optional_body if mounted.route.optional_body else parse_body

    @wraps(view)
    def parse_and_call(**path: object) -> Response:
        if not is_storable(path):
            raise NotFound(SENTENCES[404])
        if query is not None:
            path["query"] = parse_query(request, query)
        if body is not None:
            path["body"] = read_body(request, body)
        return view(**path)

    return parse_and_call
