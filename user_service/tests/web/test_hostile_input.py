import base64

import pytest


@pytest.fixture
def admin(call):
    return call("s-admin", "admin", "users:read users:write")


BODIES = [
    (b"", 400),
    (b"{", 400),
    (b'{"name": NaN}', 400),
    (b'{"name": "\\ud800"}', 400),
    (b'{"name": "\xff"}', 400),
    (b"[" * 60_000, 400),
    (b'{"a":' * 10_000, 400),
    (b"[]", 422),
    (b"null", 422),
    (b'{"name": 123456789012345678901234567890}', 422),
    (b'{"name": "a\\u0000b"}', 422),
    (b'{"address": {"country": "\\u0000"}}', 422),
    (b'{"version": 1}', 422),
    (b'{"name": "' + b"a" * 1_000_000 + b'"}', 413),
]


@pytest.mark.parametrize("path", ["/users/me", "/users/s-admin"])
@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_bad_body_is_refused_with_a_sentence(admin, path, body, status):
    options = {"data": body, "content_type": "application/json", "headers": {"If-Match": "*"}}
    answer = admin("PATCH", path, **options)
    assert (answer.status_code, type(answer.json["msg"])) == (status, str)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_media_type_is_refused(admin, media_type):
    assert admin("PATCH", "/users/me", data=b"name=Budi", content_type=media_type).status_code == 415


def cursor(payload: bytes) -> str:
    return base64.urlsafe_b64encode(b"12345678" + payload).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=99999999999999999999999",
        "limit=many",
        "limit=1&limit=2",
        "sort=password",
        "sort=username;DROP TABLE profiles",
        "q=%00",
        "q=" + "a" * 101,
        "unknown=1",
        "cursor=x",
        "cursor=%00",
        "cursor=%F0%9F%98%80",
        "cursor=" + cursor(b'["a"]'),
        "cursor=" + cursor(b'["a",1]'),
        "cursor=" + cursor(b"[" * 100),
        "cursor=" + "A" * 5000,
    ],
)
def test_a_bad_query_is_refused_with_the_field_to_blame(admin, query):
    answer = admin("GET", f"/users?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query.split("=")[0]]


@pytest.mark.parametrize("user", ["%00", "%ED%A0%80", "%FF", "a" * 256, "%F0%9F%98%80", "..", "' OR 1=1"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_absurd_id_is_nobody(admin, method, user):
    options = {"json": {}} if method == "PATCH" else {}
    answer = admin(method, f"/users/{user}", headers={"If-Match": "*"}, **options)
    assert answer.status_code in {404, 405}
    assert answer.json["msg"]


@pytest.mark.parametrize("if_match", ["v1", 'W/"v1"', '"', '"v99999999999999999999"', ",", "\xff"])
def test_an_absurd_precondition_matches_nothing(admin, if_match):
    assert admin("PATCH", "/users/me", json={}, headers={"If-Match": if_match}).status_code == 412


@pytest.mark.parametrize("subject", ["s" * 256, "a\0b", "\u202e", " \t"])
def test_a_subject_that_is_no_identifier_gets_no_profile(call, subject):
    strange = call(subject, "user1")
    assert strange("GET", "/users").json["users"] == []
    assert strange("GET", "/users/me").status_code == 404


@pytest.mark.parametrize("username", ["\0", "{msg}", "<b>", "u" * 400, "\U0001f600"])
def test_a_strange_username_is_greeted_all_the_same(call, username):
    answer = call("s-1", username)("GET", "/users")
    assert answer.status_code == 200
    assert answer.json["msg"] == f"Selamat datang, {answer.json['users'][0]['username']}!"
