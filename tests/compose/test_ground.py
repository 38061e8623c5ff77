"""What is wrong is told before anything is opened, and a ground is one worker's."""

import asyncio

import pytest

from tests.compose.serving import run, serving
from tidegate import compose
from tidegate.core.values.errors import ConfigError, LedgerError


def test_two_workers_never_share_a_log(configured):
    settings = configured()

    async def story():
        async with serving(settings):
            with pytest.raises(LedgerError):
                await compose.open_gateway(settings, None)

    run(story)


def test_a_credential_that_is_not_there_is_told_before_anything_is_opened(configured, monkeypatch):
    settings = configured()
    monkeypatch.delenv("TEST_OUTSIDE_KEY")
    with pytest.raises(ConfigError) as caught:
        run(lambda: compose.open_gateway(settings, None))
    assert "TEST_OUTSIDE_KEY" in str(caught.value)
    assert not (settings.audit.path / compose.SLOT).exists()


def test_a_detector_that_cannot_be_loaded_is_told_before_anything_is_opened(configured, tmp_path):
    more = '[detectors.ner]\nkind = "spacy"\nmodel = "no_such_pipeline"\nlabels = { PERSON = "pii.person" }\n'
    with pytest.raises(ConfigError, match="no_such_pipeline"):
        asyncio.run(compose.open_gateway(configured(more), None))
    assert not (tmp_path / "audit").exists()
