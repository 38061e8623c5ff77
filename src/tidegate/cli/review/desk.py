"""How a reviewer speaks to the running gateway: with signed notes, from whichever account they have on its machine."""

import http.client
import json
import os
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegate.core.values.errors import ConfigError, TidegateError

if TYPE_CHECKING:
    from tidegate.core.ledger.notes import Signer

_KEY = "TIDEGATE_REVIEW_KEY"
_TIMEOUT_S = 15.0
_MOST_BYTES = 8 * 1024 * 1024
_PATH = "/v1/tidegate/reviews"


class Desk(NamedTuple):
    """`signer`: whose key it is. `address`: where the gateway listens."""

    signer: "Signer"
    host: str
    port: int

    def order(self, do: str, review: str = "") -> dict[str, Any]:
        """What the gateway answers. Raises TidegateError with its sentence where it refuses."""
        from tidegate.core.review.signed import order_note

        return self.send(order_note(self.signer, do, at=now(), review=review))

    def send(self, note: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", _PATH, json.dumps({"note": note}), {"content-type": "application/json"})
            answer = connection.getresponse()
            return _document(answer.status, answer.read(_MOST_BYTES))
        except ConnectionRefusedError:
            raise TidegateError(
                f"no gateway answers on {self.host}:{self.port}; what waits is kept until it runs: `tidegate up`"
            ) from None
        except (OSError, http.client.HTTPException):
            raise TidegateError(
                f"the gateway on {self.host}:{self.port} broke off; `tidegate doctor` says how it is"
            ) from None
        finally:
            connection.close()


def declare(parser: ArgumentParser, *, needs_key: bool = True) -> None:
    where = f"your key (default: the file that {_KEY} names)"
    parser.add_argument("--key", metavar="FILE", help=where if needs_key else f"as a reviewer, with this key; {where}")
    parser.add_argument(
        "--gateway", metavar="HOST:PORT", type=_address, help="where it listens (default: as the configuration says)"
    )


def review_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "review", metavar="ID", help="the review's id, as the caller and `tidegate review list` have it"
    )


def desk(given: Namespace) -> Desk:
    """Raises ConfigError where there is no key."""
    from tidegate import app
    from tidegate.cli.chosen import written

    if not (name := key_file(given)):
        raise ConfigError([f"whoever reviews signs: --key FILE, or {_KEY}=FILE; `tidegate review key` makes one"])
    signer = app.reviewer_key(Path(name))
    host, port = given.gateway or tuple(written(given.config).server.listen)
    return Desk(signer, host, port)


def key_file(given: Namespace) -> str:
    return given.key or os.environ.get(_KEY, "")


def now(later_s: float = 0) -> str:
    from tidegate.core.review.keeping import moment

    return moment(int((time.time() + later_s) * 10**9))


def _document(status: int, body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
        if status == 200 and isinstance(document, dict):
            return document
        error = document["error"]
        said = f"the gateway says: {error['message']} [{error['code']}]"
    except (ValueError, KeyError, TypeError, RecursionError):
        said = "whoever answers there is no tidegate gateway, or it is broken; `tidegate doctor` says more"
    raise TidegateError(said)


def _address(text: str) -> tuple[str, int]:
    from tidegate.config.hosts import split_authority

    try:
        host, port = split_authority(text)
    except ValueError:
        host, port = "", None
    if not host or port is None:
        raise ArgumentTypeError("an address is wanted, such as 127.0.0.1:8790")
    return host, port
