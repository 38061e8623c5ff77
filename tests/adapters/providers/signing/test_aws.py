"""AWS signatures: over the permit's own bytes, with credentials of the usual chain or of a document."""

import json
import sys

import pytest

from tests.adapters.providers.outgoing import run
from tests.fakes.aws import signature_is_good
from tidegate.adapters.providers.signing.aws import AwsSigner
from tidegate.core.values.errors import ConfigError, UpstreamError

KEY, SECRET = "AKIA" + "TIDEGATETEST0001", "secret/" + "of+the/test0123456789"
URL = "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.maker.model-v1%3A0/converse"
HEADERS = (("host", "bedrock-runtime.eu-central-1.amazonaws.com"), ("content-type", "application/json"))


def document(**more):
    return json.dumps({"AccessKeyId": KEY, "SecretAccessKey": SECRET, **more})


def sign(signer, body=b"{}"):
    return dict(run(signer.sign("POST", URL, HEADERS, body)))


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.mark.parametrize("token", ["", "session" + "token=="])
def test_a_signature_is_over_the_request_as_it_is_written(token):
    signer = AwsSigner(region="eu-central-1", document=document(SessionToken=token))
    added = sign(signer, b'{"a":1}')
    assert set(added) == {"authorization", "x-amz-date"} | ({"x-amz-security-token"} if token else set())
    sent = {**dict(HEADERS), **added}
    assert signature_is_good("POST", URL, sent, b'{"a":1}', secret=SECRET)
    assert not signature_is_good("POST", URL, sent, b'{"a":2}', secret=SECRET)
    assert not signature_is_good("POST", URL.replace("%3A0", "%3A1"), sent, b'{"a":1}', secret=SECRET)


def test_the_usual_chain_is_asked_once_and_again_after_it_was_turned_away(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    signer = AwsSigner(region="eu-central-1")
    assert KEY in sign(signer)["authorization"]
    other = KEY.replace("0001", "0002")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", other)
    assert KEY in sign(signer)["authorization"]
    signer.forget()
    assert other in sign(signer)["authorization"]


def test_a_profile_is_taken_from_the_shared_file(tmp_path):
    (tmp_path / "credentials").write_text(f"[night]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    assert KEY in sign(AwsSigner(region="eu-central-1", profile="night"))["authorization"]


@pytest.mark.parametrize("profile", ["", "nobody"])
def test_where_nothing_is_found_the_target_fails_and_says_what_to_do(profile):
    with pytest.raises(UpstreamError) as caught:
        sign(AwsSigner(region="eu-central-1", profile=profile))
    assert caught.value.kind == "connect"
    assert "credentials" in caught.value.message


@pytest.mark.parametrize("wrong", ["[]", "{}", '{"AccessKeyId":"a"}', '{"AccessKeyId":1,"SecretAccessKey":2}', "x"])
def test_a_document_that_is_none_is_refused_and_not_repeated(wrong):
    with pytest.raises(ConfigError) as caught:
        AwsSigner(region="eu-central-1", document=wrong)
    assert "export-credentials" in str(caught.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    with pytest.raises(ConfigError, match=r"tidegate\[bedrock\]"):
        AwsSigner(region="eu-central-1")
