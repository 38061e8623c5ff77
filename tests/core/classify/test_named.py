# ruff: noqa: E501 - tables of cases

from random import Random

import pytest

from tidegate.core.classify import named

LETTERS_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
HEX = "0123456789abcdef"
UUID = "3f2b1c9d-7a64-4e0f-9b18-" + "5d2e8c7a6f01"


def made(size: int, alphabet: str = LETTERS_DIGITS, seed: int = 1) -> str:
    return "".join(Random(seed).choices(alphabet, k=size))


KEY, LONG = made(24), made(40, HEX, 2)


def found(text: str) -> list[str]:
    data = text.encode()
    return [text[hit.start : hit.end] for hit in named.hits(data, data.lower())]


@pytest.mark.parametrize(
    "text",
    [
        "api_key={}", "apiKey: '{}'", "API KEY = {}", '"clientSecret" : "{}"', "secret => {}", "token := `{}`", "acme-token-{}", "acme.secret.key-{}",
        "ACME SECRET {}", "Acme access token {}", "the token is {}", "token value: {}", "<apiToken>{}</apiToken>", "put('acme.token', '{}')",
        "https://x.example/v1?api_key={}&q=1", "--token {} run", "X-Api-Key: {}", "acme_token ::= {}", "| api key | {} |", "acme KEY {}", "token\x1e={}",
        "setToken({})", "token: &t {}", "ENV ACME_TOKEN {}",
    ],
)  # fmt: skip
def test_a_generated_value_is_found_behind_its_name(text):
    for value in (KEY, LONG):
        assert found(text.format(value)) == [value]


def test_what_is_joined_to_a_value_belongs_to_it():
    assert found(f"bot token: 46826535:{KEY}") == [f"46826535:{KEY}"]
    assert found(f"secret={KEY}==") == [f"{KEY}=="]


def test_a_uuid_is_a_secret_only_by_a_telling_name():
    assert found(f"acme_api_key = {UUID}") == [UUID]
    assert found(f"acme-token-{UUID}") == [UUID]
    for text in (f"key: {UUID}", f"token expired for session {UUID}", f"request {UUID}", f"public_key={UUID}"):
        assert found(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "public_key={}", "partition-key: {}", "next_page_token={}", "cache_key={}", "key_id: {}", "token_hash={}", "secret sha256:{}", "author={}",
        "commit={}", "token etag={}", "the token; {}", "tokens are short. {}", "keyboard {}", "monkey={}", "token = {}(x)", "token={}...",
        "token 1.2.3 h1:{}", "access at 0x{}", "private_ip={}", "auth /var/lib/{}/x", "key\x1e{}",
    ],
)  # fmt: skip
def test_other_names_and_other_neighbours_are_no_evidence(text):
    assert found(text.format(KEY)) == []


@pytest.mark.parametrize(
    "value",
    ["getUserToken2Times", "us-east-1a-prod-db-02", "2026-01-31T10:20:30Z", "item-12345-of-2", "x86_64-unknown-linux-gnu", "YOUR_API_KEY_1234abc", "uploads/2026/ab12cd34/picture.png"],
)  # fmt: skip
def test_words_dates_versions_and_paths_are_no_values(value):
    assert found(f"api_key = '{value}'") == []


def test_a_run_longer_than_any_key_is_passed_over():
    assert found("token = " + "a1" * 3000) == []
    assert found("token = " + "a1" * 3000 + f" token = {KEY}") == [KEY]


SYNTAXES = (
    "API_KEY={}", 'export ACME_TOKEN="{}"', '$env:ACME_TOKEN = "{}"', "setx API_KEY {}", '  - name: ACME_TOKEN\n    value: "{}"', '"apiKey": "{}"', "[acme]\nsecret = {}",
    '<add key="ApiSecret" value="{}" />', '<property name="apiKey" value="{}"/>', '<client id="x" secret="{}"/>', 'private static final String SECRET_KEY = "{}";',
    "let token: string = `{}`", "'api_key' => '{}',", "define('AUTH_KEY', '{}');", "$this->apiKey = '{}';", 'client->setToken("{}");', 'Client(api_key="{}")', 'new Client({{ secret: "{}" }})',
    'variable "api_key" {{\n  default = "{}"\n}}', "api_token ?= {}", "-e API_KEY={}", "--api-key={}", '-H "X-Api-Key: {}"', "Authorization: Token {}", "Cookie: session_token={}",
    "wss://x.example/?token={}", 'headers["X-Api-Key"] = "{}"', "ARG TOKEN={}", "ACME_API_KEY: ${{ACME_API_KEY:-{}}}", '{{"token": {{"value": "{}"}}}}', "here is the key: {}", "API key for Acme -> {}",
)  # fmt: skip
OTHERS = (
    "token: ${{ secrets.GITHUB_TOKEN2A }}", 'api_key = config.get("api_key_2")', "secretName: my-tls-secret-2024", 'integrity="sha384-{}"', 'etag: "{}"', "sort_key = created_at_2",
    "max_tokens=4096", 'AutoTokenizer("gpt2-medium-v2")', "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 key exchange", 'key = f"user:2024:profile2"', "model key: claude-3-5-sonnet-20241022",
    "call_id: call_{}", "trace_id: {}", "image: nginx@sha256:{}", "s3://bucket/key/with/parts-2024/file.txt", "public key token {}", "AzureADTokenProvider2Factory key AsyncInputTokensWithStreamingResponse",
    '<a href="#key">key</a> <dt id="x{}">',
)  # fmt: skip


@pytest.mark.parametrize("text", SYNTAXES)
def test_every_syntax_of_code_and_configuration_assigns(text):
    assert found(text.format(KEY)) == [KEY]


@pytest.mark.parametrize("text", OTHERS)
def test_ordinary_neighbours_of_such_words_do_not(text):
    assert found(text.format(KEY) if text.count("{}") == 1 and "{{" not in text else text) == []


@pytest.mark.parametrize("apart", [10, 60, 500, 2100, 5000])
@pytest.mark.parametrize("filler", ["AB1CD2EF3G ", "a plain word ", "sha1-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c "])
def test_what_stands_far_from_any_name_hides_nothing_behind_it(apart, filler):
    between = (filler * 500)[:apart] + " "
    mailchimp = "0123456789abcdef" * 2 + "-us" + "18"
    text = f"nothing a1b2c3d4 {between}{mailchimp} {between}token = {KEY} {between}{mailchimp}\n{between}token: {KEY}"
    assert sorted(found(text)) == sorted([KEY, KEY, mailchimp, mailchimp])
