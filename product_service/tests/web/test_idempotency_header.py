import pytest

from gapura_chassis.errors import MalformedRequest
from gapura_products.web.idempotency_header import read_idempotency_key

TEA = {"name": "Teh Poci", "sku": "TEH-1", "price": 12000, "category": "kopi-teh"}


@pytest.fixture
def send(writer):
    def send_with_key(key: str = '"k-1"', caller=writer, **members: object):
        return caller("POST", "/products", json=TEA | members, headers={"Idempotency-Key": key})

    return send_with_key


def test_a_repeated_request_gets_the_first_answer(send):
    first, second = send(), send()
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == second.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


def test_the_first_answer_comes_even_after_a_change_or_a_removal(send, writer):
    first = send()
    writer("PATCH", first.headers["Location"], json={"price": 5}, headers={"If-Match": "*"})
    assert send().data == first.data
    writer("DELETE", first.headers["Location"], headers={"If-Match": "*"})
    assert (send().status_code, send().data) == (201, first.data)


def test_the_same_meaning_in_other_words_is_the_same_request(send, writer):
    first = send()
    content = b'{ "category":"kopi-teh", "sku":"TEH-1", "stock":0, "price":12000, "name":"Teh\\u0020Poci" }'
    headers = {"Idempotency-Key": "k-1", "Content-Type": "application/json"}
    assert writer("POST", "/products", data=content, headers=headers).data == first.data


def test_a_key_cannot_stand_for_another_request(send):
    send()
    answer = send(price=1)
    assert (answer.status_code, set(answer.json)) == (422, {"msg"})


def test_a_request_that_failed_may_be_corrected_under_its_key(send):
    assert send(sku="LAPTOP-XYZ").status_code == 409
    assert send(sku="LAPTOP-XYZ").status_code == 409
    assert send().status_code == 201


def test_another_caller_with_the_same_key_makes_another_product(send, call):
    first = send()
    second = send(caller=call("s-3", "other", "products:write"), sku="TEH-2")
    assert second.status_code == 201
    assert first.json["id"] != second.json["id"]


def test_a_key_lives_for_a_day(send, writer, clock, issuer):
    send()
    clock.now += 24 * 3600
    writer.headers.update(issuer.headers("s-2", "admin", "products:write"))
    assert send().status_code == 409  # a new request, and its SKU is taken


@pytest.mark.parametrize(
    "key", ["", '""', '"', '"a', "a b", "a,b", '"é"', "😀", '"a\\n"', '"' + "a" * 254 + '"', "a" * 256]
)
def test_a_malformed_key_is_400(send, key: str):
    answer = send(key)
    assert (answer.status_code, set(answer.json)) == (400, {"msg"})


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, None),
        ("abc", "abc"),
        ('"abc"', "abc"),
        ('  "abc"\t', "abc"),
        (r'"a\"b\\c d"', r'a"b\c d'),
        ("a" * 255, "a" * 255),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
    ],
)
def test_a_key_may_be_quoted_or_bare(header: str | None, key: str | None):
    assert read_idempotency_key(header) == key


def test_a_key_with_a_control_character_is_malformed():
    with pytest.raises(MalformedRequest):
        read_idempotency_key('"a\0b"')
