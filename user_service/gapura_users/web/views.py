from flask import Response, request

from gapura import current_token
from gapura_chassis.api import delete, get, json_response, patch
from gapura_chassis.language import Sentence, say
from gapura_chassis.preconditions import entity_tag, is_unchanged
from gapura_users.directory import WRITE, Directory
from gapura_users.person import displayed_username
from gapura_users.profile import Profile
from gapura_users.web.models import ListQuery, ProfileChanges, ProfileView, UserList

WELCOME = Sentence(id="Selamat datang, {name}!", en="Welcome, {name}!")
PROTECTED = Sentence(
    id="Ini adalah data terlindungi dari User Service.", en="This is protected data from the User Service."
)

IF_NONE_MATCH = {"If-None-Match": "An ETag: if it is still the present one, the answer is 304 without a body."}
IF_MATCH = {"If-Match": "The ETag of the version to change, or `*` for whichever there is."}


class UserViews:
    """The HTTP interface of the directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @get("/users", "List users", {200: UserList})
    def list_users(self, query: ListQuery) -> Response:
        """Without the scope `users:read` the list holds only the caller."""
        page = self._directory.visible(current_token, query.search())
        answer = UserList(
            msg=say(WELCOME, name=displayed_username(current_token)),
            data=say(PROTECTED),
            users=[ProfileView.of(profile) for profile in page.items],
            next=page.next,
        )
        return json_response(answer, headers={"Vary": "Accept-Language"})

    @get("/users/me", "Show one's own profile", {200: ProfileView, 304: None}, refusals=(404,), headers=IF_NONE_MATCH)
    def show_me(self) -> Response:
        """Make it, where this is the first sight of a person's token. A program's token has none: 404."""
        return _show(self._directory.own(current_token))

    @patch("/users/me", "Change one's own profile", {200: ProfileView}, refusals=(404,), headers=IF_MATCH)
    def change_me(self, body: ProfileChanges) -> Response:
        """Apply a JSON merge patch. The username is the account's, and changes there."""
        own = self._directory.own(current_token)
        return _changed(self._directory.change(own.id, _changes(body), request.headers.get("If-Match")))

    @get("/users/<id>", "Show a profile", {200: ProfileView, 304: None}, headers=IF_NONE_MATCH)
    def show_user(self, id: str) -> Response:  # noqa: A002 -- the name of the member
        """Somebody else's needs the scope `users:read`: without it the answer is 403, whether they exist or not."""
        return _show(self._directory.show(current_token, id))

    @patch("/users/<id>", "Change a profile", {200: ProfileView}, scopes=(WRITE,), headers=IF_MATCH)
    def change_user(self, id: str, body: ProfileChanges) -> Response:  # noqa: A002 -- as above
        """Apply a JSON merge patch."""
        self._directory.welcome(current_token)
        return _changed(self._directory.change(id, _changes(body), request.headers.get("If-Match")))

    @delete("/users/<id>", "Delete a profile", {204: None}, scopes=(WRITE,), headers=IF_MATCH)
    def delete_user(self, id: str) -> Response:  # noqa: A002 -- as above
        """All that is known is erased. A person who is still let in gets a new, empty profile at the next request."""
        self._directory.welcome(current_token)
        self._directory.remove(id, request.headers.get("If-Match"))
        return Response(status=204)


def _changes(body: ProfileChanges) -> dict[str, object]:
    return body.model_dump(exclude_unset=True)


def _show(profile: Profile) -> Response:
    if is_unchanged(request.if_none_match, profile.version):
        return Response(status=304, headers={"ETag": entity_tag(profile.version)})
    return _changed(profile)


def _changed(profile: Profile) -> Response:
    return json_response(ProfileView.of(profile), headers={"ETag": entity_tag(profile.version)})
