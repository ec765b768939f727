"""Clients that register themselves, over HTTP and on both databases."""

import pytest

from gapura_auth.clients.administration import ClientAdministration
from gapura_auth.clients.registry import ClientRegistry
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES

DOCUMENT = {"client_name": "Warung", "redirect_uris": ["https://app.example.com/callback"]}


@pytest.fixture
def open_one(open_service, database_url):
    return open_service(database_url, open_registration=True)


def bearer(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


def path(answer):
    return answer["registration_client_uri"].removeprefix("http://127.0.0.1:5000")


def register(service, token=None, **changes):
    options = bearer(token) if token else {}
    return service.post("/oauth/register", DOCUMENT | changes, **options)


def initial_token(service, uses=1, seconds=100.0, **policy):
    administration = ClientAdministration(service.database, service.clock, lambda: "x", "test")
    return administration.create_initial_token(RegistrationPolicy(**policy), uses, seconds)


def test_a_client_registers_and_is_told_everything_once(open_one):
    answer = register(open_one)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json
    assert told["client_secret"].startswith("gpr_cs_")
    assert told["client_secret_expires_at"] == 0
    assert told["client_id_issued_at"] == int(open_one.clock())
    assert told["redirect_uris"] == DOCUMENT["redirect_uris"]
    assert set(told["scope"].split()) == IDENTITY_SCOPES
    client = ClientRegistry(open_one.database, open_one.clock).find(told["client_id"])
    assert client.presentation.name == "Warung"
    kept = [str(row) for row in open_one.rows("SELECT * FROM clients")]
    kept += [str(row) for row in open_one.rows("SELECT * FROM client_secrets")]
    for secret in (told["client_secret"], told["registration_access_token"]):
        assert secret not in str(kept)


def test_a_registration_is_read_changed_and_deleted_by_whoever_holds_its_token(open_one):
    told = register(open_one).json
    own = bearer(told["registration_access_token"])
    read = open_one.get(path(told), **own)
    assert read.status_code == 200
    assert "client_secret" not in read.json
    assert read.json == {name: told[name] for name in told if not name.startswith("client_secret")}
    changed = {"client_id": told["client_id"], "redirect_uris": ["https://app.example.com/new"]}
    answer = open_one.call("PUT", path(told), json=changed, **own)
    assert answer.status_code == 200
    assert answer.json["redirect_uris"] == ["https://app.example.com/new"]
    assert answer.json["client_name"] == told["client_id"]
    deleted = open_one.call("DELETE", path(told), **own)
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert open_one.get(path(told), **own).status_code == 401
    assert ClientRegistry(open_one.database, open_one.clock).find(told["client_id"]) is None
    actions = [
        row.action for row in open_one.rows("SELECT action FROM audit_events WHERE action LIKE 'client.%' ORDER BY id")
    ]
    assert actions == ["client.created", "client.changed", "client.deleted"]


def test_secrets_follow_the_authentication_that_an_update_asks_for(open_one):
    told = register(open_one).json
    own, base = bearer(told["registration_access_token"]), DOCUMENT | {"client_id": told["client_id"]}

    def update(**changes):
        return open_one.call("PUT", path(told), json=base | changes, **own).json

    def count():
        return open_one.rows("SELECT count(*) FROM client_secrets")[0][0]

    assert "client_secret" not in update(client_secret=told["client_secret"])
    assert "client_secret" not in update(token_endpoint_auth_method="none")
    assert count() == 0
    assert update()["client_secret"] != told["client_secret"]
    assert count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "another"},
        {"registration_access_token": "x"},
        {"registration_client_uri": "x"},
        {"client_secret_expires_at": 0},
        {"client_id_issued_at": 0},
        {"client_secret": "chosen"},
        {"client_secret": 1},
        {"first_party": True},
        {"require_pkce": False},
        {"grant_types": ["client_credentials"]},
    ],
    ids=str,
)
def test_an_update_changes_only_what_is_the_clients_own(open_one, changes):
    told = register(open_one).json
    document = DOCUMENT | {"client_id": told["client_id"]} | changes
    answer = open_one.call("PUT", path(told), json=document, **bearer(told["registration_access_token"]))
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_client_metadata")


def test_without_its_token_a_registration_is_nobodys_business(open_one):
    one, other = register(open_one).json, register(open_one).json
    tokens = [None, "nonsense", other["registration_access_token"], one["registration_access_token"][:-1] + "x"]
    answers = [
        open_one.call(method, address, json={"client_id": one["client_id"]}, **(bearer(token) if token else {}))
        for address in (path(one), "/oauth/register/nobody")
        for method in ("GET", "PUT", "DELETE")
        for token in tokens
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.data for answer in answers} == {answers[0].data}
    assert answers[0].json["error"] == "invalid_token"
    assert "invalid_token" in answers[0].headers["WWW-Authenticate"]


def test_a_client_that_an_operator_made_is_not_managed_this_way(open_one):
    ClientAdministration(open_one.database, open_one.clock, lambda: "made", "test").create(DOCUMENT)
    assert open_one.get("/oauth/register/made", **bearer("x")).status_code == 401


def test_registration_is_closed_unless_the_operator_opens_it(service_on_both):
    answer = register(service_on_both)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_token")
    assert service_on_both.rows("SELECT 1 FROM clients") == []


def test_an_initial_token_lets_so_many_clients_register_so_long(service_on_both):
    service = service_on_both
    token = initial_token(service, uses=2)
    assert [register(service, token).status_code for _ in range(3)] == [201, 201, 401]
    late = initial_token(service, uses=2, seconds=100)
    service.clock.advance(100)
    assert register(service, late).status_code == 401


def test_a_refused_document_costs_no_use_of_the_token(service_on_both):
    token = initial_token(service_on_both)
    assert register(service_on_both, token, redirect_uris=[]).status_code == 400
    assert register(service_on_both, token).status_code == 201


def test_of_many_parallel_registrations_with_one_token_as_many_succeed_as_it_allows(service_on_both, at_once):
    token = initial_token(service_on_both, uses=3)
    statuses = at_once(20, lambda _: register(service_on_both, token).status_code)
    assert sorted(statuses) == [201] * 3 + [401] * 17


def test_a_bad_token_is_refused_even_where_none_is_needed(open_one):
    assert register(open_one, "nonsense").status_code == 401


def test_privileges_come_with_the_token_that_gives_them_and_stay_within_it(service_on_both):
    service = service_on_both
    plain = initial_token(service, uses=9)
    for members in ({"first_party": True}, {"require_pkce": False}, {"grant_types": ["client_credentials"]}):
        assert register(service, plain, **members).json["error"] == "invalid_client_metadata"
    assert register(service, plain, scope="openid users:admin").json["scope"] == "openid"
    token = initial_token(service, without_pkce=True, scopes=frozenset({"openid", "products:write"}))
    told = register(service, token, require_pkce=False, scope="openid products:write users:admin").json
    assert (told["require_pkce"], told["scope"]) == (False, "openid products:write")
    wider = DOCUMENT | {"client_id": told["client_id"], "scope": "openid users:admin"}
    answer = service.call("PUT", path(told), json=wider, **bearer(told["registration_access_token"]))
    assert answer.json["scope"] == "openid"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "invalid_client_metadata"),
        (b"nonsense", "invalid_client_metadata"),
        (b"[]", "invalid_client_metadata"),
        (b'{"client_name": "a", "client_name": "b"}', "invalid_client_metadata"),
        (b'{"client_name": "\\u0000"}', "invalid_client_metadata"),
        (b'{"a":' * 5000, "invalid_client_metadata"),
        (b'{"redirect_uris": ["http://app.example.com/"]}', "invalid_redirect_uri"),
        (b"{}", "invalid_redirect_uri"),
        (b'{"software_statement": "x"}', "unapproved_software_statement"),
        (b'{"scope": "%s"}' % (b"s " * 20_000), "invalid_client_metadata"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_shape_of_the_protocol(open_service, sqlite_url, body, error):
    service = open_service(sqlite_url, open_registration=True)
    answer = service.call("POST", "/oauth/register", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.json) == {"error", "error_description"}


def test_a_scope_of_a_hundred_thousand_words_is_not_even_read(open_service, sqlite_url):
    service = open_service(sqlite_url, open_registration=True)
    assert register(service, scope=" ".join(f"s{number}" for number in range(100_000))).status_code == 413


def test_a_document_must_be_json(open_service, sqlite_url):
    service = open_service(sqlite_url, open_registration=True)
    assert service.call("POST", "/oauth/register", data={"client_name": "x"}).json["error"] == "invalid_client_metadata"


def test_the_bodies_that_views_read_themselves_are_described(service):
    paths = service.get("/openapi.json").json["paths"]
    assert "application/json" in paths["/oauth/register"]["post"]["requestBody"]["content"]
    one = paths["/oauth/register/{client_id}"]
    assert set(one) == {"get", "put", "delete"}
    assert one["put"]["requestBody"]["required"] is True
    assert one["get"]["responses"]["401"]["content"]["application/json"]["schema"]["$ref"].endswith("OAuthProblem")
