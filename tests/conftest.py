import os
import random

os.environ.setdefault("TIDEGATE_ORACLE_SHARD", str(random.SystemRandom().randrange(4000)))


def pytest_report_header() -> str:
    return (
        f"Cedar's own engine is asked about shard TIDEGATE_ORACLE_SHARD={os.environ['TIDEGATE_ORACLE_SHARD']} of 4000"
    )
