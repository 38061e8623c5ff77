"""Sessions over restarts of a whole gateway, and over the loss of its store."""

import json

from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import answers

SSN = "457-55-" + "5462"
ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "well"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip


def boundary(gateway, *texts, session=""):
    """Where a conversation goes: user and assistant take turns in it."""
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]
    headers = {"x-tidegate-session": session} if session else {}
    answer = gateway.post("/v1/chat/completions", {"model": "auto", "messages": messages}, headers)
    assert answer.status == 200, answer.body
    return answer.headers["x-tidegate-boundary"]


def test_a_session_is_known_after_a_restart_and_strict_after_its_store_is_lost():
    with upstreams(answers(200, ANSWER), answers(200, ANSWER)) as ends, Gateway(*ends) as gateway:
        assert boundary(gateway, "hello", "hi", "a letter, please", session="one") == "there"
        assert boundary(gateway, f"my SSN is {SSN}", session="one") == "here"
        assert boundary(gateway, "a letter, please", session="one") == "here"

        gateway.kill()
        gateway.start()
        assert boundary(gateway, "a letter, please", session="one") == "here"
        assert boundary(gateway, "hello", "hi", "a letter, please", session="two") == "there"

        gateway.stop()
        for file in gateway.home.glob("state.db*"):
            file.unlink()
        gateway.start()
        assert boundary(gateway, "hello", "hi", "a letter, please", session="one") == "here"
        assert boundary(gateway, "hello", "hi", "a letter, please", session="two") == "here"
        assert boundary(gateway, "hello", "hi", "a letter, please") == "here"
        assert boundary(gateway, "hello", session="three") == "there"

        gateway.stop()
        gateway.start()
        assert boundary(gateway, "hello", "hi", "a letter, please", session="one") == "here"
        assert boundary(gateway, "hello", "hi", "a letter, please", session="three") == "there"
