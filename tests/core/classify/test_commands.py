# ruff: noqa: E501 - tables of cases

import pytest

from tests.core.classify.families import engine, unmarked
from tidegate.core.classify.commands import is_password, is_user_and_password

CURL = [
    "curl -u elastic:‹P@ssw0rd$1› https://x.example",
    "curl -X POST https://x.example \\\n  -H 'Accept: text/plain' \\\n  -u dev:‹yqDVtkqPEC›",
    "curl --user 'api:‹d2LkV78zLx!t›' https://x.example",
    "curl -u '‹d2LkV78zLx!t›:' https://x.example",
    'curl -u ":‹d2LkV78zLx!t›" https://x.example',
    "curl --proxy-user=jo:‹s3cr3tpw› https://x.example",
]
ARGUMENTS = [
    "sshpass -p ‹hunter2x› ssh jo@host",
    "mysql -u root -p‹Tr0ub4dor› shop",
    "docker login -u jo -p ‹s3cr3t-pw1› r.example",
    "htpasswd -b /etc/users jo ‹s3cr3tpw1›",
    "wget --http-password=‹s3cr3tpw1› https://x.example",
    "xfreerdp /u:jo /p:‹s3cr3tpw1› /v:host",
]
NONE = [
    "curl -u user:password https://x.example", "curl -u $USER:$PASS x", "curl -u test:test x", "curl -u <user:pw> x", "curl -u jo https://x.example",
    "curl https://x.example\nrun -u a:b3c4d5e6", "sshpass -e ssh host", "mysql -p shop", "docker login -p $PW r.example", "mysql -P 3306 -h db1.internal",
    "htpasswd -c /etc/users jo",
]  # fmt: skip


def secrets(text: str) -> list[str]:
    return [text[f.start : f.end] for f in engine().find(text) if f.label.startswith("secret.")]


@pytest.mark.parametrize("marked", CURL + ARGUMENTS)
def test_a_password_among_arguments_is_found(marked):
    text, value = unmarked(marked)
    assert secrets(text) == [value]


@pytest.mark.parametrize("text", NONE)
def test_what_is_none_is_left(text):
    assert secrets(text) == []


def test_a_password_is_no_word_for_one_and_no_reference():
    assert is_password("goodspec")
    assert not any(map(is_password, ("password", "$PW", "${PW}", "<pw>", "abc", "changeme1", "%PW%")))


def test_base64_of_a_user_and_a_password():
    assert is_user_and_password("am86czNjcjN0cHc=")
    assert is_user_and_password("am86czNjcjN0cHc")
    assert not any(map(is_user_and_password, ("am8=", "====", "am86cGFzc3dvcmQ=", "/////w==")))


def test_a_google_key_is_reported_wherever_it_stands():
    key = "AIza" + "SyD9x7Lm2Zx9Tk4WbN8sR1vCy6Hd3Pf0Ga5"
    assert len(key) == 39
    for text in (f"key={key}", f'"{key}"', f"{key} is mine", f"{key}\n{key}", key, f"  {key}\n"):
        assert key in secrets(text)
    for text in (key[:-1], key + "x", "AIza" + "Syabcdefghijklmnopqrstuvwxyz1234567 x"):
        assert secrets(text) == []


def test_private_lines_of_a_putty_key():
    lines = "\n".join(("AAAAgQ" + "q7Lm2Zx9Tk4WbN8sR1vCy6Hd3Pf0Ga5Jq7Lm2Zx9Tk4WbN8sR1vCy6Hd3P", "Ga5JeUiOtB=="))
    text = f"PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 2\n{lines}\nPrivate-MAC: 00ff"
    assert lines in [value.strip() for value in secrets(text)]
    assert secrets("Private-Lines: 2\nnone") == []
