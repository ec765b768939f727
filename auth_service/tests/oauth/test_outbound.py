"""Where requests may go that clients make us send."""

import ipaddress

import pytest

from gapura_auth.oauth.outbound import Destinations, ForbiddenDestination, Target, target_of

PUBLIC = "93.184.216.34"
HTTPS = Target("https", "client.example", 443, "/")
INTERNET = Destinations()
DEVELOPMENT = Destinations(networks=(ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")))
INTRANET = Destinations(networks=(ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("169.254.0.0/16")))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://client.example", Target("https", "client.example", 443, "/")),
        ("https://client.example/keys?a=b%20c", Target("https", "client.example", 443, "/keys?a=b%20c")),
        ("https://client.example?a=b", Target("https", "client.example", 443, "/?a=b")),
        ("https://client.example:8443/", Target("https", "client.example", 8443, "/")),
        ("http://[::1]:8000/x", Target("http", "::1", 8000, "/x")),
        ("http://client.example/x", Target("http", "client.example", 80, "/x")),
    ],
)
def test_a_plain_address_is_taken_apart(url, target):
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "client.example",
        "ftp://client.example/",
        "file:///etc/passwd",
        "gopher://client.example/",
        "HTTPS://client.example/",
        "https:client.example/",
        "https:///keys",
        "https://user@client.example/",
        "https://user:secret@client.example/",
        "https://client.example@10.0.0.1/",
        "https://client.example\\@10.0.0.1/",
        "https://client.example/#fragment",
        "https://client.example/a b",
        "https://client.example/\r\nHost: evil",
        "https://client.example/keys\n",
        "https://client.example:0/",
        "https://client.example:65536/",
        "https://client.example:99999999999/",
        "https://client.example:/x:y@z",
        "https://[::1%25eth0]/",
        "https://clie\u0144t.example/",
        "https://client.example/\u00e4",
        "https://client.example/" + "a" * 2048,
    ],
)
def test_anything_but_a_plain_address_is_refused(url):
    with pytest.raises(ForbiddenDestination):
        target_of(url)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_allowed(address):
    assert INTERNET.check(HTTPS, [address]) == (ipaddress.ip_address(address),)


INWARD = [
    "0.0.0.0",  # noqa: S104 -- nothing is bound
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.9.10",
    "169.254.1.1",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    f"::ffff:{PUBLIC}",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
METADATA_SERVICES = [
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", INWARD + METADATA_SERVICES)
def test_addresses_that_lead_inward_are_refused(address):
    with pytest.raises(ForbiddenDestination):
        INTERNET.check(HTTPS, [address])


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], []])
def test_one_bad_address_is_enough_and_none_is_not(addresses):
    with pytest.raises(ForbiddenDestination):
        INTERNET.check(HTTPS, addresses)


@pytest.mark.parametrize("port", [22, 25, 80, 6379, 8443])
def test_only_the_ports_of_the_policy_are_allowed_on_the_internet(port):
    with pytest.raises(ForbiddenDestination):
        INTERNET.check(Target("https", "client.example", port, "/"), [PUBLIC])


def test_more_ports_can_be_allowed():
    assert Destinations(ports=frozenset({443, 8443})).check(Target("https", "client.example", 8443, "/"), [PUBLIC])


def test_plain_http_is_refused_on_the_internet_even_on_an_allowed_port():
    destinations = Destinations(ports=frozenset({80, 443}))
    with pytest.raises(ForbiddenDestination):
        destinations.check(Target("http", "client.example", 80, "/"), [PUBLIC])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1"])
def test_a_development_machine_may_talk_to_itself_on_every_port(scheme, address):
    assert DEVELOPMENT.check(Target(scheme, "localhost", 3000, "/"), [address])


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_development_machine_talks_to_nothing_else_inside(address):
    with pytest.raises(ForbiddenDestination):
        DEVELOPMENT.check(HTTPS, [address])


def test_a_network_of_the_operators_own_is_allowed_over_https_only():
    assert INTRANET.check(Target("https", "intern.example", 8443, "/"), ["10.1.2.3"])
    with pytest.raises(ForbiddenDestination):
        INTRANET.check(Target("http", "intern.example", 80, "/"), ["10.1.2.3"])


@pytest.mark.parametrize("address", METADATA_SERVICES)
def test_metadata_services_are_refused_even_within_allowed_networks(address):
    everything = Destinations(networks=(ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")))
    with pytest.raises(ForbiddenDestination):
        everything.check(HTTPS, [address])
