"""Who may see and change whom, and what becomes of a profile: the decisions, free of HTTP and SQL."""

from collections.abc import Mapping
from typing import Any

from gapura import AccessToken, InsufficientScopeError
from gapura_chassis.clock import Clock
from gapura_chassis.errors import NotFound
from gapura_chassis.preconditions import changed_meanwhile, require_match
from gapura_users.person import is_identifier, person_of
from gapura_users.profile import Microseconds, Person, Profile, merged, new_profile, renamed
from gapura_users.store.listing import Page, Search
from gapura_users.store.profiles import ProfileStore

READ = "users:read"
WRITE = "users:write"


class Directory:
    """All profiles, as one caller may use them."""

    def __init__(self, profiles: ProfileStore, clock: Clock) -> None:
        self._profiles = profiles
        self._clock = clock

    def welcome(self, token: AccessToken) -> Profile | None:
        """Return the caller's own profile, made or renamed where this token is the first to say so.

        None for a token with no person behind it.
        """
        person = person_of(token)
        if person is None:
            return None
        known = self._profiles.find(person.subject)
        return self._up_to_date(known, person) if known else self._introduce(person)

    def own(self, token: AccessToken) -> Profile:
        """Return the caller's own profile.

        Raises:
            NotFound: when the token is a program's.

        """
        profile = self.welcome(token)
        if profile is None:
            raise NotFound("This token belongs to a program, and only people have a profile.")
        return profile

    def visible(self, token: AccessToken, search: Search) -> Page[Profile]:
        """Return what the caller may see of the directory: a page of it with `users:read`, else only themselves."""
        own = self.welcome(token)
        if token.has_scope(READ):
            return self._profiles.page(search)
        return Page((own,) if own else (), None)

    def show(self, token: AccessToken, profile_id: str) -> Profile:
        """Return one profile.

        Raises:
            InsufficientScopeError: for somebody else's without `users:read`; whether it exists is not even looked up.
            NotFound: when there is none of that id.

        """
        own = self.welcome(token)
        if own is not None and own.id == profile_id:
            return own
        if not token.has_scope(READ):
            raise InsufficientScopeError({READ})
        return self._find(profile_id)

    def change(self, profile_id: str, changes: Mapping[str, Any], if_match: str | None) -> Profile:
        """Apply a JSON merge patch to the version that `if_match` names; returns the profile as it is then.

        Raises:
            NotFound: when there is none of that id.
            PreconditionRequired, PreconditionFailed: when `if_match` is missing, or names another version.

        """
        present = self._find(profile_id)
        require_match(if_match, present.version)
        changed = merged(present, changes, self._now())
        if changed is not present and not self._profiles.replace(changed, present.version):
            raise changed_meanwhile()
        return changed

    def remove(self, profile_id: str, if_match: str | None) -> None:
        """Delete the version that `if_match` names; raises as `change` does.

        What was known is gone. A person who is still let in gets a new, empty profile at their next request: keeping
        people out is the auth service's work.
        """
        present = self._find(profile_id)
        require_match(if_match, present.version)
        if not self._profiles.remove(profile_id, present.version):
            raise changed_meanwhile()

    def _introduce(self, person: Person) -> Profile:
        return self._profiles.add_if_absent(new_profile(person, self._now()))

    def _up_to_date(self, known: Profile, person: Person) -> Profile:
        profile = renamed(known, person, self._now())
        if profile is known or self._profiles.replace(profile, known.version):
            return profile
        return self._profiles.find(known.id) or known  # somebody was faster: theirs counts

    def _find(self, profile_id: str) -> Profile:
        profile = self._profiles.find(profile_id) if is_identifier(profile_id) else None
        if profile is None:
            raise NotFound("There is no user of that id.")
        return profile

    def _now(self) -> Microseconds:
        return int(self._clock() * 1_000_000)
