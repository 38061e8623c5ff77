"""Nobody sends with half of what it takes."""

import re

import pytest

from tests.compose.serving import run
from tidegate import compose
from tidegate.core.values.errors import ConfigError

HOOK = '[review.webhooks.chat]\nurl = "{url}"\nboundary = "here"\nsecret = "env:TEST_HOOK_SECRET"\n'


@pytest.mark.parametrize(
    ("url", "secret", "says"),
    [
        ("http://127.0.0.1:9/x", None, "TEST_HOOK_SECRET"),
        ("http://127.0.0.1:9/x", "short", "review.webhooks.chat.secret: it is shorter than 16"),
        ("env:TEST_HOOK_URL", "a" * 16, "review.webhooks.chat.url: it is a public address"),
    ],
)
def test_a_webhook_that_could_not_be_told_is_a_mistake_of_the_configuration(configured, monkeypatch, url, secret, says):
    settings = configured(HOOK.format(url=url))
    monkeypatch.setenv("TEST_HOOK_URL", "https://8.8.8.8/x")
    if secret:
        monkeypatch.setenv("TEST_HOOK_SECRET", secret)
    with pytest.raises(ConfigError, match=re.escape(says)) as error:
        run(lambda: compose.open_gateway(settings, None))
    assert "8.8.8.8" not in str(error.value)
    assert not (settings.audit.path / compose.SLOT).exists(), "nothing is left open"
