"""Which versions and betas are passed on, what they ask for, and that nothing else is."""

import pytest

from tidegate.core.dialects.anthropic_messages.headers import read
from tidegate.core.values import capabilities as known
from tidegate.core.values.errors import BadRequest

# As Claude Code 2.1.197 sends them.
CLAUDE_CODE = (
    "claude-code-20250219,interleaved-thinking-2025-05-14,thinking-token-count-2026-05-13,"
    "context-management-2025-06-27,prompt-caching-scope-2026-01-05,mid-conversation-system-2026-04-07,"
    "effort-2025-11-24"
)
BETAS = [
    (CLAUDE_CODE, set(), set()),
    ("interleaved-thinking-2025-05-14", set(), set()),
    ("context-management-2025-06-27,claude-code-20250219", set(), set()),
    ("files-api-2025-04-14", {known.FILES}, set()),
    ("mcp-client-2025-11-20, code-execution-2025-08-25", {known.REMOTE_MCP, known.CONTAINERS}, set()),
    ("web-fetch-2025-09-10", {known.FETCHED_URLS}, set()),
    ("extended-cache-ttl-2025-04-11", {known.LONG_CACHES}, set()),
    ("message-threads-2026-08-12", {known.CONVERSATIONS}, set()),
    ("never-heard-of-2027-01-01", set(), {"anthropic-beta.never-heard-of-2027-01-01"}),
]


@pytest.mark.parametrize(("betas", "asked", "rest"), BETAS)
def test_a_beta_is_harmless_a_capability_or_unknown(betas, asked, rest):
    said = read({"anthropic-beta": betas, "anthropic-version": "2023-06-01"})
    assert said.asked == asked
    assert said.unknown == rest
    assert said.carried == (("anthropic-version", "2023-06-01"), ("anthropic-beta", betas.replace(" ", "")))


def test_what_speaks_of_the_client_s_own_credential_does_not_go_along():
    assert read({"anthropic-beta": "oauth-2025-04-20"}).carried == ()
    assert read({"authorization": "Bearer x", "x-api-key": "y", "x-app": "cli"}).carried == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"anthropic-version": "my secret"},
        {"anthropic-version": ""},
        {"anthropic-beta": "a b"},
        {"anthropic-beta": "ünknown-2025-01-01"},
        {"anthropic-beta": "x" * 81},
        {"anthropic-beta": ",".join(f"b{n}" for n in range(65))},
        {"anthropic-beta": "a\r\nx-injected: 1"},
    ],
)
def test_headers_are_no_place_for_texts(headers):
    with pytest.raises(BadRequest) as refused:
        read(headers)
    assert refused.value.code == "invalid_header"
    assert refused.value.param in headers
