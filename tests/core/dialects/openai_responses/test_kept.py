"""What a request names that lies at its provider."""

import pytest

from tidegate.core.dialects.openai_responses import kept

NAMED = [
    ({"previous_response_id": "a"}, {"a"}),
    ({"conversation": "a"}, {"a"}),
    ({"conversation": {"id": "a"}, "prompt": {"id": "b"}}, {"a", "b"}),
    ({"input": [{"type": "item_reference", "id": "a"}, {"id": "b"}, {"role": "user", "id": "c"}]}, {"a", "b"}),
    ({"input": [{"type": "function_call", "id": "fc"}, 5], "previous_response_id": 3}, set()),
]


@pytest.mark.parametrize(("document", "ids"), NAMED)
def test_each_id_is_found(document, ids):
    assert set(kept.named(document)) == ids


def test_who_asks_for_what_is_kept_is_told_what_to_do():
    assert kept.refused().status == 404
    assert "input" in kept.refused().message
