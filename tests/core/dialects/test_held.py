"""Whatever a client speaks, it is told under which id its request waits for a person."""

import json

import pytest

from tidegate.core.dialects import anthropic_messages
from tidegate.core.dialects.known import SPOKEN
from tidegate.core.values.errors import Held

ID = "0190abcd-0000-7000-8000-000000000001"
DIALECTS = {**SPOKEN, anthropic_messages.NAME: anthropic_messages}


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_the_id_stands_beside_the_code(name):
    told = json.loads(DIALECTS[name].render_error(Held(ID, "It waits.")))
    error = told["error"] if isinstance(told["error"], dict) else told
    assert (error["code"], error["review"]) == ("review_required", ID)
    assert "It waits." in json.dumps(told)


def test_clients_are_told_not_to_repeat_it():
    refusal = Held(ID, "It waits.")
    assert (refusal.status, refusal.headers) == (409, {"x-tidegate-review": ID, "x-should-retry": "false"})
