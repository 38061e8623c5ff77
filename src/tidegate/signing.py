"""Makes a signed bundle of a policy folder. What does not keep its cases or its invariants is not signed."""

import time
from collections.abc import Mapping
from pathlib import Path

from tidegate import activation
from tidegate.adapters.policy.bundles import (
    Bundle,
    make_signing_key,
    read_bundle,
    read_signing_key,
    write_bundle,
)
from tidegate.config import Settings
from tidegate.core.decide.bundle.manifest import (
    MAX_REVISION,
    SURROUNDINGS,
    Manifest,
    Untrusted,
    bundle_name,
    manifest_of,
    read_manifest,
    sign,
)
from tidegate.core.decide.bundle.surroundings import render
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.ledger.notes import Signer
from tidegate.core.values.errors import ConfigError


def sign_policy(
    settings: Settings,
    path: Path,
    signer: Signer,
    out: Path,
    *,
    revision: int,
    name: str = "",
    valid_until: str = "",
    approver: str = "",
    pinned: bool,
) -> Bundle:
    """Writes the bundle to `out`. `pinned`: it holds only where boundaries, targets, contracts and what is looked for
    are no looser than `settings` has them. Raises ConfigError with every mistake.
    """
    source = read_bundle(path)
    members = {file: content for file, content in source.members.items() if file != SURROUNDINGS}
    if pinned:
        members[SURROUNDINGS] = render(activation.surroundings_here(settings))
    manifest = _manifest(
        members, name or path.resolve().stem, revision=revision, valid_until=valid_until, approver=approver
    )
    bundle = Bundle(manifest, members, sign(manifest, signer), str(path))
    policy = bundle.compiled()
    activation.run_cases_of(bundle, policy)
    activation.prove_once(settings, policy)
    write_bundle(out, bundle)
    return bundle


def signing_key(key: Path | None, new_key: Path | None, name: str) -> Signer:
    """The key in a file, or one that is made there. Raises ConfigError."""
    if new_key is not None:
        return make_signing_key(new_key, bundle_name(name or new_key.stem))
    assert key is not None  # one of both is given
    return read_signing_key(key)


def _manifest(members: Mapping[str, bytes], name: str, *, revision: int, valid_until: str, approver: str) -> Manifest:
    """Raises ConfigError for what no reader would take."""
    manifest = Manifest(
        name=bundle_name(name),
        revision=revision,
        created=rfc3339(time.time_ns())[:19] + "Z",
        valid_until=valid_until,
        approver=approver,
        files=manifest_of(members, name=name).files,
    )
    if not 1 <= revision <= MAX_REVISION:
        raise ConfigError(["a revision is a whole number from 1 on; count up from the one before"])
    try:
        return read_manifest(manifest.text())
    except Untrusted as error:
        raise ConfigError([f"this cannot be signed: {error}"]) from None
