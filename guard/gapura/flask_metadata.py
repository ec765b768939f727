from collections.abc import Callable, Iterator

from flask import Flask, Response, jsonify

from gapura.flask_requirement import requirement_of
from gapura.metadata import METADATA_MAX_AGE, ProtectedResource
from gapura.requirement import PUBLIC, mark
from gapura.verifier import Verifier


def serve_metadata(app: Flask, resource: ProtectedResource, verifier: Callable[[], Verifier]) -> None:
    """Add the public route that says where to log in for an application (RFC 9728 section 3)."""

    def protected_resource_metadata() -> Response:
        issuers = {issuer.issuer for issuer in verifier().issuers if issuer.issuer}
        response = jsonify(resource.metadata(issuers, set(_scopes(app))))
        response.cache_control.max_age = METADATA_MAX_AGE
        return response

    mark(protected_resource_metadata, PUBLIC)
    app.add_url_rule(resource.metadata_path, view_func=protected_resource_metadata)


def _scopes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            requirement = requirement_of(app.view_functions[rule.endpoint], method)
            yield from requirement.all_of | requirement.any_of
