"""Examines one policy in a process of its own: compiling, proving and comparing may take seconds, and the gateway's
loop has none to spare.

One line of JSON in (`document`: the configuration, `path`: a policy folder or a bundle), one out: an order to activate
it, or `mistakes`.
"""

import json
import sys
from pathlib import Path

from tidegate.core.values.errors import ConfigError, TidegateError


def main() -> int:
    from tidegate import activation
    from tidegate.config import Settings

    try:
        order = json.loads(sys.stdin.readline())
        settings = Settings.from_document(order["document"])
        answer = activation.order(activation.examine(settings, Path(order["path"]), source="folder"))
    except ConfigError as error:
        answer = {"mistakes": list(error.mistakes)}
    except (TidegateError, OSError, ValueError, KeyError) as error:
        answer = {"mistakes": [str(error)]}
    except Exception as error:  # noqa: BLE001 - whoever asked is owed a line, and a traceback helps nobody there
        answer = {"mistakes": [f"a defect while examining ({type(error).__name__}); please report it"]}
    print(json.dumps(answer))  # noqa: T201 - the answer
    return 1 if "mistakes" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
