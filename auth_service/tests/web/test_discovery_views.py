"""The provider's metadata over HTTP."""

import pytest

ADDRESSES = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_metadata_says_what_is_there(service, address):
    answer = service.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    document = answer.json
    assert document["issuer"] == "http://127.0.0.1:5000"
    assert document["registration_endpoint"] == "http://127.0.0.1:5000/oauth/register"
    assert document["jwks_uri"] == "http://127.0.0.1:5000/.well-known/jwks.json"
    assert document["client_id_metadata_document_supported"] is True
    assert service.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_every_promised_endpoint_is_there(service):
    document = service.get(ADDRESSES[0]).json
    rules = {rule.rule for rule in service.app.url_map.iter_rules()}
    for member, value in document.items():
        if member.endswith(("_endpoint", "jwks_uri")):
            assert value.removeprefix("http://127.0.0.1:5000") in rules


def test_methods_that_need_a_proxys_certificates_are_promised_where_there_is_one(open_service, sqlite_url):
    def methods(**settings):
        return set(open_service(sqlite_url, **settings).get(ADDRESSES[0]).json["token_endpoint_auth_methods_supported"])

    everywhere = {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"}
    proxy = {"trusted_proxies": "10.0.0.0/8", "certificate_header": "X-Client-Cert"}
    assert methods() == everywhere
    assert methods(**proxy) == everywhere | {"self_signed_tls_client_auth"}
    assert methods(**proxy, certificate_verified_header="X-Client-Verify") == everywhere | {
        "self_signed_tls_client_auth",
        "tls_client_auth",
    }


def test_what_is_switched_off_is_not_promised(open_service, sqlite_url):
    service = open_service(sqlite_url, client_metadata_documents=False, jwt_secret_key="x" * 40)
    document = service.get(ADDRESSES[0]).json
    assert "client_id_metadata_document_supported" not in document
    assert "jwks_uri" not in document
