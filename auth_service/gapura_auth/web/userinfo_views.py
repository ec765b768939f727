"""The UserInfo endpoint (OpenID Connect Core, section 5.3)."""

from dataclasses import dataclass

from flask import Response, request

from gapura_auth.oauth.key_binding import PresentedKeys
from gapura_auth.oauth.userinfo import UserInfo, UserInfoRequest
from gapura_auth.web.oauth_requests import FORM, read_certificate, read_dpop_proofs, read_form
from gapura_auth.web.token_views import NEVER_STORED
from gapura_chassis.api import get, json_response, post
from gapura_chassis.api.routes import Answers

USERINFO = "/oauth/userinfo"
_ANSWERS: Answers = {200: None, 400: None, 401: None, 403: None}


@dataclass(frozen=True, slots=True)
class UserInfoViews:
    """Views for clients that somebody has logged in to."""

    userinfo: UserInfo

    # the guard of this service looks at tokens for our own interface; these are checked by the protocol itself
    @get(USERINFO, "Who has logged in?", _ANSWERS, public=True)
    def show(self) -> Response:
        """Return what the access token lets its client know of the person."""
        return self._answer(None)

    @post(USERINFO, "Who has logged in?", _ANSWERS, public=True)
    def show_for_post(self) -> Response:
        """Return the same; the token may also come as a form (RFC 6750, section 2.2)."""
        return self._answer(read_form(request).get("access_token") if request.mimetype == FORM else None)

    def _answer(self, token_in_form: str | None) -> Response:
        keys = PresentedKeys(read_dpop_proofs(request), read_certificate(request))
        authorization = request.headers.get("Authorization")
        answer = self.userinfo.answer(UserInfoRequest(request.method, authorization, token_in_form, keys))
        if answer.signed is not None:
            return Response(answer.signed, content_type="application/jwt", headers=NEVER_STORED)
        return json_response(answer.claims, headers=NEVER_STORED)
