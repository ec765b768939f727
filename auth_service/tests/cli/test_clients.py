"""`gapura-auth clients` and `gapura-auth initial-token`."""

import hashlib
import json

import pytest

from gapura_auth.credentials import digest_of
from gapura_auth.store.clients import find_client
from gapura_auth.store.initial_access_tokens import use_initial_token

CALLBACK = "https://app.example.com/callback"
KINDS = {
    "spa": ("none", ["authorization_code", "refresh_token"]),
    "native": ("none", ["authorization_code", "refresh_token"]),
    "web": ("client_secret_basic", ["authorization_code", "refresh_token"]),
    "machine": ("client_secret_basic", ["client_credentials"]),
    "device": ("none", ["refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]),
    "mcp": ("none", ["authorization_code", "refresh_token"]),
}


@pytest.fixture
def installed(run, environ, sqlite_url, migrated):
    migrated(sqlite_url).close()
    environ["DATABASE_URL"] = sqlite_url
    return run


@pytest.fixture
def database(installed, sqlite_url, migrated):
    assert installed
    database = migrated(sqlite_url)
    yield database
    database.close()


def created(run, kind="web", *more):
    uris = ("--redirect-uri", CALLBACK) if kind in {"spa", "native", "web"} else ()
    answer = run("clients", "create", kind, "Warung", *uris, "--json", *more)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_safe_defaults(installed, database, kind):
    members = created(installed, kind)
    method, grants = KINDS[kind]
    assert (members["token_endpoint_auth_method"], members["grant_types"]) == (method, grants)
    assert (members["first_party"], members["require_pkce"]) == (False, True)
    with database.read() as connection:
        client = find_client(connection, members["client_id"])
    assert client.is_public == (method == "none")
    digests = [secret.digest for secret in client.secrets]
    secret = members["client_secret"]
    assert digests == ([] if secret is None else [hashlib.sha256(secret.encode()).digest()])


@pytest.mark.parametrize("kind", KINDS)
def test_the_developer_is_told_what_to_paste(installed, kind):
    uris = ("--redirect-uri", CALLBACK) if kind in {"spa", "native", "web"} else ()
    answer = installed("clients", "create", kind, "Warung", "--id", "warung", *uris)
    assert answer.exit_code == 0
    assert "client_id:      warung" in answer.output
    assert "http://127.0.0.1:5000" in answer.output
    assert ("client_secret:" in answer.output) == (kind in {"web", "machine"})


def test_options_and_a_document_say_more(installed, tmp_path):
    document = tmp_path / "client.json"
    document.write_text(json.dumps({"dpop_bound_access_tokens": True, "assertion_audience": "issuer"}))
    members = created(
        installed, "web", "--auth", "private_key_jwt", "--jwks-uri", "https://app.example.com/keys", "--first-party",
        "--no-pkce", "--scope", "products:read", "--post-logout-uri", "https://app.example.com/", "--metadata",
        str(document),
    )  # fmt: skip
    assert members["client_secret"] is None
    assert members["jwks_uri"] == "https://app.example.com/keys"
    assert (members["first_party"], members["require_pkce"]) == (True, False)
    assert (members["dpop_bound_access_tokens"], members["assertion_audience"]) == (True, "issuer")
    assert "products:read" in members["scope"].split()
    assert members["post_logout_redirect_uris"] == ["https://app.example.com/"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("web", "Warung"), "redirect_uris"),
        (("web", "Warung", "--redirect-uri", "http://app.example.com/"), "redirect_uris"),
        (("spa", "Warung", "--redirect-uri", CALLBACK, "--no-pkce"), "require_pkce"),
        (("machine", "Warung", "--auth", "none"), "grant_types"),
        (("machine", "Warung", "--id", "a/b"), "identifier"),
        (("machine", "Warung", "--id", ""), "identifier"),
        (("machine", "Warung", "--id", "gapura"), "belongs"),
        (("machine", "Warung", "--metadata", "-"), "JSON"),
    ],
)
def test_what_cannot_be_created_is_refused_in_a_sentence(installed, arguments, sentence):
    answer = installed("clients", "create", *arguments, typed="nonsense")
    assert answer.exit_code == 1
    assert sentence in answer.output


def test_metadata_that_is_no_object_is_refused(installed):
    answer = installed("clients", "create", "machine", "Warung", "--metadata", "-", typed="[1]")
    assert (answer.exit_code, "object" in answer.output) == (1, True)


def test_an_identifier_is_given_once(installed):
    created(installed, "machine", "--id", "warung")
    assert installed("clients", "create", "machine", "Warung", "--id", "warung").exit_code == 1
    assert installed("clients", "delete", "warung").exit_code == 0
    assert installed("clients", "create", "machine", "Warung", "--id", "warung").exit_code == 1


def test_clients_are_listed_and_shown_without_their_secrets(installed):
    members = created(installed, "web", "--id", "warung")
    rows = json.loads(installed("clients", "list", "--json").output)
    assert [(row["id"], row["name"], row["secrets"]) for row in rows] == [("warung", "Warung", 1)]
    shown = installed("clients", "show", "warung")
    assert json.loads(shown.output)["redirect_uris"] == [CALLBACK]
    assert members["client_secret"] not in shown.output


def test_a_secret_is_rotated_and_both_are_valid_for_a_while(installed, database):
    old = created(installed, "web", "--id", "warung")["client_secret"]
    answer = installed("clients", "rotate-secret", "warung")
    new = answer.stdout.removeprefix("client_secret: ").strip()
    with database.read() as connection:
        secrets = find_client(connection, "warung").secrets
    assert [secret.digest for secret in secrets] == [digest_of(old), digest_of(new)]
    assert secrets[0].expires_at is not None
    assert secrets[1].expires_at is None


def test_a_client_without_a_secret_has_none_to_rotate(installed):
    created(installed, "spa", "--id", "warung")
    assert installed("clients", "rotate-secret", "warung").exit_code == 1


@pytest.mark.parametrize("command", ["show", "delete", "rotate-secret"])
def test_an_unknown_client_is_a_sentence(installed, command):
    answer = installed("clients", command, "nobody")
    assert (answer.exit_code, "nobody" in answer.output) == (1, True)


def test_an_initial_token_allows_what_it_was_made_for(installed, database):
    answer = installed(
        "initial-token", "create", "--uses", "2", "--scope", "products:read", "--grant-type", "client_credentials",
        "--without-pkce",
    )  # fmt: skip
    digest = digest_of(answer.output.strip(), prefix="gpr_iat")
    with database.write() as connection:
        policy = use_initial_token(connection, digest, 0.0)
    assert "products:read" in policy.scopes
    assert "client_credentials" in policy.grant_types
    assert (policy.without_pkce, policy.first_party) == (True, False)


def test_every_change_stands_in_the_audit_log(installed):
    created(installed, "web", "--id", "warung")
    installed("clients", "rotate-secret", "warung")
    installed("clients", "delete", "warung")
    installed("initial-token", "create")
    events = json.loads(installed("audit", "--json").output)
    assert {event["action"] for event in events} >= {
        "client.created", "client.secret_rotated", "client.deleted", "initial_token.created",
    }  # fmt: skip
