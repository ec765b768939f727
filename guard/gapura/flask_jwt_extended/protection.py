import time
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import current_app, g, request

from gapura.errors import MissingTokenError, RevokedTokenError
from gapura.flask_jwt_extended.errors import (
    FRESH_FOR,
    ClaimsVerificationError,
    FreshTokenRequiredError,
    UserLookupError,
)
from gapura.flask_jwt_extended.locations import FoundToken, check_csrf, check_locations, find_token
from gapura.flask_jwt_extended.manager import JWTManager, get_manager
from gapura.flask_jwt_extended.state import JwtState, get_jwt_identity, set_state
from gapura.requirement import OPTIONAL, REQUIRED, mark

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def jwt_required(
    optional: bool = False,  # noqa: FBT001, FBT002 - the library's signature
    fresh: bool = False,  # noqa: FBT001, FBT002
    refresh: bool = False,  # noqa: FBT001, FBT002
    locations: str | Sequence[str] | None = None,
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Protect a view: it is called with a good token, or with none if that is `optional`."""
    places = None if locations is None else check_locations(locations)

    def decorate(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        @wraps(view)
        def protected(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            verify_jwt_in_request(optional, fresh, refresh, places)
            return cast("Answer", current_app.ensure_sync(view)(*args, **kwargs))

        mark(protected, OPTIONAL if optional else REQUIRED)
        return protected

    return decorate


def verify_jwt_in_request(
    optional: bool = False,  # noqa: FBT001, FBT002 - the library's signature
    fresh: bool = False,  # noqa: FBT001, FBT002
    refresh: bool = False,  # noqa: FBT001, FBT002
    locations: str | Sequence[str] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Check this request's token and give its header and claims; None where an optional one was not sent."""
    if request.method == "OPTIONS":
        return None
    manager = get_manager()
    places = manager.locations if locations is None else check_locations(locations)
    try:
        found = find_token(request, current_app.config, places, refresh=refresh)
    except MissingTokenError:
        if not optional:
            raise
        set_state(None)
        return None
    state = _verify(manager, found, fresh=fresh, refresh=refresh)
    return state.header, state.claims


def _verify(manager: JWTManager, found: FoundToken, *, fresh: bool, refresh: bool) -> JwtState:
    state = g.gapura_jwt_candidate = JwtState(found.text)
    manager.verifier(refresh=refresh).verify(found.text)
    check_csrf(found, state.claims)
    if fresh and not _is_fresh(state.claims, time.time()):
        raise FreshTokenRequiredError
    _ask_application(manager, state)
    set_state(state)
    state.user = _look_up_user(manager, state)
    return state


def _ask_application(manager: JWTManager, state: JwtState) -> None:
    is_revoked = manager.loader("token_in_blocklist_loader")
    if is_revoked is not None and is_revoked(state.header, state.claims):
        raise RevokedTokenError
    is_acceptable = manager.loader("token_verification_loader")
    if is_acceptable is not None and not is_acceptable(state.header, state.claims):
        raise ClaimsVerificationError


def _look_up_user(manager: JWTManager, state: JwtState) -> object:
    look_up = manager.loader("user_lookup_loader")
    if look_up is None:
        return None
    user: object = look_up(state.header, state.claims)
    if user is None:
        raise UserLookupError(f"Error loading the user {get_jwt_identity()}")
    return user


def _is_fresh(claims: Mapping[str, Any], now: float) -> bool:
    fresh, auth_time = claims["fresh"], claims.get("auth_time")
    if isinstance(fresh, bool):
        return fresh or (isinstance(auth_time, int | float) and now - auth_time <= FRESH_FOR)
    return isinstance(fresh, int | float) and now <= fresh
