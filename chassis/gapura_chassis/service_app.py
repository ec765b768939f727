"""Flask with what an API does not need left out, each by an extension point that Flask offers for it.

No cookies are read or written, so there is no session; one host is served, so the URL adapter needs no look at it; and
the answers are whole bytes, which need no iterator around them and which Granian sends in one go.
bench/profile_request.py shows what each of these costs.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_WITHOUT_BODY = frozenset({204, 304})


class NoSessions(SessionInterface):
    """Nothing is kept in cookies by Flask."""

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002 -- Flask's interface
        """Return the session that refuses to be written to."""
        return _NO_SESSION

    def is_null_session(self, obj: object) -> bool:  # noqa: ARG002 -- Flask's interface
        """Answer that there is nothing to save."""
        return True


_NO_SESSION = NullSession()


class WholeResponse(Response):
    """A response that is sent as it is when its body is whole and its headers need no completion."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, the short way where it is the same."""
        if not self._is_whole(environ):
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response if isinstance(self.response, list) else ()

    def _is_whole(self, environ: "WSGIEnvironment") -> bool:
        headers = self.headers
        return (
            type(self.response) is list
            and not self._on_close
            and environ["REQUEST_METHOD"] != "HEAD"
            and self.status_code not in _WITHOUT_BODY
            and "Content-Length" in headers
            and "Location" not in headers
        )


class ServiceApp(Flask):
    """The Flask class of our services."""

    response_class = WholeResponse
    session_interface = NoSessions()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return the adapter that matches a request's path; as Flask's own, for an application on one host."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return MapAdapter(
            self.url_map,
            server_name=str(environ.get("HTTP_HOST") or environ["SERVER_NAME"]),
            script_name=environ.get("SCRIPT_NAME") or "/",
            subdomain="",
            url_scheme=environ["wsgi.url_scheme"],
            path_info=request.path,
            default_method=environ["REQUEST_METHOD"],
            query_args=environ.get("QUERY_STRING", ""),
        )
