# ruff: noqa: RUF001 - characters that look like others are what is tested
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import InvalidEmail, canonical_email, parse_email

VALID = [
    ("user@example.com", "user@example.com", "user@example.com"),
    (" Ani.Wijaya@Example.COM\n", "Ani.Wijaya@example.com", "ani.wijaya@example.com"),
    ("ani+toko@example.co.id", "ani+toko@example.co.id", "ani+toko@example.co.id"),
    ("ani@bücher.example", "ani@xn--bcher-kva.example", "ani@xn--bcher-kva.example"),
    ("ani@xn--bcher-kva.example", "ani@xn--bcher-kva.example", "ani@xn--bcher-kva.example"),
    ("ａｎｉ＠example.com", "ani@example.com", "ani@example.com"),
    ("ﬁona@example.com", "fiona@example.com", "fiona@example.com"),
    ("Jose\u0301@example.com", "José@example.com", "josé@example.com"),
    ("иван@почта.рф", "иван@xn--80a1acny.xn--p1ai", "иван@xn--80a1acny.xn--p1ai"),
    ("Postmaster@example.com", "postmaster@example.com", "postmaster@example.com"),
]

INVALID = {
    "nothing": ("", "email_invalid"),
    "a username": ("user1", "email_invalid"),
    "two at signs": ("a@b@example.com", "email_invalid"),
    "a display name": ("Ani <ani@example.com>", "email_invalid"),
    "a quoted local part": ('"ani w"@example.com', "email_invalid"),
    "an address literal": ("ani@[127.0.0.1]", "email_invalid"),
    "no top-level domain": ("ani@intranet", "email_invalid"),
    "a reserved domain": ("ani@example.invalid", "email_invalid"),
    "a header injection": ("ani@example.com\r\nBcc: all@example.com", "email_invisible"),
    "NUL": ("ani\0@example.com", "email_invisible"),
    "a zero-width space": ("an\u200bi@example.com", "email_invisible"),
    "a right-to-left override": ("\u202eani@example.com", "email_invisible"),
    "a lone surrogate": ("\ud800@example.com", "email_invisible"),
    "a Cyrillic а in a Latin domain": ("ani@pаypal.com", "email_mixed_scripts"),
    "a Cyrillic а in a Latin name": ("аni@example.com", "email_mixed_scripts"),
    "ten megabytes": ("a" * 10_000_000, "email_too_long"),
    "too long in bytes only": ("é" * 30 + "@" + ("ü" * 50 + ".") * 4 + "com", "email_invalid"),
}


@pytest.mark.parametrize(("text", "address", "canonical"), VALID)
def test_an_address_is_normalised_and_has_a_key(text, address, canonical):
    email = parse_email(text)
    assert (email.address, email.canonical) == (address, canonical)
    assert canonical_email(text) == canonical


@pytest.mark.parametrize("allow_test_domains", [False, True])
@pytest.mark.parametrize(("text", "code"), INVALID.values(), ids=INVALID)
def test_what_is_no_address_is_refused_with_a_sentence(text, code, allow_test_domains):
    with pytest.raises(InvalidEmail) as refusal:
        parse_email(text, allow_test_domains=allow_test_domains)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")
    assert canonical_email(text) == ""


@pytest.mark.parametrize("domain", ["localhost", "sub.localhost", "printer.local", "example.test", "test"])
def test_test_domains_are_for_development_only(domain):
    assert parse_email(f"ani@{domain}", allow_test_domains=True).address == f"ani@{domain}"
    with pytest.raises(InvalidEmail):
        parse_email(f"ani@{domain}")


def test_a_domain_that_imitates_another_is_shown_in_its_ascii_form():
    assert parse_email("ani@аррӏе.com").address == "ani@xn--80ak6aa92e.com"


def test_an_address_whose_key_grows_too_long_is_refused():
    domain = ".".join(["x" * 61] * 3)
    assert parse_email(f"{'a' * 60}@{domain}.co").canonical.endswith(".co")
    with pytest.raises(InvalidEmail) as refusal:
        parse_email(f"{'ᾳ' * 21}@{domain}.co")
    assert refusal.value.code == "email_too_long"


@given(st.one_of(st.text(max_size=260), st.emails()))
def test_looking_up_any_text_never_raises(text):
    canonical = canonical_email(text)
    assert len(canonical.encode()) <= 254
    assert canonical == "" or canonical.count("@") == 1


@given(st.emails())
def test_what_is_accepted_is_accepted_again_unchanged(text):
    try:
        email = parse_email(text)
    except InvalidEmail:
        return
    assert parse_email(email.address) == email
    assert canonical_email(email.canonical) == email.canonical


def test_importing_the_room_loads_neither_the_mail_rules_nor_the_tables():
    program = "import gapura_auth.credentials, sys; print({'email_validator', 'dns', 'zxcvbn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
