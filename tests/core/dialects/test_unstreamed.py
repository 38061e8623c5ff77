"""Embeddings have no streams."""

import pytest

from tidegate.core.dialects import unstreamed
from tidegate.core.dialects.dialect import Asked
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError


@pytest.mark.parametrize(
    "ask",
    [
        unstreamed.open_reader,
        lambda: unstreamed.open_writer(Asked("r", "m", 0, {})),
        lambda: unstreamed.open_stream(AnswerNotes(), None),
    ],
)
def test_whoever_asks_for_one_is_told(ask):
    with pytest.raises(UpstreamError) as refused:
        ask()
    assert refused.value.kind == "protocol"
