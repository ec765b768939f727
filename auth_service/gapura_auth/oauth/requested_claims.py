"""Claims that a client asks for one by one, in the `claims` parameter (OpenID Connect Core, section 5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gapura.jose import JoseError, parse_json_object
from gapura_auth.oauth.errors import InvalidRequest

LONGEST_CLAIMS = 8_192
MOST_CLAIMS = 100
LONGEST_NAME = 255

#: What is asked of each claim, by its name: nothing in particular, or members such as `essential` and `value`.
ClaimRequests = Mapping[str, Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class RequestedClaims:
    """The claims asked for in the ID token, and those asked for at UserInfo."""

    id_token: ClaimRequests = field(default_factory=dict)
    userinfo: ClaimRequests = field(default_factory=dict)

    def to_mapping(self) -> dict[str, ClaimRequests]:
        """Return the members as they travel."""
        return {"id_token": self.id_token, "userinfo": self.userinfo}

    def accepted_values(self, name: str) -> tuple[str, ...]:
        """Return the values of an ID token's claim that the client wants to see; none where it does not care."""
        request = self.id_token.get(name) or {}
        values = request.get("values")
        several = values if isinstance(values, list) else []
        return tuple(value for value in (request.get("value"), *several) if isinstance(value, str))

    def is_essential(self, name: str) -> bool:
        """Whether the client cannot go on without this claim of the ID token (section 5.5.1)."""
        return (self.id_token.get(name) or {}).get("essential") is True


NO_CLAIMS = RequestedClaims()


def parse_claims(text: str | None) -> RequestedClaims:
    """Read a `claims` parameter; members that are not understood are ignored, as section 5.5 wants.

    Raises:
        InvalidRequest: when it is not JSON, or is larger than any honest request.

    """
    if text is None:
        return NO_CLAIMS
    if len(text) > LONGEST_CLAIMS:
        raise InvalidRequest("The claims parameter is too long.")
    try:
        content = parse_json_object(text.encode("utf-8", "surrogatepass"))
    except JoseError:
        raise InvalidRequest("The claims parameter is not a JSON object.") from None
    return RequestedClaims(_requests(content.get("id_token")), _requests(content.get("userinfo")))


def _requests(member: object) -> ClaimRequests:
    if member is None:
        return {}
    if not isinstance(member, dict) or len(member) > MOST_CLAIMS or any(len(name) > LONGEST_NAME for name in member):
        raise InvalidRequest("The claims parameter does not list claims by name.")
    if not all(request is None or isinstance(request, dict) for request in member.values()):
        raise InvalidRequest("The claims parameter asks for a claim with something else than null or an object.")
    return member
