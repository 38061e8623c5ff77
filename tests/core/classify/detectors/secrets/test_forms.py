"""Vendors' tokens are made here from their rows, by a fixed shuffle: nothing that looks like a key stands in this
file.
"""

# ruff: noqa: E501 - tables of cases

from random import Random

import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.secrets.forms import ROWS

HEX = "0123456789abcdef"
B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


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
    "telegram_bot": Cases(
        tuple(f"telegram bot ‹{46826535 + n}:A{random_text(B64, 34, n)}› x" for n in range(3)),
        (
            "telegram 4682:A" + random_text(B64, 34),
            "telegram 46826535:A" + random_text(B64, 37),
            "telegr 46826535:B" + random_text(B64, 30),
        ),
    ),
    "google_api_key": Cases(
        (*(f"key=‹AIzaSy{random_text(B64, 33, n)}›&x=1" for n in range(3)), f"‹AIzaSy{random_text(B64, 33)}›"),
        ("x AIzaSy" + random_text(B64, 31), "x AIzasy" + random_text(B64, 33)),
    ),
    "anthropic_key": Cases(
        (f"x ‹sk-ant-api03-{random_text(B64, 93)}AA›", f"x ‹sk-ant-admin01-{random_text(B64, 93)}AA›"),
        ("sk-ant-api03-" + random_text(B64, 93) + "BB", "sk-ant-api03-abc"),
    ),
    "slack_bot_token": Cases(
        (
            f"x ‹xoxb-{1234509876543}-{random_text(B64, 24)}›",
            f"‹xoxp-{2234509876543}-{3234509876543}-{4234509876543}-{random_text(HEX, 32)}›",
        ),
        ("xoxb-1234567890", "xoxp-1234-1234-" + random_text(HEX, 32)),
    ),
    "framework_hash": Cases(
        (
            "x ‹pbkdf2_sha256$260000$" + random_text(B64, 22) + "$" + random_text(B64, 43) + "=›",
            "‹{SSHA}" + random_text(B64, 32) + "›",
            "‹scrypt:32768:8:1$" + random_text(B64, 16) + "$" + random_text(HEX, 128) + "›",
        ),
        ("pbkdf2_sha256", "scrypt: a function"),
    ),
    "nt_hash": Cases(
        ("x:500:aad3b435b51404eeaad3b435b51404ee:‹" + random_text(HEX, 32) + "›:::",) * 2,
        ("aad3b435b51404eeaad3b435b51404ee", "aad3b435b51404eeaad3b435b51404ee:abc"),
    ),
    "connection_password": Cases(
        (
            "Server=db1;Database=x;User Id=app;Password=‹goodspec›;Encrypt=true",
            "Data Source=db;uid=app;pwd=‹Tr0ub4dor›;",
            "jdbc:sqlserver://h;user=sa;password=‹goodspec›;x=1",
        ),
        ("Server=db1;Password=password;", "user=x; Password=${PW};", "the password=goodspec"),
    ),
    "password_said": Cases(
        (
            "The password for the admin account is ‹Tr0ub4dor&3›.",
            "pw: ‹Tr0ub4dor&3›",
            "Passwort: ‹Tr0ub4dor›",
            "mot de passe : ‹Tr0ub4dor›",
            "contraseña: ‹Tr0ub4dor›",
            "user jo, password ‹Tr0ub4dor&3›",
            "ansible_ssh_pass=‹Tr0ub4dor&3›",
        ),
        ("passwords need 8 characters", "pass: test2024", "pass through2 the gate", "password reset2024"),
    ),
    "sql_password": Cases(
        (
            "CREATE USER jo IDENTIFIED BY '‹goodspec›';",
            "ALTER USER jo IDENTIFIED WITH mysql_native_password BY '‹goodspec›'",
        ),
        ("IDENTIFIED BY '$PW'", "identified by name"),
    ),
    "sql_role_password": Cases(
        ("ALTER ROLE jo WITH PASSWORD '‹goodspec›';", "CREATE ROLE jo LOGIN PASSWORD '‹Tr0ub4dor›'"),
        ("PASSWORD 'secret'", "PASSWORD '${PW}'"),
    ),
    "credentials_call": Cases(
        (
            'auth=("jo", "‹s3cr3tpw›")',
            "HTTPBasicAuth('jo', '‹s3cr3tpw›')",
            'new NetworkCredential("jo", "‹Tr0ub4dor›")',
        ),
        ('auth=("jo", password)', 'HTTPBasicAuth("user", "password")'),
    ),
    "secure_string": Cases(
        ('ConvertTo-SecureString "‹goodspec›" -AsPlainText', "ConvertTo-SecureString -String '‹goodspec›' -Force"),
        ("ConvertTo-SecureString $pw", 'ConvertTo-SecureString "$pw"'),
    ),
    "named_value": Cases(
        (
            '{"key":"password","value":"‹s3cr3tpw›"}',
            "- name: DB_PASSWORD\n  value: ‹s3cr3tpw›",
            '<input type="password" value="‹s3cr3tpw›">',
        ),
        ('{"name": "password", "value": ""}', "password value: required"),
    ),
    "netrc": Cases(
        ("machine h.example login jo password ‹goodspec›", "machine h.example\n  login jo\n  password ‹s3cr3tpw›"),
        ("machine learning password goodspec", "machine h login jo password $PW"),
    ),
    "device_password": Cases(
        ("username jo password 7 ‹094F471A1A0A›", "snmp-server community ‹s3cr3tpw› RO"),
        ("password 7 characters", "secret 5"),
    ),
    "wifi_key": Cases(
        ('psk="‹goodspec9›"', "PresharedKey = ‹" + random_text(B64, 43) + "=›", "wpa-psk\npsk=‹s3cr3tpw1›"),
        ("psk=$PSK", "the psk is set", "psk: <your psk>"),
    ),
    "curl_user": Cases(
        ("curl -u jo:‹s3cr3tpw› https://x.example",) * 2, ("curl -u jo https://x.example", "curl -u $A:$B x")
    ),
    "command_password": Cases(("sshpass -p ‹s3cr3tpw1› ssh h", "mysql -p‹s3cr3tpw1› x"), ("mysql -p x", "sshpass -e")),
    "registry_auth": Cases(
        ('{"auth": "‹am86czNjcjN0cHc=›"}', "_auth=‹am86czNjcjN0cHc=›"),
        ('"auth": "none"', '"auth": "am86cGFzc3dvcmQ="'),
    ),
    "otp_seed": Cases(
        tuple(
            f"otpauth://totp/x:jo?secret=‹{random_text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 32, n)}›&issuer=x"
            for n in range(2)
        ),
        ("otpauth://totp/x?secret=ABC", "otpauth://totp/x"),
    ),
    "jwk": Cases(
        tuple('{"kty": "EC", "d": "‹' + random_text(B64, 43, n) + '›"}' for n in range(2)),
        ('{"d": "short"}', '"d": "' + "a" * 43 + '"'),
    ),
    "putty_key": Cases(
        tuple("Private-Lines: 1\n‹" + random_text(B64, 64, n) + "›" for n in range(2)),
        ("Private-Lines: 1", "Private-Lines: none"),
    ),
    "azure_ad_secret": Cases(
        tuple(f"x ‹abc8Q~{random_text(B64, 34, n)}›" for n in range(2)),
        ("abc8Q~" + "x" * 34, "abcQ~" + random_text(B64, 34)),
    ),
    "azure_key": Cases(
        tuple(f"x ‹{random_text(B64, 52, n)}JQQJ99{random_text(B64, 26)}›" for n in range(2)),
        (random_text(B64, 84), "JQQJ99"),
    ),
    "discord_token": Cases(
        tuple(f"x ‹MTA4{random_text(B64, 20, n)}.Gabc1E.{random_text(B64, 38)}›" for n in range(2)),
        ("MTA4.a.b", "MTA4" + random_text(B64, 20)),
    ),
    "mailchimp_key": Cases(
        tuple(f"x ‹{random_text(HEX, 32, n)}-us{n + 6}›" for n in range(2)),
        (random_text(HEX, 32), random_text(HEX, 31) + "-us6"),
    ),
    "twitter_bearer": Cases(
        tuple(f"x ‹{'A' * 21}{random_text(B64, 90, n)}›" for n in range(2)),
        ("A" * 120, "A" * 21 + random_text(B64, 20)),
    ),
    "maxmind_key": Cases(
        tuple(f"x ‹{random_text(B64, 36, n)}_mmk›" for n in range(2)),
        (random_text(B64, 30) + "_mmk", random_text(B64, 40)),
    ),
    "facebook_app_token": Cases(
        tuple(f"facebook ‹{130874276261258 + n}|{random_text(B64, 27, n)}›" for n in range(2)),
        ("facebook 130874276261258", "facebook 130874276261258|" + random_text(B64, 10)),
    ),
    "asana_token": Cases(
        tuple(f"asana ‹1/{1200000000000 + n}:{random_text(HEX, 32, n)}›" for n in range(2)),
        ("asana 1/1200000000000", "1/1200000000000:" + random_text(HEX, 30)),
    ),
    "fcm_key": Cases(
        tuple(f"key ‹AAAA{random_text(B64, 7)}:APA91b{random_text(B64, 134, n)}›" for n in range(2)),
        (":APA91b", "AAAA:APA91bx"),
    ),
    "google_service_account": Cases(
        tuple(f'"private_key_id": "‹{random_text(HEX, 40, n)}›"' for n in range(2)),
        ("private_key_id", '"private_key_id": "abc"'),
    ),
    "salesforce_session": Cases(
        tuple(f"x ‹00D{random_text(B64, 12, n)}!AQ{random_text(B64, 80)}›" for n in range(2)),
        ("00D!x", "00D" + random_text(B64, 40)),
    ),
    "sidekiq_secret": Cases(
        (
            "BUNDLE_GEMS__CONTRIBSYS__COM=‹" + random_text(HEX, 8) + ":" + random_text(HEX, 8, 2) + "›",
            "BUNDLE_ENTERPRISE__CONTRIBSYS__COM: ‹" + random_text(HEX, 8, 3) + ":" + random_text(HEX, 8, 2) + "›",
        ),
        ("gems.contribsys.com", "BUNDLE_GEMS__CONTRIBSYS__COM=x"),
    ),
    "automation_webhook": Cases(
        (
            "https://‹hooks.zapier.com/hooks/catch/123456/abc12d/›",
            "https://‹open.feishu.cn/open-apis/bot/v2/hook/" + random_text(HEX, 32) + "›",
        ),
        ("hooks.zapier.com", "https://x.make.com/about"),
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


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 2 <= len(cases.ignored) for cases in CASES.values())
