"""Proves one policy in a process of its own: a proof may take a second, and the gateway's loop has none to spare.

One line of JSON in (`path`: a policy folder, empty for the baseline), one out: `digest` and `proof`, or `error`.
"""

import json
import sys
from pathlib import Path

from tidegate.core.values.errors import ConfigError


def main() -> int:
    from tidegate import app

    try:
        path = json.loads(sys.stdin.readline())["path"]
        policy = app.compiled_policy(Path(path) if path else None)
        report = app.prove_policy(policy)
        answer = {"digest": policy.digest}
        if report.ok:
            answer["proof"] = app.keep_proof(report)
        else:
            answer["error"] = "; ".join(report.mistakes())
    except (ConfigError, ValueError, KeyError) as error:
        answer = {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - whoever asked is owed a line, and a traceback helps nobody there
        answer = {"error": f"a defect in the prover ({type(error).__name__}); please report it"}
    print(json.dumps(answer))  # noqa: T201 - the answer
    return 0 if "proof" in answer else 1


if __name__ == "__main__":
    sys.exit(main())
