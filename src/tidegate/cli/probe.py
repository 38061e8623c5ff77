"""Bounded questions over HTTP that carry no text: which models a server lists, whether a gateway is there."""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

TIMEOUT_S = 3.0
_MOST_BYTES = 4 * 1024 * 1024


class Unanswered(Exception):  # noqa: N818 - it is a finding
    """Why a target did not answer, and what to do. Holds nothing of what it sent."""

    def __init__(self, found: str, next_step: str) -> None:
        super().__init__(found)
        self.next_step = next_step


def models_of(url: str, shown: Mapping[str, str], ca_file: str = "") -> set[str]:
    """Names in the list of models at `url`; empty where there is none. `shown`: headers of a credential. `ca_file`: who
    vouches for the server, in place of the system's authorities. Raises Unanswered.
    """
    status, body = _get(url, {"accept": "application/json", **shown}, ca_file)
    if status in (401, 403):
        raise Unanswered(f"it turns the key away (status {status})", "correct api_key, or what it refers to")
    if status in (404, 405):
        return set()
    if status != 200:
        raise Unanswered(f"it answers with status {status}", "look at that server's own messages")
    try:
        tree = json.loads(body)
        if "data" in tree:
            return {str(entry["id"]) for entry in tree["data"]}
        return {str(entry["name"]).removeprefix("models/") for entry in tree["models"]}  # Gemini's
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unanswered(
            "its list of models is none", "check the url: an OpenAI-compatible server is expected"
        ) from None


def list_at(url: str, shown: Mapping[str, str], ca_file: str = "") -> bytes:
    """What is listed at `url`, unread; empty where nothing is. Raises Unanswered."""
    status, body = _get(url, {"accept": "application/json", **shown}, ca_file)
    return body if status == 200 else b""


def _get(url: str, headers: dict[str, str], ca_file: str = "") -> tuple[int, bytes]:
    parts = urlsplit(url)
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, ca_file)
        try:
            connection.request("GET", parts.path, headers={**headers, "connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_BYTES)
        finally:
            connection.close()
    except ssl.SSLError as error:
        raise Unanswered(
            f"TLS fails ({error.reason or 'no reason given'})", "check its certificate and the url"
        ) from None
    except TimeoutError:
        raise Unanswered(f"no answer within {TIMEOUT_S:g} s", "check that it runs and can be reached") from None
    except socket.gaierror:
        raise Unanswered("its name leads nowhere", "correct the host in its url, or the name service") from None
    except OSError as error:
        raise Unanswered(
            f"no connection ({error.strerror or 'broken off'})", "start that server, or correct its url"
        ) from None
    except http.client.HTTPException:
        raise Unanswered("its answer is no HTTP", "correct its url") from None


def _connection(scheme: str, host: str, port: int | None, ca_file: str) -> http.client.HTTPConnection:
    if scheme == "https":
        trust = ssl.create_default_context(cafile=ca_file or None)
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=trust)
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)


def outside(url: str) -> str:
    """A public address that the URL's host leads to, or empty."""
    host = urlsplit(url).hostname or ""
    try:
        found = {str(address[4][0]).partition("%")[0] for address in socket.getaddrinfo(host, None)}
    except OSError:
        return ""
    return next((one for one in sorted(found) if not ipaddress.ip_address(one).is_private), "")


def gateway_state(host: str, port: int) -> str:
    """`ready`, or why the gateway there is not, or empty where no gateway answers."""
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        status, body = _get(f"http://{authority}/readyz", {})
    except Unanswered:
        return ""
    return _state(status, body)


def gateway_health(host: str, port: int) -> dict[str, str]:
    """How the gateway there finds its targets, by name; empty where none answers, or none that tells."""
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        _, body = _get(f"http://{authority}/readyz", {})
        targets = json.loads(body)["targets"]
    except (Unanswered, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {str(name): str(health) for name, health in targets.items()} if isinstance(targets, dict) else {}


def _state(status: int, body: bytes) -> str:
    try:
        document = json.loads(body)
        said = document["status"], str(document.get("reason", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    if said[0] not in ("ready", "not ready"):
        return ""
    return "ready" if status == 200 and said[0] == "ready" else said[1] or "it gives no reason"
