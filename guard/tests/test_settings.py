from pathlib import Path

import pytest

from gapura.errors import ConfigurationError
from gapura.issuers import SharedSecretIssuer, TrustedIssuer
from gapura.keys import RemoteKeySet
from gapura.settings import GuardSettings

SECRET = "a shared secret of more than 32 bytes"


def test_with_no_configuration_it_trusts_the_local_auth_service():
    trusted = GuardSettings.read({}).trusted()
    assert isinstance(trusted, TrustedIssuer)
    assert (trusted.issuer, trusted.audience) == ("http://127.0.0.1:5000", "gapura")
    assert isinstance(trusted.keys, RemoteKeySet)
    assert trusted.keys.url == "http://127.0.0.1:5000/.well-known/jwks.json"
    assert trusted.revocations is not None


def test_arguments_come_before_the_environment():
    environ = {
        "GAPURA_ISSUER": "https://a.example",
        "GAPURA_AUDIENCE": "a",
        "GAPURA_JWKS_URI": "https://a.example/keys",
    }
    settings = GuardSettings.read(environ)
    assert (settings.issuer, settings.audience, settings.jwks_uri) == (
        *list(environ.values())[:2],
        environ["GAPURA_JWKS_URI"],
    )
    settings = GuardSettings.read(environ, issuer="https://b.example", audience="b", jwks_uri="https://b.example/keys")
    assert (settings.issuer, settings.audience, settings.jwks_uri) == (
        "https://b.example",
        "b",
        "https://b.example/keys",
    )


def test_the_address_of_the_keys_follows_the_issuer(tmp_path):
    environ = {"GAPURA_ISSUER": "https://a.example/tenant/", "GAPURA_KEYS_FILE": str(tmp_path / "keys.json")}
    settings = GuardSettings.read(environ)
    assert settings.keys_file == Path(environ["GAPURA_KEYS_FILE"])
    assert settings.trusted().keys.url == "https://a.example/tenant/.well-known/jwks.json"


def test_a_secret_switches_to_the_compatibility_mode():
    trusted = GuardSettings.read({"JWT_SECRET_KEY": SECRET}).trusted()
    assert isinstance(trusted, SharedSecretIssuer)
    assert (trusted.issuer, trusted.audience) == ("http://127.0.0.1:5000", "gapura")


@pytest.mark.parametrize("secret", ["", "secret", "x" * 31])
def test_an_empty_or_short_secret_refuses_to_start_and_says_what_to_do(secret):
    with pytest.raises(ConfigurationError, match=r"JWT_SECRET_KEY cannot be used.*token_urlsafe"):
        GuardSettings.read({"JWT_SECRET_KEY": secret}).verifier()


@pytest.mark.parametrize(
    "environ",
    [
        {"GAPURA_ISSUER": ""},
        {"GAPURA_ISSUER": "localhost"},
        {"GAPURA_AUDIENCE": ""},
        {"GAPURA_RESOURCE": "localhost"},
        *({"GAPURA_REVOCATION_MAX_AGE": text} for text in ("", "soon", "0", "-1", "nan", "inf", "1e9")),
    ],
)
def test_a_setting_that_cannot_be_right_refuses_to_start(environ):
    with pytest.raises(ConfigurationError):
        GuardSettings.read(environ)


def test_how_old_revocations_may_be_is_a_setting():
    assert GuardSettings.read({}).revocation_max_age == 10
    assert GuardSettings.read({"GAPURA_REVOCATION_MAX_AGE": "2.5"}).revocation_max_age == 2.5


def test_a_secret_is_not_shown():
    assert SECRET not in repr(GuardSettings.read({"JWT_SECRET_KEY": SECRET}))


def test_every_variable_is_described():
    for name in (
        "GAPURA_RESOURCE",
        "GAPURA_REVOCATION_MAX_AGE",
        "GAPURA_ISSUER",
        "GAPURA_AUDIENCE",
        "GAPURA_JWKS_URI",
        "GAPURA_KEYS_FILE",
        "JWT_SECRET_KEY",
    ):
        assert name in (GuardSettings.__doc__ or "")
