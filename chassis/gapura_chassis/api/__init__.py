"""How a service describes its HTTP interface once, and gets parsing, refusals and the OpenAPI document from it.

A view is a method with typed arguments, marked with `get`, `post`, `put`, `patch` or `delete`; `mount` puts an object
full of views on a Flask app. Arguments named `body` and `query` are pydantic models: they are parsed strictly before
the view runs, and a view never sees a value that its model does not allow.
"""

from gapura_chassis.api.models import Body, Query, Representation
from gapura_chassis.api.responses import json_response
from gapura_chassis.api.routes import Route, delete, get, mount, patch, post, put

__all__ = [
    "Body",
    "Query",
    "Representation",
    "Route",
    "delete",
    "get",
    "json_response",
    "mount",
    "patch",
    "post",
    "put",
]
