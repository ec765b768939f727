import pytest

UNKNOWN = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def someone(call):
    return call("s-1", "user1")


@pytest.fixture
def reader(call):
    return call("s-admin", "admin", "users:read")


@pytest.fixture
def writer(call):
    return call("s-admin", "admin", "users:read users:write")


def etag_of(caller, path="/users/me"):
    return caller("GET", path).headers["ETag"]


def patch(caller, changes, path="/users/me", **headers):
    headers = {"If-Match": etag_of(caller, path)} | headers
    return caller("PATCH", path, json=changes, headers=headers)


def test_the_contract_word_for_word(someone):
    answer = someone("GET", "/users")
    assert answer.status_code == 200
    assert answer.json["msg"] == "Selamat datang, user1!"
    assert answer.json["data"] == "Ini adalah data terlindungi dari User Service."


def test_without_the_header_the_contract_is_401_and_one_exact_body(app):
    answer = app.test_client().get("/users")
    assert (answer.status_code, answer.json) == (401, {"msg": "Missing Authorization Header"})
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("accept", ["en", "en-GB,id;q=0.5"])
def test_english_where_it_is_asked_for(someone, accept):
    answer = someone("GET", "/users", headers={"Accept-Language": accept})
    assert answer.json["msg"] == "Welcome, user1!"
    assert answer.json["data"] == "This is protected data from the User Service."
    assert answer.headers["Vary"] == "Accept-Language"


def test_a_profile_is_made_at_the_first_sight(someone):
    assert someone("GET", "/users/me").json == {
        "id": "s-1",
        "username": "user1",
        "name": None,
        "given_name": None,
        "family_name": None,
        "nickname": None,
        "locale": None,
        "zoneinfo": None,
        "phone_number": None,
        "address": None,
        "picture": None,
        "version": 1_763_812_800_000_000,
        "created_at": "2025-11-22T12:00:00Z",
        "updated_at": "2025-11-22T12:00:00Z",
    }


def test_without_users_read_the_list_is_oneself(someone, reader):
    reader("GET", "/users")
    answer = someone("GET", "/users?q=admin&limit=1").json
    assert ([user["username"] for user in answer["users"]], answer["next"]) == (["user1"], None)


def test_with_users_read_the_list_is_the_directory_page_by_page(someone, reader):
    someone("GET", "/users")
    first = reader("GET", "/users?limit=1&sort=-username").json
    second = reader("GET", f"/users?limit=1&sort=-username&cursor={first['next']}").json
    assert [page["users"][0]["username"] for page in (first, second)] == ["user1", "admin"]
    assert second["next"] is None


@pytest.mark.parametrize(("q", "found"), [("USER", ["user1"]), ("us%25", []), ("", ["admin", "user1"])])
def test_with_users_read_the_list_can_be_searched(someone, reader, q, found):
    someone("GET", "/users")
    assert [user["username"] for user in reader("GET", f"/users?q={q}").json["users"]] == found


def test_a_program_has_no_profile(call):
    program = call("batch", "batch", client_id="batch")
    answer = program("GET", "/users")
    assert (answer.json["msg"], answer.json["users"]) == ("Selamat datang, batch!", [])
    assert program("GET", "/users/me").status_code == 404


def test_a_program_with_users_read_sees_the_directory(call, someone):
    someone("GET", "/users")
    program = call("batch", "batch", "users:read", client_id="batch")
    assert [user["id"] for user in program("GET", "/users").json["users"]] == ["s-1"]
    assert program("GET", "/users/s-1").status_code == 200


def test_oneself_is_found_by_id(someone):
    assert someone("GET", "/users/s-1").json == someone("GET", "/users/me").json


def test_whether_somebody_else_exists_is_not_disclosed(someone, reader):
    reader("GET", "/users")
    answers = [someone("GET", f"/users/{user}") for user in ("s-admin", UNKNOWN, "'")]
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.data for answer in answers} == {b'{"msg":"This needs the scope users:read."}\n'}
    assert 'scope="users:read"' in answers[0].headers["WWW-Authenticate"]


def test_with_users_read_everybody_is_found(someone, reader):
    someone("GET", "/users")
    assert reader("GET", "/users/s-1").json["username"] == "user1"
    assert reader("GET", f"/users/{UNKNOWN}").status_code == 404


def test_an_unchanged_profile_is_not_sent_again(someone):
    etag = etag_of(someone)
    answer = someone("GET", "/users/me", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    assert someone("GET", "/users/me", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_merge_patch_sets_clears_and_leaves(someone, clock):
    patch(someone, {"name": "Budi Santoso", "nickname": "Bud", "address": {"locality": "Bandung"}})
    clock.now += 1.5
    changed = patch(someone, {"nickname": None, "address": {"country": "Indonesia"}, "zoneinfo": "Asia/Jakarta"})
    profile = changed.json
    assert changed.status_code == 200
    assert (profile["name"], profile["nickname"], profile["zoneinfo"]) == ("Budi Santoso", None, "Asia/Jakarta")
    assert profile["address"]["locality"] == "Bandung"
    assert profile["address"]["country"] == "Indonesia"
    assert profile["updated_at"] == "2025-11-22T12:00:01.500000Z"
    assert changed.headers["ETag"] == etag_of(someone)
    assert someone("GET", "/users/me").json == profile


def test_the_media_type_of_merge_patches_is_understood(someone):
    options = {"data": b'{"name": "Budi"}', "content_type": "application/merge-patch+json"}
    assert someone("PATCH", "/users/me", headers={"If-Match": "*"}, **options).json["name"] == "Budi"


def test_a_change_must_name_a_version(someone):
    assert someone("PATCH", "/users/me", json={}).status_code == 428


def test_a_change_of_a_stale_version_is_refused(someone):
    stale = etag_of(someone)
    patch(someone, {"name": "Budi"})
    answer = patch(someone, {"name": "Ani"}, **{"If-Match": stale})
    assert answer.status_code == 412
    assert someone("GET", "/users/me").json["name"] == "Budi"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_changing_others_needs_users_write(someone, reader, method):
    someone("GET", "/users")
    options = {"json": {}} if method == "PATCH" else {}
    for caller in (someone, reader):
        assert caller(method, "/users/s-1", headers={"If-Match": "*"}, **options).status_code == 403


def test_with_users_write_somebody_else_is_changed(someone, writer):
    someone("GET", "/users")
    assert patch(writer, {"name": "Budi"}, "/users/s-1").status_code == 200
    assert someone("GET", "/users/me").json["name"] == "Budi"


def test_with_users_write_somebody_is_deleted_and_starts_afresh(someone, writer, clock):
    old = etag_of(someone)
    patch(someone, {"name": "Budi"})
    assert writer("DELETE", "/users/s-1").status_code == 428
    assert writer("DELETE", "/users/s-1", headers={"If-Match": old}).status_code == 412
    answer = writer("DELETE", "/users/s-1", headers={"If-Match": etag_of(someone)})
    assert (answer.status_code, answer.data) == (204, b"")
    assert writer("GET", "/users/s-1").status_code == 404
    clock.now += 1
    assert someone("GET", "/users/me").json["name"] is None
    assert etag_of(someone) != old


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nobody_is_changed_who_is_not_there(writer, method):
    options = {"json": {}} if method == "PATCH" else {}
    assert writer(method, f"/users/{UNKNOWN}", headers={"If-Match": "*"}, **options).status_code == 404
