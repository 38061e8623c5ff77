"""`tidegate mcp`: an MCP server on standard input and output, for clients that want to ask the gateway itself.

Each tool's result passes the gateway's own release: what a client may see depends on its declared boundary.
"""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments
from tidegate.core.values.errors import TidegateError

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from tidegate.config import Address

_TIMEOUT_S = 300.0
_MOST_BYTES = 64 * 1024 * 1024
_HEADERS = {"content-type": "application/json"}
_INSTRUCTIONS = (
    "tidegate is the gateway that decides which data may go to which model. Ask it what a text holds and where it may "
    "go (explain), put a question to a model through it (ask), or see what became of an exchange (receipts)."
)


def run(words: Sequence[str]) -> int:
    about = (
        "Serve the Model Context Protocol on standard input and output. What it returns is egress: name the client's "
        "boundary under [mcp] in the configuration, or nothing will be returned to it."
    )
    parser = arguments.command("mcp", about, '  an entry in a client: {"command": "tidegate", "args": ["mcp"]}')
    arguments.config_option(parser)
    given = parser.parse_args(words)
    from tidegate.cli.chosen import written

    _serve(Gateway(written(given.config).server.listen))
    return 0


class Gateway:
    """The running gateway, as any client reaches it. Its calls block."""

    def __init__(self, address: "Address") -> None:
        self._address = address

    def ask(self, question: str, model: str) -> str:
        body = {"model": model, "messages": [{"role": "user", "content": question}]}
        answer = self._call("POST", "/v1/chat/completions", body)
        return self.released(str(answer["choices"][0]["message"].get("content") or ""))

    def explain(self, text: str) -> str:
        return self.released(_shown(self._call("POST", "/v1/tidegate/explain", {"text": text})))

    def receipt(self, request_id: str) -> str:
        if not request_id.replace("-", "").isalnum():
            raise TidegateError("a request id is a UUID, as x-tidegate-request-id tells it")
        return self.released(_shown(self._call("GET", f"/v1/tidegate/receipts/{request_id}")))

    def released(self, text: str) -> str:
        """The text as this client may see it. Raises TidegateError where it may not."""
        found = self._call("POST", "/v1/tidegate/release", {"text": text})
        if found["effect"] == "none":
            raise TidegateError(
                f"{found['reason']} (rule {found['rule']}, receipt {found['request_id']}) "
                "[mcp] in the gateway's configuration says where this client is"
            )
        return str(found["text"])

    def _call(self, method: str, path: str, body: object = None) -> Any:
        import http.client

        address = self._address
        connection = http.client.HTTPConnection(address.host, address.port, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), _HEADERS)
            answer = connection.getresponse()
            tree = json.loads(answer.read(_MOST_BYTES))
        except (OSError, http.client.HTTPException):
            raise TidegateError(f"no gateway answers on {address}; start it with `tidegate up`") from None
        except ValueError:
            raise TidegateError(f"whoever answers on {address} is no tidegate gateway") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise TidegateError(f"the gateway says: {tree['error']['message']} [{tree['error'].get('code', '')}]")
        return tree


def _shown(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _serve(gateway: Gateway) -> None:
    try:
        from mcp.server import MCPServer
    except ImportError:
        raise TidegateError("the MCP server is an extra; install it: pip install 'tidegate[mcp]'") from None
    from tidegate import __version__

    server = MCPServer("tidegate", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    add_tools(server, gateway)
    server.run("stdio")


def add_tools(server: "MCPServer[Any]", gateway: Gateway) -> None:
    """The three tools, on a server of the official SDK's."""
    import asyncio

    from mcp.server.mcpserver.exceptions import ToolError

    async def told(work: Callable[..., str], *arguments: str) -> str:
        try:
            return await asyncio.to_thread(work, *arguments)
        except TidegateError as error:
            raise ToolError(str(error)) from None

    async def explain(text: str) -> str:
        """What a text holds (labels, positions, level), and which targets it may go to under the policy in force."""
        return await told(gateway.explain, text)

    async def ask(question: str, model: str = "auto") -> str:
        """Put a question to a model through the gateway. `model`: a name under [models]."""
        return await told(gateway.ask, question, model)

    async def receipts(request_id: str) -> str:
        """The log's records of one exchange: decision, rules, target, what was redacted, how it ended."""
        return await told(gateway.receipt, request_id)

    for tool in (explain, ask, receipts):
        server.add_tool(tool, structured_output=False)
