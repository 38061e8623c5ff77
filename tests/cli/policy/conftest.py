"""The baseline written out as a policy of one's own, and a log of real records."""

import asyncio
import json
import re

import pytest

from tests.adapters.stores.tlog import kit as logs
from tests.core.decide.lifecycle.kit import entry, record
from tidegate import app, config
from tidegate.adapters.secrets.keyring import open_keyring
from tidegate.core.ledger.entries import rfc3339


@pytest.fixture
def policy(tidegate, machine):
    """`tidegate init`, and the folder of its policy."""
    tidegate("init")
    return machine.folder / "policy"


@pytest.fixture
def surrounded(machine):
    """Writes a configuration with a cloud, by what is agreed with it, and names the file."""

    def write(contract, **workload):
        names = "\n".join(f"{name} = {json.dumps(value)}" for name, value in workload.items())
        file = machine.folder / "surrounded.toml"
        file.write_text(
            """[boundaries.here]
kind = "local"
[boundaries.there]
kind = "cloud"
region = "us"
[targets.local]
provider = "ollama"
model = "m"
boundary = "here"
[targets.claude]
provider = "openai-compatible"
url = "https://ai.example/v1"
model = "m"
boundary = "there"
api_key = "env:KEY"
"""
            + (f"contract = {contract}\n" if contract else "")
            + '[models]\nauto = ["local", "claude"]\n'
            + (f"[workloads.support]\n{names}\n" if names else "")
        )
        return file

    return write


@pytest.fixture
def without():
    """Removes one rule from a policy folder, or gives the copy in which it is missing."""

    def remove(folder, name, to=None):
        target = to or folder
        target.mkdir(exist_ok=True)
        for file in [*folder.glob("*.cedar"), *folder.glob("*.toml")]:
            text = file.read_text()
            if file.suffix == ".cedar":
                text = re.sub(rf'@id\("{name}"\)[^;]*;', "", text)
            (target / file.name).write_text(text)
        return target

    return remove


@pytest.fixture
def log():
    """Four exchanges that the baseline decided: with nothing in them, twice with an address, and with a key."""
    settings = config.read({})
    keyring = open_keyring(settings.keys.path)
    baseline = app.compiled_policy(None)
    terms = {"contract": True, "retention": "zero", "training": "never", "tier": "enterprise"}
    targets = ({"name": "c", "kind": "cloud", **terms}, {"name": "l", "kind": "local"})

    async def write():
        tiles = logs.open_log(settings.audit.path / "w0", signing_key=keyring.seed)
        for number, labels in enumerate(([], ["pii.email"], ["pii.email"], ["secret.private_key"])):
            kept = record(baseline, *targets, request_id=f"r{number}", labels=labels)
            kept["ts"] = rfc3339(logs.NOW_NS + number * 86_400_000_000_000)
            index = await tiles.append(entry(kept))
            end = {"status": "completed", "target": "c" if number < 3 else "l", "duration_us": 1000 * (number + 1)}
            await tiles.append(logs.outcome(kept["request_id"], index, **end))
        await tiles.close()

    asyncio.run(write())
    return settings.audit.path / "w0"
