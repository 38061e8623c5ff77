"""What a customer registers is looked for soon after, and what cannot be read changes nothing."""

import asyncio
import logging

from tidegate.core.values.errors import ConfigError
from tidegate.services.own_data import OwnData


class Registry:
    """A folder whose state and engine are what the test says."""

    def __init__(self):
        self.state, self.engine, self.built = 1, "first", 0

    def build(self):
        self.built += 1
        if isinstance(self.engine, Exception):
            raise self.engine
        return type("Engine", (), {"name": self.engine, "ruleset": self.engine})()


def told(*steps):
    """Each step changes the registry; what is in use after each."""

    async def story():
        registry, used = Registry(), []
        own = OwnData(lambda: registry.state, registry.build, used.append, every_s=0.001)
        own.begin()
        after = []
        for state, engine in steps:
            registry.state, registry.engine = state, engine
            await asyncio.sleep(0.05)
            after.append(used[-1].name if used else None)
        await own.aclose()
        return after, registry.built

    return asyncio.run(story())


def test_nothing_is_built_while_nothing_changes():
    assert told((1, "first"), (1, "other")) == ([None, None], 0)


def test_what_is_registered_is_used_once_it_is_there():
    assert told((2, "second"), (2, "second"), (3, "third")) == (["second", "second", "third"], 2)


def test_what_cannot_be_read_changes_nothing_and_is_said_once(caplog):
    with caplog.at_level(logging.ERROR):
        assert told((2, "second"), (3, ConfigError(["crm.rec is damaged"])), (3, "x"), (4, "fourth")) == (
            ["second", "second", "second", "fourth"],
            3,
        )
    assert caplog.text.count("crm.rec is damaged") == 1
