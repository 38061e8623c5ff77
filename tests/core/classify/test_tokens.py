import pytest

from tidegate.core.classify import tokens


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (b"a.b@c.example", b"a.b@c.example"),
        (b"<x@y.example.org>", b"x@y.example.org"),
        ("é@x.example".encode(), "é@x.example".encode()),
        (b"'o'neil@x.example", b"o'neil@x.example"),
        (b"(me@x.example).", b"me@x.example"),
        (b"x@y.museum/path", b"x@y.museum"),
    ],
)
def test_an_address_is_taken_whole_and_alone(text, address):
    hit = tokens.email(text, text.index(b"@"))
    assert hit is not None
    assert text[hit.start : hit.end] == address


@pytest.mark.parametrize("text", [b"@x.example", b"a@b", b"a@b.1", b"a@b.png", b"a@.example", b"a@b..c"])
def test_what_is_no_address_is_none(text):
    assert tokens.email(text, text.index(b"@")) is None


def test_a_url_with_a_password_is_taken_from_its_scheme_to_its_end():
    url = b"postgres://app:" + b"s3cr3t@db.internal:5432/orders?x=1"
    text = b"dsn='" + url + b"'"
    hit = tokens.connection_string(text, text.index(b"://"))
    assert hit is not None
    assert text[hit.start : hit.end] == url


@pytest.mark.parametrize("password", [b"password", b"${PW}", b"{{pw}}", b"*****"[:0]])
def test_a_url_with_a_word_for_a_password_is_none(password):
    text = b"postgres://u:" + password + b"@h/db"
    assert tokens.connection_string(text, text.index(b"://")) is None


def test_a_cut_off_key_is_taken_to_where_its_body_ends():
    body = b"-----BEGIN PRIVATE " + b"KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIBAQ"
    text = body + b'", "next": 1'
    hit = tokens.private_key(text, 0)
    assert hit is not None
    assert text[hit.start : hit.end].startswith(body)
    assert b"next" not in text[hit.start : hit.end]


def test_a_mac_is_not_the_head_of_a_fingerprint():
    fingerprint = b"ab:cd:ef:01:23:45:67:89"
    assert tokens.mac(fingerprint, 0, 17) is None
    assert tokens.mac(fingerprint[:17], 0, 17) is not None


def test_an_iban_may_be_grouped_but_not_torn():
    for text in (b"GB82 WEST 1234 5698 7654 32", b"GB82-WEST-1234-5698-7654-32", b"GB82WEST12345698765432"):
        hit = tokens.bank_iban(text, 0)
        assert hit is not None
        assert hit.end == len(text)
    assert tokens.bank_iban(b"GB82  WEST  1234  5698  7654  32", 0) is None
    assert tokens.bank_iban(b"gB82wEST12345698765432", 0) is None


def test_a_token_of_two_objects_is_a_jwt_also_without_signature():
    head, payload = b"eyJhbGciOiJIUzI1NiJ9", b"eyJzdWIiOiIxMjM0NTY3ODkwIn0"
    for text in (head + b"." + payload, head + b"." + payload + b".c2lnbmF0dXJl"):
        hit = tokens.jwt(text, 0)
        assert hit is not None
        assert hit.end == len(text)
    assert tokens.jwt(head + b".plain", 0) is None
    assert tokens.jwt(b"x" + head + b"." + payload, 1) is None
