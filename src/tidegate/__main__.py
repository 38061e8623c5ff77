"""`tidegate` and `python -m tidegate`."""

import sys

from tidegate.cli.entry import run


def main() -> int:
    return run()


if __name__ == "__main__":
    sys.exit(main())
