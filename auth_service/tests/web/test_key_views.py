"""What guards fetch."""

from dataclasses import replace

from gapura_auth.factory import key_rotation


def rotation_of(service):
    return replace(key_rotation(service.settings, service.database, service.clock), algorithms=("ES256",))


def test_the_key_set_is_public_cacheable_and_tagged(service_on_both):
    answer = service_on_both.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert answer.content_type == "application/jwk-set+json"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["ETag"]
    key, rsa = answer.json["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}  # no private member
    assert (key["alg"], key["use"], key["crv"]) == ("ES256", "sig", "P-256")
    assert set(rsa) == {"kty", "n", "e", "kid", "alg", "use"}
    assert (rsa["alg"], rsa["use"]) == ("RS256", "sig")


def test_a_set_that_has_not_changed_is_not_sent_again(service):
    tag = service.get("/.well-known/jwks.json").headers["ETag"]
    same = service.get("/.well-known/jwks.json", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == tag
    rotation_of(service).rotate_now("test")
    service.clock.advance(1)
    changed = service.get("/.well-known/jwks.json", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert len(changed.json["keys"]) == 3
    assert changed.headers["ETag"] != tag


def test_logins_go_on_while_keys_rotate_and_when_the_signing_one_is_killed(service_on_both):
    service = service_on_both
    service.register()
    before = service.tokens()
    first = service.get("/.well-known/jwks.json").json["keys"][0]["kid"]
    rotation_of(service).kill(first, "test")
    service.clock.advance(1)
    answer = service.get("/me", before["access_token"])
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    after = service.refresh(before["refresh_token"]).json  # nobody has to log in again
    assert service.get("/me", after["access_token"]).status_code == 200
    assert [key["kid"] for key in service.get("/.well-known/jwks.json").json["keys"]] != [first]


def test_the_shared_secret_is_never_published(open_service, sqlite_url):
    secret = "x7" * 20
    service = open_service(sqlite_url, jwt_secret_key=secret)
    answer = service.get("/.well-known/jwks.json")
    assert (answer.status_code, answer.json) == (200, {"keys": []})
    assert service.get("/status-lists/0").status_code == 404


def test_there_is_a_status_list_and_none_beyond_the_last(service):
    answer = service.get("/status-lists/0")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert service.get("/status-lists/0", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    missing = service.get("/status-lists/7")
    assert (missing.status_code, missing.json) == (404, {"msg": "There is no status list of this number."})
