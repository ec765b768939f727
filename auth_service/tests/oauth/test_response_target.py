"""Where a response may go, and the tricks that make another address look like the client's."""

import pytest

from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_target import LONGEST_STATE, NoSafeTarget, ResponseTarget, read_target
from gapura_auth.oauth.vocabulary import ClientAuthentication, ResponseMode

WEB = "https://app.example.com/callback"
NATIVE = ("http://127.0.0.1/callback", "http://[::1]:7000/callback", "http://localhost/", "com.example.app:/callback")


def target_of(client, **parameters):
    return read_target(Parameters.of(parameters.items()), client)


def is_registered(client, address):
    try:
        return target_of(client, redirect_uri=address, scope="openid").redirect_uri == address
    except NoSafeTarget:
        return False


def client(*redirect_uris, authentication=ClientAuthentication.NONE):
    return Client(
        id="c", presentation=ClientPresentation("C"), authentication=authentication, redirect_uris=redirect_uris
    )


def test_a_registered_address_is_accepted():
    assert is_registered(client(WEB), WEB)
    assert is_registered(client("com.example.app:/callback"), "com.example.app:/callback")


@pytest.mark.parametrize(
    "trick",
    [
        "https://app.example.com/callback/",
        "https://app.example.com/callback/../evil",
        "https://app.example.com/x/../callback",
        "https://app.example.com/callback?next=1",
        "https://app.example.com/callback?",
        "https://app.example.com/callback#fragment",
        "https://app.example.com/callback%23",
        "https://app.example.com/%63allback",
        "https://app.example.com/CALLBACK",
        "https://APP.example.com/callback",
        "HTTPS://app.example.com/callback",
        "https://app.example.com./callback",
        "https://app.example.com:443/callback",
        "https://app.example.com:8443/callback",
        "http://app.example.com/callback",
        "https://user@app.example.com/callback",
        "https://app.example.com@evil.example/callback",
        "https://app.example.com\\@evil.example/callback",
        "https://evil.example/https://app.example.com/callback",
        "https://app.example.com.evil.example/callback",
        "https://app.example.com/callback\n",
        " https://app.example.com/callback",
        "//app.example.com/callback",
        "/callback",
        "javascript:alert(1)",
        "https://app.example.com/callback\u0000",
        "https://\u0430pp.example.com/callback",
        "",
    ],
)
@pytest.mark.parametrize("authentication", [ClientAuthentication.NONE, ClientAuthentication.SECRET_BASIC])
def test_anything_else_is_refused_however_alike_it_looks(trick, authentication):
    assert not is_registered(client(WEB, authentication=authentication), trick)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:51004/callback",
        "http://127.0.0.1/callback",
        "http://[::1]/callback",
        "http://[::1]:65535/callback",
        "http://localhost:3000/",
    ],
)
def test_a_native_application_may_listen_on_any_port_of_its_loopback_interface(address):
    assert is_registered(client(*NATIVE), address)


@pytest.mark.parametrize(
    "trick",
    [
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1:51004/callback?x=1",
        "http://127.0.0.1:51004/callback#x",
        "http://127.0.0.1:51004/callback/../x",
        "http://127.0.0.1:80@evil.example/callback",
        "http://127.0.0.1@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:51004.evil.example/callback",
        "http://127.0.0.2:51004/callback",
        "http://2130706433/callback",
        "http://127.1/callback",
        "http://0.0.0.0/callback",
        "https://127.0.0.1:51004/callback",
        "http://localhost:3000/callback",
        "http://localhost.:3000/",
        "http://LOCALHOST:3000/",
        "http://localhost:٣٠٠٠/",
        "http://localhost:123456/",
        "http://localhost:3000/\n",
        "com.example.app:51004/callback",
    ],
)
def test_the_exception_is_for_the_port_and_nothing_else(trick):
    assert not is_registered(client(*NATIVE), trick)


def test_the_exception_is_not_for_clients_that_can_keep_a_secret():
    confidential = client(*NATIVE, authentication=ClientAuthentication.PRIVATE_KEY_JWT)
    assert is_registered(confidential, NATIVE[0])
    assert not is_registered(confidential, "http://127.0.0.1:51004/callback")


def test_a_web_application_has_no_loopback_exception():
    assert not is_registered(client(WEB), "http://127.0.0.1:51004/callback")


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        (None, ResponseMode.QUERY),
        ("query", ResponseMode.QUERY),
        ("form_post", ResponseMode.FORM_POST),
        ("fragment", ResponseMode.QUERY),
    ],
)
def test_the_target_has_the_mode_and_the_state_of_the_request(asked, mode):
    more = {} if asked is None else {"response_mode": asked}
    assert target_of(client(WEB), redirect_uri=WEB, state="a b&c=<d>", **more) == ResponseTarget(WEB, mode, "a b&c=<d>")


def test_a_redirect_uri_may_be_left_out_where_there_is_one():
    assert target_of(client(WEB)).redirect_uri == WEB
    for several in (client(), client(WEB, "https://app.example.com/other")):
        with pytest.raises(NoSafeTarget, match="missing"):
            target_of(several)


def test_with_openid_connect_a_redirect_uri_is_never_left_out():
    with pytest.raises(NoSafeTarget, match="missing"):
        target_of(client(WEB), scope="profile openid")


def test_a_state_that_is_too_long_to_be_sent_back_is_refused():
    assert target_of(client(WEB), state="s" * LONGEST_STATE).state
    with pytest.raises(NoSafeTarget):
        target_of(client(WEB), state="s" * (LONGEST_STATE + 1))
