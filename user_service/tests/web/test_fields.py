import pytest
from pydantic import ValidationError

from gapura_users.web.models import ProfileChanges

GOOD = {
    "name": ["Budi", "R. A. Kartini", "李小龙", "O'Neil-Šmíd", "n" * 200],
    "given_name": ["g" * 100],
    "locale": ["id", "id-ID", "zh-Hant-TW", "sl-rozaj-biske", "de-DE-u-co-phonebk", "x-private", "es-419"],
    "zoneinfo": ["Asia/Jakarta", "UTC", "America/Argentina/Ushuaia"],
    "phone_number": ["+6281234567890", "+123456"],
    "picture": ["https://example.com", "http://localhost:8000/a%20b.png?x=1#y", "https://192.0.2.1:65535?p"],
    "address": [{"street_address": "Jl. Braga 1\nBandung"}, {"postal_code": "40111"}, {}],
}

BAD = {
    "name": ["", " ", "a\nb", "a\0b", "\u202ebidi", "n" * 201, 5, ["Budi"], {"a": 1}, True],
    "given_name": ["g" * 101],
    "locale": ["", "id_ID", "i", "id-", "en-US-", "a" * 9, "-id", "id-x", "id\n", "é", "x" + "-abcd1234" * 9],
    "zoneinfo": ["", "Asia/Atlantis", "asia/jakarta", "../../etc/passwd", "/etc/localtime", "Z" * 65, "UTC\n"],
    "phone_number": ["081234567890", "+0812345678", "+62 812 3456", "+1234567890123456", "+12345", "+123456\n"],
    "picture": [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//example.com/a.png",
        "https://",
        "https://example..com/",
        "https://example.com:65536/",
        "https://example.com/%zz",
        "https://[::1]/",
        "https://user:secret@example.com/",
        "https://example.com/a b",
        'https://example.com/"onerror=',
        "https://exa\nmple.com/",
        "https://example.com/" + "a" * 2048,
    ],
    "address": ["Jl. Braga 1", {"planet": "Earth"}, {"locality": "a\nb"}, {"country": "\0"}, {"formatted": "f" * 1001}],
    "username": ["user2"],
    "id": ["s-2"],
}


@pytest.mark.parametrize(("member", "value"), [(member, value) for member, values in GOOD.items() for value in values])
def test_what_a_member_may_be(member, value):
    assert ProfileChanges.model_validate({member: value})


@pytest.mark.parametrize(("member", "value"), [(member, value) for member, values in BAD.items() for value in values])
def test_what_a_member_may_not_be(member, value):
    with pytest.raises(ValidationError):
        ProfileChanges.model_validate({member: value})
