"""Vendors' tokens are made here from their rows, by a fixed shuffle: nothing that looks like a key stands in this
file.
"""

# ruff: noqa: E501 - tables of cases

from random import Random

import pytest

from tests.core.classify.families import Cases, assert_holds, findings_of
from tidegate.core.classify.detectors.secrets import ROWS
from tidegate.core.classify.rows import Prefixed

HEX = "0123456789abcdef"
B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PREFIXED = [row for row in ROWS if isinstance(row, Prefixed)]


def random_text(alphabet: str, size: int, seed: int = 1) -> str:
    """`size` characters of which the first six differ, without punctuation at its end."""
    draw = Random(seed)
    plain = [c for c in alphabet if c.isalnum()]
    head = draw.sample(plain, 6)
    return "".join(head + [draw.choice(plain) for _ in range(size - 6)])[:size]


AKIA = "AKIA" + random_text("ABCDEFGHJKLMNPQRSTUVWXYZ234567", 16)
JWT = ".".join(("eyJ" + random_text(B64, 33), "eyJ" + random_text(B64, 40, 2), random_text(B64, 43, 3)))
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE" + random_text(B64, 60) + "\n-----END RSA " + "PRIVATE KEY-----"

CASES = {
    "private_key": Cases(
        (
            f"key: ‹{PEM}› end",
            "‹" + PEM.partition("\n-----END")[0] + "›",
            '{"pem": "‹' + PEM.replace("\n", "\\n") + '›"}',
            "‹" + PEM.replace("RSA ", "OPENSSH ") + "›",
        ),
        (
            "-----BEGIN RSA " + "PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\n" + random_text(B64, 64),
            "BEGIN PRIVATE KEY",
        ),
    ),
    "aws_secret_key": Cases(
        (
            f"key {AKIA} / ‹wJ{random_text(B64, 38)}›",
            f"aws_secret_access_key = ‹{random_text(B64, 40, 4)}›",
            f'"SecretAccessKey": "‹{random_text(B64, 40, 5)}›"',
        ),
        (random_text(B64, 40), "aws_secret_access_key = os.environ['X']", "secret key " + "a" * 40),
    ),
    "azure_storage_key": Cases(
        tuple(f"AccountKey=‹{random_text(B64, 86, n)}==›;EndpointSuffix=core" for n in range(3)),
        ("AccountKey=", "AccountKey=short", "the account key = none"),
    ),
    "azure_sas": Cases(
        tuple(f"https://x.example/c?sv=2020&sig=‹{random_text(B64, 43, n)}%3D›&se=1" for n in range(3)),
        ("sig=abc", "sig=", "signature=" + random_text(B64, 20)),
    ),
    "slack_webhook": Cases(
        tuple(
            f"https://‹hooks.slack.com/services/T{random_text('0123456789ABCDEF', 9, n)}/B{random_text('0123456789ABCDEF', 9)}/{random_text(B64, 24)}›"
            for n in range(3)
        ),
        ("hooks.slack.com", "https://hooks.slack.com/services/", "https://slack.com/services/T/B/x"),
    ),
    "webhook": Cases(
        tuple(f"https://‹discord.com/api/webhooks/{10**17 + n}/{random_text(B64, 68)}›" for n in range(3)),
        ("discord.com/api/webhooks", "https://discord.com/api/webhooks/1/x", "discord.com/invite/x"),
    ),
    "telegram_token": Cases(
        tuple(f"bot ‹{110201543 + n}:AA{random_text(B64, 33, n)}› x" for n in range(3)),
        ("12:AAbc", "110201543:AB" + random_text(B64, 33), "time 10:AA"),
    ),
    "twilio_key": Cases(
        (
            f"twilio ‹SK{random_text(HEX, 32)}›",
            f"TWILIO_SID=‹AC{random_text(HEX, 32, 2)}›",
            f"twilio auth is ‹{random_text(HEX, 32, 3)}›",
        ),
        (f"md5 {random_text(HEX, 32)}", "twilio " + "a" * 32, "twilio SK123"),
    ),
    "airtable_token": Cases(
        tuple(f"airtable ‹pat{random_text(B64, 14, n)}.{random_text(HEX, 64, n)}›" for n in range(3)),
        ("airtable pattern", "airtable pat123.abc", f"pat{random_text(B64, 14)}.{random_text(HEX, 64)}"),
    ),
    "jwt": Cases(
        (f"token ‹{JWT}›", f"cookie=‹{JWT}›;", f'{{"t": "‹{JWT}›"}}'),
        ("eyJ", "eyJhbGciOi", "eyJhbGciOi.abc.def"),
    ),
    "connection_string": Cases(
        (
            "‹postgres://app:" + "s3cr3t-pw@db.internal:5432/orders› up",
            "DATABASE_URL=‹mysql://root:" + "Tr0ub4dor@10.0.0.5/x›",
            "‹redis://:" + "p4ssw0rdX@cache:6379/0›",
        ),
        (
            "https://example.org/a:b@c",
            "postgres://user:password@localhost/db",
            "postgres://u:${PW}@h/db",
            "http://a.example:8080/x",
        ),
    ),
    "bearer": Cases(
        (
            f"Authorization: Bearer ‹{random_text(B64, 40)}›",
            f"-H 'authorization: bearer ‹{random_text(HEX, 32)}›'",
            f"Bearer ‹{random_text(B64, 60, 3)}==›",
        ),
        ("bearer of bad news", "Bearer $TOKEN", "Bearer your_token_here_12345"),
    ),
    "basic_auth": Cases(
        tuple(f"Authorization: Basic ‹{random_text(B64, 24, n)}=›" for n in range(3)),
        ("Authorization: Basic", "basic training", "authorization needed"),
    ),
    "password_hash": Cases(
        (
            "root:‹$6$" + random_text(B64, 8) + "$" + random_text(B64, 86) + "›:18",
            "‹$2b$12$" + random_text(B64, 53) + "›",
            "‹$argon2id$v=19$m=65536,t=3,p=4$" + random_text(B64, 22) + "$" + random_text(B64, 43) + "›",
        ),
        ("$5 each", "$1$", "costs $6$ or so"),
    ),
    "password_assignment": Cases(
        (
            "password = '‹hunter2!x›'",
            "my password is ‹Tr0ub4dor&3›",
            "PGPASSWORD=‹s3cr3tpw› psql",
            '"passwd": "‹corr3ct-horse›"',
        ),
        (
            "password: required",
            "password = get_password(user)",
            "password = settings.DB_PASSWORD",
            "passwords are 12 long",
            "pwd=/tmp/x1",
        ),
    ),
    "secret_assignment": Cases(
        (
            f"api_key = '‹{random_text(HEX, 32)}›'",
            f"export SERVICE_TOKEN=‹{random_text(B64, 28)}›",
            f"<secret>‹{random_text(B64, 24, 4)}›</secret>",
            f'setProperty("AUTH_KEY", "‹{random_text(HEX, 40, 2)}›")',
        ),
        (
            "key = value",
            "token = next(tokens)",
            "sort_key=created_at",
            "api_key = 'your_api_key_12345'",
            "key: " + "a1" * 8 + "...",
        ),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_values_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


@pytest.mark.parametrize("row", PREFIXED, ids=lambda row: f"{row.name}-{row.prefixes[0]}")
def test_a_vendors_token_is_found_by_its_prefix_and_length(row):
    for seed, size in enumerate((row.least, (row.least + row.most) // 2, row.most)):
        for prefix in row.prefixes:
            token = prefix + random_text(row.alphabet, size, seed)
            for text in (token, f'x = "{token}"', f"see {token}, and"):
                assert findings_of(text, row.label) == [token], (prefix, size)


@pytest.mark.parametrize("row", PREFIXED, ids=lambda row: f"{row.name}-{row.prefixes[0]}")
def test_what_only_begins_like_a_vendors_token_is_none(row):
    for prefix in row.prefixes:
        body = random_text(row.alphabet, row.least)
        for text in (prefix + body[: row.least // 2], prefix + "a" * row.least, prefix, "z9" + prefix + body):
            assert prefix + body not in findings_of(text, row.label), text
            assert not any(
                found.startswith(prefix) and len(found) < row.least for found in findings_of(text, row.label)
            )


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS if not isinstance(row, Prefixed)}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
