"""A house that trusts one key, and bundles for it."""

import pytest

from tests.fakes import policies
from tidegate import activation, signing
from tidegate.activation import Newly
from tidegate.adapters.policy.bundles import make_signing_key, read_bundle, write_bundle
from tidegate.core.decide.bundle.standing import Standing
from tidegate.core.values.errors import ConfigError

NOW = "2090-01-01T00:00:00.000000000Z"


class House:
    """A gateway's settings that trust one key, whose policy is `open`, and what is signed for it."""

    def __init__(self, place):
        self.place = place
        self.key = make_signing_key(place / "key", "house")
        self.stranger = make_signing_key(place / "other", "stranger")
        self.open = policies.write(place / "open")
        self.unsigned = policies.settings(place, path=str(self.open))
        self.settings = policies.settings(place, trust=[self.key.verifier.vkey()])

    def sign(self, name="open", revision=2, key=None, pinned=False, **more):
        out = self.place / f"{name}-{revision}.tar"
        signing.sign_policy(
            self.unsigned, self.place / name, key or self.key, out, revision=revision, pinned=pinned, **more
        )
        return out

    def rules(self, bundle, revision=0):
        """Has it rule, as a gateway would keep it."""
        desk = activation.desk_of(self.settings)
        found = activation.opened(self.settings, bundle, source="command", newly=Newly(Standing(), NOW))
        desk.put(bundle)
        desk.keep((desk.standing() or Standing()).activated(found.ruling))

    def refused(self, path, settings=None):
        with pytest.raises(ConfigError) as caught:
            activation.examine(settings or self.settings, path, source="command")
        return str(caught.value)


def changed(path, name, change):
    """A copy of the bundle as a folder, one file of it changed, or removed."""
    bundle = read_bundle(path)
    copy = path.with_suffix("")
    write_bundle(copy, bundle)
    if change is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(change((copy / name).read_bytes()))
    return copy
