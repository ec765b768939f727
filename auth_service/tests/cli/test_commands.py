"""Every command and its mistakes, on both databases."""

import getpass

import orjson
import pytest

from gapura_auth.cli.installation import operator
from gapura_auth.credentials import MasterKey
from gapura_auth.factory import MIGRATIONS

PASSWORD = "kopi tubruk di pagi hari"


def listed(gapura, *command):
    result = gapura(*command, "--json")
    assert result.exit_code == 0
    return orjson.loads(result.stdout)


@pytest.fixture
def ani(gapura):
    result = gapura("users", "create", "ani", "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return "ani"


@pytest.fixture
def ani_on_both(gapura_on_both):
    gapura_on_both("users", "create", "ani", "--password-stdin", typed=PASSWORD)
    return "ani"


def refused(result, sentence, status=1):
    assert result.exit_code == status
    assert sentence in result.stderr


def test_migrate_brings_a_new_database_up_to_date_and_is_done_then(run_on_new):
    assert run_on_new("migrate").output == f"The database is now at version {MIGRATIONS.newest()}.\n"
    assert run_on_new("migrate").output == f"The database was at version {MIGRATIONS.newest()}, the newest.\n"


def test_migrate_works_where_the_service_itself_must_not(run_on_new):
    assert run_on_new("migrate", GAPURA_MIGRATE="false").exit_code == 0
    assert listed(run_on_new, "users", "list") == []


def test_without_migration_a_command_says_what_to_do(run_on_new):
    refused(run_on_new("users", "list"), "is not up to date: run `gapura-auth migrate` first.")


def test_an_account_is_created_with_a_password_from_standard_input(gapura, ani):
    (user,) = listed(gapura, "users", "list")
    assert (user["username"], user["roles"], user["state"], user["demo"]) == (ani, ["member"], "enabled", False)


def test_an_account_is_created_with_a_password_that_is_typed_twice(gapura):
    result = gapura("users", "create", "budi", "--email", "budi@example.com", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert "The account budi was created" in result.stdout
    assert PASSWORD not in result.output
    assert listed(gapura, "users", "list")[0]["email"] == "budi@example.com"


def test_an_account_is_created_with_roles(gapura_on_both):
    gapura = gapura_on_both
    gapura("users", "create", "ani", "--role", "admin", "--password-stdin", typed=PASSWORD)
    assert listed(gapura, "users", "list")[0]["roles"] == ["admin", "member"]


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["ani", "--password-stdin"], PASSWORD, "This username is taken, or looks too much like one that is."),
        (["a b", "--password-stdin"], PASSWORD, "username: A username is made of letters"),
        (["budi", "--password-stdin"], "short", "password: A password has at least 8 characters"),
        (["budi", "--password-stdin"], "", "There was no password on standard input."),
        (["budi", "--email", "x", "--password-stdin"], PASSWORD, "email: "),
        (["budi", "--role", "king", "--password-stdin"], PASSWORD, "There is no role named king"),
    ],
)
@pytest.mark.usefixtures("ani")
def test_an_account_that_cannot_be_is_refused_with_a_sentence(gapura, arguments, typed, sentence):
    refused(gapura("users", "create", *arguments, typed=typed), sentence)
    assert [user["username"] for user in listed(gapura, "users", "list")] == ["ani"]


def test_a_password_is_never_an_argument(gapura):
    assert gapura("users", "create", "budi", "--password", PASSWORD).exit_code == 2
    assert gapura("users", "create", "budi", PASSWORD).exit_code == 2


def test_an_account_is_disabled_and_enabled(gapura_on_both, ani_on_both):
    gapura = gapura_on_both
    ani = ani_on_both
    assert gapura("users", "disable", ani).output == "ani is disabled and logged out.\n"
    assert listed(gapura, "users", "list")[0]["state"] == "disabled"
    assert gapura("users", "disable", ani).output == "ani was disabled already.\n"
    assert gapura("users", "enable", ani).output == "ani can log in again.\n"
    assert gapura("users", "enable", ani).output == "ani was not disabled.\n"


@pytest.mark.parametrize(
    "command",
    [("disable",), ("enable",), ("set-password", "--password-stdin"), ("grant", "admin"), ("revoke-role", "admin")],
)
def test_an_account_that_is_not_there_is_named(gapura, command):
    name, *rest = command
    options = [option for option in rest if option.startswith("--")]
    roles = [role for role in rest if not role.startswith("--")]
    refused(gapura("users", name, "budi", *roles, *options, typed=PASSWORD), "There is no account named budi.")


def test_a_password_is_set_and_everybody_is_logged_out(gapura_on_both, ani_on_both, environ, open_service):
    gapura = gapura_on_both
    ani = ani_on_both
    settings = {"home": environ["GAPURA_HOME"], "master_key": environ["GAPURA_MASTER_KEY"]}
    service = open_service(environ["DATABASE_URL"], **settings)
    service.clock.now = __import__("time").time() + 1
    tokens = service.login(ani).json
    result = gapura("users", "set-password", ani, "--password-stdin", typed="teh manis di sore hari\r\n")
    assert result.output == "The password of ani was changed, and their sessions have been ended.\n"
    assert service.refresh(tokens["refresh_token"]).status_code == 401
    assert service.login(ani, PASSWORD).status_code == 401
    assert service.login(ani, "teh manis di sore hari").status_code == 200
    refused(gapura("users", "set-password", ani, "--password-stdin", typed="short"), "password: A password has")


def test_roles_are_granted_and_taken_back(gapura_on_both, ani_on_both):
    gapura = gapura_on_both
    ani = ani_on_both
    assert gapura("users", "grant", ani, "admin").output == "ani now has the role admin.\n"
    assert gapura("users", "grant", ani, "admin").output == "ani had the role admin already.\n"
    assert listed(gapura, "users", "list")[0]["roles"] == ["admin", "member"]
    assert gapura("users", "revoke-role", ani, "admin").output == "ani no longer has the role admin.\n"
    assert gapura("users", "revoke-role", ani, "admin").output == "ani did not have the role admin.\n"
    refused(gapura("users", "grant", ani, "king"), "There is no role named king; `gapura-auth roles list` shows them")


def test_roles_are_defined_and_defined_again(gapura_on_both):
    gapura = gapura_on_both
    arguments = ["roles", "define", "clerk", "products:write", "orders:read", "orders:read", "--description", "Sells."]
    assert gapura(*arguments).output == "The role clerk allows: orders:read products:write.\n"
    assert gapura("roles", "define", "clerk").output == "The role clerk allows: nothing.\n"
    assert {role["name"]: role["scopes"] for role in listed(gapura, "roles", "list")} == {
        "admin": ["account", "products:write", "users:read", "users:write"],
        "clerk": [],
        "member": ["account"],
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["The King"], "name: A role is named by"),
        (["x" * 65], "name: A role is named by"),
        (["clerk", "two words"], "scopes: 'two words' is no scope"),
        (["clerk", "s" * 129], "is no scope"),
        (["clerk", 'quo"te'], "is no scope"),
        (["clerk", "--description", "d" * 256], "description: A description is one line"),
    ],
)
def test_a_role_that_cannot_be_is_refused(gapura, arguments, sentence):
    refused(gapura("roles", "define", *arguments), sentence)


def test_keys_are_listed_rotated_and_killed(gapura_on_both):
    gapura = gapura_on_both
    first, rsa = listed(gapura, "keys", "list")
    assert (rsa["algorithm"], rsa["state"]) == ("RS256", "signing")
    assert (first["algorithm"], first["state"]) == ("ES256", "signing")
    rotated = gapura("keys", "rotate")
    _, second, *_ = listed(gapura, "keys", "list")
    assert second["state"] == "pending"
    assert f"The key {second['kid']} (ES256) is published, and signs from" in rotated.stdout
    killed = gapura("keys", "kill", first["kid"], "--yes")
    assert "is signing. Every access token that it has signed stops working" in killed.stdout
    assert killed.stdout.endswith(f"The key {first['kid']} was killed.\n")
    assert [key["state"] for key in listed(gapura, "keys", "list")] == ["killed", "signing", "signing", "pending"]


@pytest.mark.parametrize(("typed", "killed"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_key_is_killed_only_when_that_is_confirmed(gapura, typed, killed):
    kid = listed(gapura, "keys", "list")[0]["kid"]
    result = gapura("keys", "kill", kid, typed=typed)
    assert "This cannot be undone." in result.stdout
    assert (result.exit_code == 0) == killed
    assert (listed(gapura, "keys", "list")[0]["state"] == "killed") == killed


def test_a_key_that_is_not_there_or_was_killed_is_named(gapura):
    refused(gapura("keys", "kill", "nothing", "--yes"), "There is no key named nothing, or it was killed before.")
    kid = listed(gapura, "keys", "list")[0]["kid"]
    gapura("keys", "kill", kid, "--yes")
    refused(gapura("keys", "kill", kid, "--yes"), f"There is no key named {kid}")


@pytest.mark.parametrize("kid", ["-hyphen", "--hyphens", "-h", "-y"])
def test_a_key_may_be_named_like_an_option(gapura, kid):
    refused(gapura("keys", "kill", kid, "--yes"), f"There is no key named {kid}")


def test_the_shared_secret_mode_has_no_keys_to_rotate(gapura):
    refused(gapura("keys", "rotate", JWT_SECRET_KEY="x" * 40), "JWT_SECRET_KEY is set")
    refused(gapura("keys", "kill", "k", JWT_SECRET_KEY="x" * 40), "JWT_SECRET_KEY is set")


def test_the_audit_log_shows_who_did_what_the_newest_first(gapura_on_both, ani_on_both):
    gapura = gapura_on_both
    ani = ani_on_both
    gapura("users", "grant", ani, "admin")
    gapura("roles", "define", "clerk", "orders:read")
    events = listed(gapura, "audit", "--limit", "3")
    assert [event["action"] for event in events] == ["role.defined", "role.granted", "account.registered"]
    assert {event["actor"] for event in events} == {f"gapura-auth ({operator()})"}
    assert events[1]["details"] == {"role": "admin"}
    assert len(listed(gapura, "audit", "--limit", "1")) == 1
    table = gapura("audit").stdout.splitlines()
    assert table[0].split() == ["at", "action", "actor", "target", "address", "details"]
    assert "role=admin" in table[2]
    assert gapura("audit", "--limit", "0").exit_code == 2


def test_listings_are_tables_for_people(gapura_on_both, ani_on_both):
    gapura = gapura_on_both
    ani = ani_on_both
    lines = gapura("users", "list").stdout.splitlines()
    assert lines[0].split() == ["username", "id", "email", "roles", "state", "demo", "created", "at"]
    assert lines[1].split()[0] == ani
    assert "products:write" in gapura("roles", "list").stdout
    assert "signing" in gapura("keys", "list").stdout


def test_a_listing_of_nothing_says_so(gapura):
    assert gapura("users", "list").stdout == "There are none.\n"


def test_a_new_master_key_is_printed_each_time(run):
    first, second = run("master-key").stdout.strip(), run("master-key").stdout.strip()
    assert first != second
    assert MasterKey.from_text(first).text() == first


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"GAPURA_ISSUER": "ftp://x"}, "GAPURA_ISSUER: must be an http(s) address"),
        ({"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY: must be at least 32 bytes long"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like"),
        ({"GAPURA_MASTER_KEY": "nonsense"}, "GAPURA_MASTER_KEY is not usable."),
    ],
)
@pytest.mark.parametrize("command", [["users", "list"], ["migrate"], ["keys", "rotate"]])
def test_a_wrong_configuration_ends_in_a_sentence(gapura, command, changes, sentence):
    if "JWT_SECRET_KEY" not in changes and "GAPURA_MASTER_KEY" in changes and command != ["keys", "rotate"]:
        return  # only signing keys need it
    refused(gapura(*command, **changes), sentence, status=2)


def test_a_database_that_is_away_ends_in_a_sentence(run):
    result = run("users", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    refused(result, "The database refused: connection")
    assert run("migrate", DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/nothing").exit_code == 2


def test_an_operator_without_a_name_is_a_number(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: (_ for _ in ()).throw(OSError("no name")))
    assert operator().isdigit()


def test_help_names_every_command(run):
    text = run("--help").stdout
    for name in ("users", "roles", "keys", "audit", "migrate", "doctor", "master-key"):
        assert name in text
