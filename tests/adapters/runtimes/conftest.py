from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.runtimes.children import ENGINE, KEY, Child, running
from tidegate.models import tiny_model_path


@pytest.fixture(scope="session")
def tiny_model() -> Path:
    return tiny_model_path()


@pytest.fixture(scope="session")
def engine_order(tiny_model: Path) -> dict[str, Any]:
    pytest.importorskip("xllamacpp", reason="the embedded engine is the extra `tidegate[embedded]`")
    return {
        "model_path": str(tiny_model),
        "host": "127.0.0.1",
        "port": 0,
        "api_key": KEY,
        "alias": "tidegate-tiny",
        "context": 2048,
        "parallel": 2,
        "threads": 1,
    }


@pytest.fixture(scope="session")
def engine(engine_order: dict[str, Any]) -> Iterator[Child]:
    with running(engine_order, "-m", ENGINE) as child:
        yield child
