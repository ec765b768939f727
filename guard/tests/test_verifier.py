import pytest

from gapura.errors import ConfigurationError, ExpiredTokenError, InvalidTokenError, KeysUnavailableError
from gapura.issuers import SharedSecretIssuer, TrustedIssuer
from gapura.jose import generate_signing_key, shared_secret_key, sign
from gapura.keys import SharedSecret, StaticKeySet
from gapura.verifier import Verifier

ISSUER, AUDIENCE, SECRET = "https://login.example", "shop", "a shared secret of more than 32 bytes"


class ForgetfulKeySet:
    """Keys that a test takes away."""

    def __init__(self, key):
        self.key = key

    def find(self, _kid):
        return self.key


class NoKeysYet:
    def find(self, _kid):
        raise KeysUnavailableError


@pytest.fixture
def old_token(clock):
    """Makes what Flask-JWT-Extended makes."""

    def make(secret=SECRET, **changes):
        now = int(clock())
        claims = {"fresh": False, "iat": now, "jti": "1", "type": "access", "sub": "ani", "nbf": now, "exp": now + 900}
        return sign(claims | changes, shared_secret_key(secret), typ="JWT")

    return make


@pytest.fixture
def old_verifier(clock):
    return Verifier([SharedSecretIssuer(SharedSecret(SECRET), ISSUER, AUDIENCE)], clock=clock)


def test_a_good_token_says_who_what_and_for_how_long(verifier, make_token, clock):
    now = int(clock())
    token = verifier.verify(
        make_token(
            preferred_username="ani", scope="a b", sid="s1", jti="j1", auth_time=now - 5, acr="2", aud=["x", "shop"]
        )
    )
    assert (token.subject, token.username, token.issuer, token.audience) == ("7f3c", "ani", ISSUER, ("x", "shop"))
    assert (token.client_id, token.session_id, token.token_id) == ("web", "s1", "j1")
    assert (token.issued_at, token.expires_at, token.auth_time, token.acr) == (now, now + 600, now - 5, "2")
    assert token.scopes == {"a", "b"}
    assert token.has_scope("a", "b")
    assert not token.has_scope("a", "c")


def test_without_a_username_the_subject_is_the_name(verifier, make_token):
    assert verifier.verify(make_token()).username == "7f3c"


def test_nothing_in_a_verified_token_can_be_changed(verifier, make_token):
    token = verifier.verify(make_token(groups=["a", {"b": [1]}]))
    with pytest.raises(AttributeError):
        token.subject = "admin"
    with pytest.raises(TypeError):
        token.claims["groups"] = []
    assert token.claims["groups"][0] == "a"
    with pytest.raises(TypeError):
        token.claims["groups"][1]["b"] = []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": ...}, "issuer"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": ISSUER.upper()}, "issuer"),
        ({"iss": ""}, "issuer"),
        ({"iss": [ISSUER]}, "iss is not a string"),
        ({"aud": ...}, "audience"),
        ({"aud": "other"}, "audience"),
        ({"aud": "shopping"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["other", "SHOP"]}, "audience"),
        ({"aud": 5}, "aud"),
        ({"aud": {"shop": 1}}, "aud"),
        ({"aud": ["shop", 5]}, "aud"),
        ({"sub": ...}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 5}, "sub"),
        ({"sub": None}, "sub"),
        ({"iat": ...}, "iat"),
        ({"iat": "1800000000"}, "iat"),
        ({"iat": True}, "iat"),
        ({"iat": -1}, "iat"),
        ({"exp": ...}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 10**300}, "exp"),
        ({"exp": 1e300}, "exp"),
        ({"exp": -1}, "exp"),
        ({"nbf": "soon"}, "nbf"),
        ({"scope": ["a"]}, "scope"),
        ({"client_id": 5}, "client_id"),
        ({"sid": {}}, "sid"),
        ({"jti": 5}, "jti"),
        ({"acr": 2}, "acr"),
        ({"auth_time": "now"}, "auth_time"),
        ({"preferred_username": 5}, "preferred_username"),
        ({"status": "revoked"}, "status"),
        ({"status": {"status_list": {"idx": -1, "uri": ISSUER}}}, "index"),
        ({"status": {"status_list": {"idx": True, "uri": ISSUER}}}, "index"),
        ({"status": {"status_list": {"idx": 1}}}, "uri"),
    ],
)
def test_a_token_that_says_something_wrong_is_refused(verifier, make_token, changes, reason):
    with pytest.raises(InvalidTokenError, match=reason):
        verifier.verify(make_token(**changes))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "id_token+jwt", "logout+jwt", "dpop+jwt", "at+jwt2", ""])
def test_only_access_tokens_are_access_tokens(verifier, make_token, typ):
    with pytest.raises(InvalidTokenError, match="not an access token"):
        verifier.verify(make_token(typ=typ))


@pytest.mark.parametrize(("age", "good"), [(599, True), (599.999, True), (600, False), (601, False)])
def test_a_token_is_refused_from_its_last_second_on_seen_before_or_not(verifier, make_token, clock, age, good):
    seen, unseen = make_token(), make_token(jti="2")
    verifier.verify(seen)
    clock.advance(age)
    for token in (seen, unseen):
        if good:
            assert verifier.verify(token)
        else:
            with pytest.raises(ExpiredTokenError, match="Token has expired"):
                verifier.verify(token)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_an_issuers_clock_may_be_a_little_ahead(verifier, make_token, clock, claim):
    assert verifier.verify(make_token(**{claim: int(clock()) + 10}))
    with pytest.raises(InvalidTokenError, match="not valid yet"):
        verifier.verify(make_token(**{claim: int(clock()) + 11}))


def test_the_key_must_be_published_and_the_signature_its_own(verifier, make_token, clock):
    stranger = type(make_token)(generate_signing_key("ES256", kid="key-1"), clock)
    with pytest.raises(InvalidTokenError, match="signature"):
        verifier.verify(stranger())
    unknown = type(make_token)(generate_signing_key("ES256", kid="key-2"), clock)
    with pytest.raises(InvalidTokenError, match="does not publish"):
        verifier.verify(unknown())


def test_a_public_key_is_not_a_shared_secret(verifier, make_token, signing_key):
    pem = signing_key.material.as_pem(private=False)
    for secret in (pem, pem.strip(), signing_key.material.as_der(private=False)):
        forged = sign(make_token.claims(), _hmac_key(secret), typ="at+jwt")
        with pytest.raises(InvalidTokenError):
            verifier.verify(forged)


def _hmac_key(secret):
    key = shared_secret_key(b"x" * 32)
    object.__setattr__(key.material, "_raw_value", secret)
    return key


def test_a_token_seen_before_is_not_examined_again(verifier, make_token, monkeypatch):
    text = make_token()
    first = verifier.verify(text)
    monkeypatch.setattr(verifier, "examine", None)
    assert verifier.verify(text) is first


def test_a_killed_key_takes_its_tokens_along(signing_key, make_token, clock):
    keys = ForgetfulKeySet(signing_key.verification_key)
    verifier = Verifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], clock=clock)
    text = make_token()
    assert verifier.verify(text)
    keys.key = None
    with pytest.raises(InvalidTokenError, match="does not publish"):
        verifier.verify(text)


def test_several_issuers_are_told_apart(make_token, keys, clock, rsa_key):
    other = TrustedIssuer("https://other.example", ("a", "b"), StaticKeySet.of(rsa_key.public_jwk()))
    verifier = Verifier([TrustedIssuer(ISSUER, AUDIENCE, keys), other], clock=clock)
    make_other = type(make_token)(rsa_key, clock)
    assert verifier.verify(make_token()).issuer == ISSUER
    assert verifier.verify(make_other(iss="https://other.example", aud="b")).audience == ("b",)
    with pytest.raises(InvalidTokenError, match="does not publish"):
        verifier.verify(make_other())


def test_keys_that_cannot_be_had_are_not_the_callers_fault(make_token, clock):
    verifier = Verifier([TrustedIssuer(ISSUER, AUDIENCE, NoKeysYet())], clock=clock)
    with pytest.raises(KeysUnavailableError):
        verifier.verify(make_token())


@pytest.mark.parametrize(
    "configure",
    [
        lambda keys: TrustedIssuer(ISSUER, "", keys),
        lambda keys: TrustedIssuer(ISSUER, (), keys),
        lambda keys: TrustedIssuer(ISSUER, ("a", ""), keys),
        lambda keys: TrustedIssuer("", AUDIENCE, keys),
        lambda keys: TrustedIssuer("login.example", AUDIENCE, keys),
        lambda keys: TrustedIssuer("ftp://login.example", AUDIENCE, keys),
        lambda keys: TrustedIssuer("https://login.example?x=1", AUDIENCE, keys),
        lambda _keys: TrustedIssuer(ISSUER, AUDIENCE, SharedSecret(SECRET)),
        lambda _keys: Verifier([]),
        lambda keys: Verifier([TrustedIssuer(ISSUER, AUDIENCE, keys), TrustedIssuer(ISSUER, "other", keys)]),
    ],
)
def test_a_configuration_that_would_leave_a_check_out_is_refused(keys, configure):
    with pytest.raises(ConfigurationError):
        configure(keys)


def test_a_key_set_that_hands_out_a_secret_is_not_believed(clock, make_token):
    keys = ForgetfulKeySet(SharedSecret(SECRET).find(None))
    verifier = Verifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], clock=clock)
    with pytest.raises(InvalidTokenError, match="does not publish"):
        verifier.verify(make_token())


def test_under_a_shared_secret_old_tokens_are_accepted(old_verifier, old_token):
    token = old_verifier.verify(old_token())
    assert (token.username, token.issuer, token.audience, token.scopes) == ("ani", None, (), frozenset())
    assert old_verifier.verify(old_token(iss=ISSUER, aud=AUDIENCE, scope="a")).scopes == {"a"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "refresh"}, "Only non-refresh tokens"),
        ({"type": None}, "Only non-refresh tokens"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ""}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": []}, "audience"),
        ({"exp": None}, "exp"),
        ({"sub": 1}, "sub"),
        ({"secret": "another secret of more than 32 bytes..."}, "signature"),
    ],
)
def test_under_a_shared_secret_what_is_wrong_is_refused(old_verifier, old_token, changes, reason):
    with pytest.raises(InvalidTokenError, match=reason):
        old_verifier.verify(old_token(**changes))


def test_under_a_shared_secret_asymmetric_tokens_are_refused(old_verifier, make_token):
    with pytest.raises(InvalidTokenError):
        old_verifier.verify(make_token())


def test_other_kinds_of_tokens_under_a_shared_secret_are_refused(old_verifier, make_token):
    token = sign(make_token.claims(type="access"), shared_secret_key(SECRET), typ="logout+jwt")
    with pytest.raises(InvalidTokenError, match="typ"):
        old_verifier.verify(token)


def test_during_a_move_old_and_new_tokens_of_one_issuer_are_accepted(keys, clock, make_token, old_token):
    verifier = Verifier(
        [TrustedIssuer(ISSUER, AUDIENCE, keys), SharedSecretIssuer(SharedSecret(SECRET), ISSUER)], clock=clock
    )
    assert verifier.verify(make_token()).username == "7f3c"
    assert verifier.verify(old_token()).username == "ani"
    assert verifier.verify(old_token(iss=ISSUER)).username == "ani"
