# ruff: noqa: E501 - tables of cases

import pytest

from tidegate.core.classify.secret_names import WORDS, is_public, name_at


def name(text: str):
    data = text.lower().encode()
    words = list(WORDS.spans(data))
    found = name_at(data, words[-1][0], len(data)) if words else None
    return found and (data[found.start : found.end].decode(), found.weight)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("client_secret = ", ("client_secret", 3)), ("authToken:", ("authtoken", 3)), ("X-Api-Key: ", ("x-api-key", 3)), ("access key ", ("key", 3)),
        ("acme_key=", ("acme_key", 2)), ("Authorization: ", ("authorization", 2)), ("key ", ("key", 1)), ("private ", ("private", 1)),
        ("token for the other secret ", ("secret", 3)), ("nothing of the kind", None),
    ],
)  # fmt: skip
def test_the_last_name_and_its_weight(text, expected):
    assert name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "public_key", "publicKeyToken", "primary key", "PartitionKey", "sort_key", "cache-key", "nextPageToken", "max_tokens", "maxOutputTokens", "prompt_tokens",
        "keyword", "keyboard", "monkey", "key_id", "KeyName", "token_type", "tokenizer", "secret_name", "secretArn", "author", "authority", "accessed", "access_log",
        "private_ip", "tokenHash", "secret_path", "auth_url", "accessException",
    ],
)  # fmt: skip
def test_names_of_other_things_are_public(text):
    data = text.lower().encode()
    assert is_public(data, 0, len(data)) or name(text) is None


@pytest.mark.parametrize(
    "text", ["virustotal_key", "pagerduty_key", "maxmind_token", "reactor_secret", "authorization", "stage_key"]
)
def test_a_vendors_name_does_not_make_a_key_public(text):
    data = text.encode()
    assert not is_public(data, 0, len(data))
