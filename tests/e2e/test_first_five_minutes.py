"""What the README promises, with the plain `openai` client against a running gateway and the embedded engine."""

import json
import os
import signal
import subprocess
import sys
import time

import openai
import pytest

from tests.fakes.gateway import free_port

pytest.importorskip("xllamacpp", reason="the embedded engine is an extra")

SSN = "457-55-" + "5462"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """`tidegate up --demo` with its state in a folder of its own."""
    home = tmp_path_factory.mktemp("demo")
    port = free_port()
    environ = {
        **os.environ,
        "XDG_DATA_HOME": str(home),
        "TIDEGATE__SERVER__LISTEN": f"127.0.0.1:{port}",
    }
    with (home / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tidegate", "up", "--demo"],
            cwd=home, env=environ, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="any", max_retries=0, timeout=30)
    try:
        wait_until_both_targets_answer(client, process, home)
        yield client, home, environ
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            client.close()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def wait_until_both_targets_answer(client, process, home):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, (home / "out.txt").read_text()
        try:
            ask(client, "hello", model="local", max_tokens=1)
            ask(client, "hello", max_tokens=1)
        except openai.APIError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((home / "out.txt").read_text())


def ask(client, prompt, model="auto", **more):
    messages = [{"role": "user", "content": prompt}]
    return client.chat.completions.with_raw_response.create(
        model=model, messages=messages, **{"max_tokens": 60, **more}
    )


def test_a_harmless_prompt_is_answered_by_the_cloud(demo):
    client, _, _ = demo
    raw = ask(client, "What is a tide?")
    assert raw.headers["x-tidegate-target"] == "demo-cloud"
    assert raw.headers["x-tidegate-boundary"] == "demo-cloud"
    assert "What is a tide?" in raw.parse().choices[0].message.content


def test_a_social_security_number_is_answered_inside(demo):
    client, _, _ = demo
    raw = ask(client, f"My SSN is {SSN}, is it valid?")
    assert raw.headers["x-tidegate-target"] == "embedded"
    assert "gov.us_ssn" in raw.headers["x-tidegate-labels"]
    assert raw.parse().choices[0].message.content


def test_an_address_reaches_the_cloud_as_a_tag_and_comes_back(demo):
    client, _, _ = demo
    raw = ask(client, "Write to jane@example.com about the order")
    assert raw.headers["x-tidegate-target"] == "demo-cloud"
    assert raw.headers["x-tidegate-redactions"] == "1"
    assert "jane@example.com" in raw.parse().choices[0].message.content


@pytest.mark.parametrize("prompt", ["What is a tide?", f"My SSN is {SSN}"])
def test_both_stream(demo, prompt):
    client, _, _ = demo
    messages = [{"role": "user", "content": prompt}]
    with client.chat.completions.create(model="auto", messages=messages, stream=True, max_tokens=60) as stream:
        pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert len(pieces) > 1
    assert "".join(pieces)


def test_the_local_model_offers_a_tool_call_or_text_in_the_dialect_s_shape(demo):
    client, _, _ = demo
    tool = {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    choice = ask(client, "What is the weather in Oslo?", model="local", tools=[tool]).parse().choices[0]
    assert choice.finish_reason in ("stop", "tool_calls", "length")
    for call in choice.message.tool_calls or ():
        assert isinstance(json.loads(call.function.arguments), dict)


def test_models_are_listed(demo):
    client, _, _ = demo
    assert {model.id for model in client.models.list()} == {"auto", "local"}


def test_an_unknown_model_is_the_client_s_own_exception(demo):
    client, _, _ = demo
    with pytest.raises(openai.NotFoundError, match="auto"):
        ask(client, "hello", model="nobody")


def test_a_receipt_tells_what_happened(demo):
    client, _, _ = demo
    request_id = ask(client, "What is a tide?").headers["x-tidegate-request-id"]
    until = time.monotonic() + 5
    while time.monotonic() < until:
        receipt = client.get(f"/tidegate/receipts/{request_id}", cast_to=object)
        kinds = [entry["record"]["kind"] for entry in receipt["records"]]
        if kinds == ["intent", "outcome"]:
            return
        time.sleep(0.02)
    raise AssertionError(kinds)


def test_explain_says_the_same_as_the_path(demo):
    client, _, _ = demo
    told = client.post("/tidegate/explain", body={"text": f"My SSN is {SSN}"}, cast_to=object)
    effects = {t["target"]: t["effect"] for t in told["decision"]["targets"]}
    assert effects == {"demo-cloud": "none", "embedded": "raw"}
    assert told["labels"] == ["gov.us_ssn"]
    assert told["level"] == "restricted"


def cli(demo, *words):
    _, home, environ = demo
    return subprocess.run(
        [sys.executable, "-m", "tidegate", *words],
        capture_output=True, text=True, cwd=home, env=environ, timeout=60, check=False,
    )  # fmt: skip


def test_the_log_verifies_and_a_changed_byte_is_seen(demo):
    _, home, _ = demo
    sound = cli(demo, "audit", "verify", "--json")
    assert sound.returncode == 0, sound.stdout
    (segment,) = (home / "tidegate" / "audit" / "w0" / "wal").glob("*.seg")
    with segment.open("r+b") as file:
        file.seek(700)
        byte = file.read(1)
        file.seek(700)
        file.write(bytes([byte[0] ^ 1]))
    damaged = cli(demo, "audit", "verify", "--json")
    assert damaged.returncode == 1
    assert json.loads(damaged.stdout)["first_damage"]
    with segment.open("r+b") as file:
        file.seek(700)
        file.write(byte)
    assert cli(demo, "audit", "verify", "--json").returncode == 0
