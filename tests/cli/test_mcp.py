"""`tidegate mcp`, driven by the official SDK's client over standard input and output, in front of a real gateway."""

import asyncio
import json
import os
import sys

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import answers
from tidegate.cli import mcp
from tidegate.core.values.errors import TidegateError

MAIL = "jane.doe@example.com"
SSN = "457-55-" + "5462"


def talk(gateway, *calls):
    """Each call's (is_error, text), and the tools that there are."""

    async def run():
        command = ["-m", "tidegate", "mcp", "--config", str(gateway.config)]
        server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
        async with Client(stdio_client(server)) as client:
            tools = sorted(tool.name for tool in (await client.list_tools()).tools)
            found = [await client.call_tool(name, arguments) for name, arguments in calls]
            return tools, [(bool(each.is_error), each.content[0].text) for each in found]

    return asyncio.run(run())


def says(text):
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return answers(
        200, json.dumps({"id": "c", "object": "chat.completion", "model": "m", "choices": [choice]}).encode()
    )


@pytest.fixture
def ends(monkeypatch):
    monkeypatch.delenv("TIDEGATE__SERVER__LISTEN")  # the gateway's own file says where it listens
    with upstreams(says(f"Her SSN is {SSN}, her address {MAIL}."), says("from outside")) as opened:
        yield opened


def test_a_client_inside_gets_what_the_gateway_says(ends):
    with Gateway(*ends, more='[mcp]\nboundary = "here"\n') as gateway:
        tools, found = talk(
            gateway,
            ("explain", {"text": f"my SSN is {SSN}"}),
            ("ask", {"question": "Why are there tides?"}),
            ("ask", {"question": f"Whose SSN is {SSN}?"}),
            ("receipts", {"request_id": "0190a0a0-0000-7000-8000-000000000000"}),
        )
    assert tools == ["ask", "explain", "receipts"]
    (_, explained), (_, harmless), (_, inside), (failed, missing) = found
    assert "gov.us_ssn" in json.loads(explained)["labels"]
    assert harmless == "from outside"
    assert SSN in inside
    assert failed
    assert "receipt_not_found" in missing


def test_a_client_in_a_cloud_under_contract_gets_tags_or_nothing(ends):
    contract = 'contract = { retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }'
    with Gateway(*ends, more=f'[mcp]\nboundary = "there"\n{contract}\n') as gateway:
        _, [(_, harmless), (failed, refused)] = talk(
            gateway, ("ask", {"question": "Why are there tides?"}), ("ask", {"question": f"Whose SSN is {SSN}?"})
        )
    assert harmless == "from outside"
    assert failed
    assert SSN not in refused
    assert MAIL not in refused
    assert "[mcp]" in refused


def test_without_a_declared_boundary_nothing_is_returned(ends):
    with Gateway(*ends) as gateway:
        _, found = talk(gateway, ("ask", {"question": "Why are there tides?"}), ("explain", {"text": "hello"}))
    assert [failed for failed, _ in found] == [True, True]


def test_without_a_gateway_a_sentence_says_so():
    from tidegate.config import Address

    with pytest.raises(TidegateError, match=r"no gateway answers on 127\.0\.0\.1:9"):
        mcp.Gateway(Address("127.0.0.1", 9)).explain("hello")
