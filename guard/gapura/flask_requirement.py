"""What a Flask view demands, read from its mark; deny by default lives here."""

from collections.abc import Mapping

from flask import Request

from gapura.requirement import PUBLIC, REQUIRED, Requirement, mark_of

_STATIC_FILE_MODULES = {"flask.app", "flask.blueprints"}


def requirement_of(view: object, method: str = "GET") -> Requirement:
    """Say what a view function demands; of a class-based view, what its method for this HTTP method demands."""
    marked = mark_of(view)
    if marked is None and (view_class := getattr(view, "view_class", None)) is not None:
        handler = getattr(view_class, method.lower(), None) or getattr(view_class, "get", None)
        marked = mark_of(handler) or mark_of(view_class)
    if marked is None:
        return PUBLIC if serves_static_files(view) else REQUIRED
    return marked


def requirement_at(request: Request, views: Mapping[str, object]) -> Requirement:
    """Say what the route of a request demands; where there is none, Flask itself answers 404, 405 or a redirect."""
    rule = request.url_rule
    if rule is None:
        return PUBLIC
    method: str = request.environ["REQUEST_METHOD"]
    if method == "OPTIONS" and getattr(rule, "provide_automatic_options", False):
        return PUBLIC
    return requirement_of(views[rule.endpoint], method)


def serves_static_files(view: object) -> bool:
    """Tell whether a view is Flask's own for the files of a static folder: those are public by being put there."""
    return getattr(view, "__module__", None) in _STATIC_FILE_MODULES
