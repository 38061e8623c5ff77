"""A policy that nobody has proven is proven while the gateway serves local targets already."""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tidegate import activation, office
from tidegate.config import Settings
from tidegate.gateway import Gateway

_log = logging.getLogger("tidegate.compose")


def prover(settings: Settings, begun: office.Begun) -> Callable[[Gateway], Awaitable[None]]:
    """Proves the policy in a process of its own, keeps the proof, lets it rule; until then local targets only."""
    policy, ruling = begun.policy, begun.standing.ruling
    assert ruling is not None  # something always rules
    folder = office.kept_folder(settings, ruling.bundle)

    async def prove(gateway: Gateway) -> None:
        _log.warning("the policy has not been proven yet: until it is, only local targets are served")
        answer = json.loads(await _asked(folder) or b"{}")
        if answer.get("digest") != policy.digest or not answer.get("proof"):
            _log.error(
                "the policy is not proven, so only local targets are served: %s", answer.get("error", "no answer")
            )
            return
        activation.keep_proof(settings, policy, answer["proof"])
        if gateway.ruling.is_in_force(policy.digest):
            gateway.rule_by(policy)
            _log.warning("the policy is proven and rules now")

    return prove


async def _asked(folder: Path) -> bytes:
    """What the prover says of the policy there; nothing where it was ended."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tidegate.prover",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        told, _ = await child.communicate(json.dumps({"path": str(folder)}).encode() + b"\n")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()  # its transport is closed then, and not whenever it is collected
    return told
