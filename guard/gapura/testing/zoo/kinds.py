"""Another kind of token from the same issuer, under the same key, is taken for an access token."""

from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_CONFUSION = "RFC 8725 section 2.8: cross-JWT confusion"


def _typed(name: str, typ: object, reference: str = _CONFUSION, **claims: object) -> Attack:
    return Attack(name, reference, lambda forger: forger.signed(forger.header(typ=typ), forger.claims(**claims)))


def _logout_token(forger: Forger) -> str:
    events: dict[str, object] = {"http://schemas.openid.net/event/backchannel-logout": {}}
    return forger.signed(forger.header(typ="logout+jwt"), forger.claims(events=events, sid="s"))


ATTACKS = (
    _typed("id-token", "JWT", "RFC 9068 section 4, OpenID Connect Core 1.0", nonce="n"),
    _typed("token-without-a-type", ..., "RFC 9068 section 4"),
    _typed("type-that-is-null", None, "RFC 9068 section 4"),
    _typed("type-that-is-a-list", ["at+jwt"], "RFC 7515 section 4.1.9"),
    _typed("type-that-only-begins-alike", "at+jwt;x=1", "RFC 9068 section 4"),
    _typed("refresh-token", "JWT", type="refresh"),
    _typed("dpop-proof", "dpop+jwt"),
    _typed("client-assertion", "client-authentication+jwt"),
    _typed("request-object", "oauth-authz-req+jwt", "RFC 9101, RFC 8725 section 2.8"),
    _typed("introspection-answer", "token-introspection+jwt", "RFC 9701, RFC 8725 section 2.8"),
    _typed("status-list", "statuslist+jwt"),
    _typed("security-event", "secevent+jwt", "RFC 8417 section 4.2"),
    Attack("logout-token", "OpenID Connect Back-Channel Logout 1.0 section 2.4", _logout_token),
)
