import pytest


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"name": "a"}', 200, ""),
        (b' {"name": "a", "age": 3}\n', 200, ""),
        (b"", 400, "has no body"),
        (b"  ", 400, "has no body"),
        (b"{", 400, "not valid JSON"),
        (b'{"name": "a"} {}', 400, "not valid JSON"),
        (b'{"name": NaN}', 400, "not valid JSON"),
        (b'{"name": Infinity}', 400, "not valid JSON"),
        (b'{"age": 1e400}', 400, "not valid JSON"),
        (b'{"name": "\xff"}', 400, "not valid JSON"),
        (b'{"name": "\\ud800"}', 400, "not valid JSON"),
        (b'\xef\xbb\xbf{"name": "a"}', 400, "not valid JSON"),
        ('{"name": "a"}'.encode("utf-16"), 400, "not valid JSON"),
        (b"[" * 5000, 400, "not valid JSON"),
        (b'{"name": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "not valid JSON"),
        (b"[" * 1000 + b"]" * 1000, 400, "nested too deeply"),
        (b'{"name": "a", "name": "b"}', 400, "two members of the same name"),
        (b'{"name": {"x": 1, "x": 2}}', 400, "two members of the same name"),
        (b"[]", 422, "not acceptable"),
        (b"null", 422, "not acceptable"),
        (b'{"name": 5}', 422, "not acceptable"),
        (b'{"name": "a", "age": "3"}', 422, "not acceptable"),
        (b'{"name": "a", "age": 3.0}', 422, "not acceptable"),
        (b'{"name": "a", "age": true}', 422, "not acceptable"),
        (b'{"name": "a", "age": 9223372036854775808}', 422, "not acceptable"),
        (b'{"name": "a", "age": 99999999999999999999999999}', 422, "not acceptable"),
        (b'{"name": "a\\u0000b"}', 422, "not acceptable"),
        (b'{"name": "a", "colour": "red"}', 422, "not acceptable"),
        (b" " * 70_000, 413, "too large"),
    ],
)
def test_a_body_is_read_strictly(client, body, status, words):
    response = client.post("/greet", data=body, content_type="application/json")
    assert response.status_code == status
    assert words in response.json["msg"]


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON; charset="UTF-8"', 200),
        ("application/merge-patch+json", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        (None, 415),
    ],
)
def test_only_json_is_read(client, media_type, status):
    assert client.post("/greet", data=b'{"name": "a"}', content_type=media_type).status_code == status


def test_each_field_that_is_to_blame_is_named(client):
    response = client.post("/greet", json={"age": "x", "colour": 1})
    assert response.status_code == 422
    assert sorted(response.json["errors"]) == ["age", "colour", "name"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=a", "limit"),
        ("limit=1&limit=2", "limit"),
        ("q=a&q=a", "q"),
        ("colour=red", "colour"),
        ("limit=nan", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=9223372036854775808", "request"),
        ("q=%00", "request"),
    ],
)
def test_a_query_is_read_strictly(client, query, field):
    response = client.get(f"/fast?{query}")
    assert (response.status_code, list(response.json["errors"])) == (422, [field])


def test_a_query_that_is_not_utf_8_is_no_error_of_ours(client):
    assert client.get("/fast?q=%ff%fe").status_code == 200


@pytest.mark.parametrize(("body", "age"), [(None, 0), (b'{"age": 5}', 5)])
def test_an_optional_body_may_be_missing(client, body, age):
    response = client.post("/maybe", data=body, content_type="application/json" if body else None)
    assert response.json == {"age": age}


@pytest.mark.parametrize("item", ["a%00b", "9" * 30, "%E2%80"])
def test_a_path_that_no_database_can_hold_is_nothing(client, item):
    assert client.get(f"/items/{item}").status_code in {200, 404}
    assert client.get("/items/a%00b").status_code == 404
    assert client.get("/numbers/9223372036854775808").status_code == 404
    assert client.get("/numbers/9223372036854775807").status_code == 200
