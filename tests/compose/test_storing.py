"""The log's heads are in the store too."""

from tests.compose.serving import run, serving
from tidegate import app


def test_the_log_s_head_is_kept_in_the_store_when_it_ends(configured):
    settings = configured()

    async def story():
        async with serving(settings) as (gateway, ask):
            await ask("POST", "/v1/chat/completions", b"no json")
            return gateway

    gateway = run(story)
    (head,) = app.anchored_heads(settings)
    assert (head.size, head.root) == (gateway.ledger.head.size, gateway.ledger.head.root)
    assert head.size == 1
