"""What a bundle takes for granted is held against what is here, and every way of the configuration against it."""

import json

import pytest

from tests.fakes import policies
from tests.fakes.policies import INSIDE, NO_SECRETS
from tidegate import activation
from tidegate.adapters.policy.bundles import Bundle, read_bundle
from tidegate.core.decide.bundle.manifest import manifest_of
from tidegate.core.values.errors import ConfigError

NAME = "models.auto -> targets.outside (there)"


@pytest.mark.parametrize(
    ("closed", "taken"),
    [(None, True), ((NAME,), True), ((), False), (("models.other -> targets.outside (there)",), False)],
)
def test_only_what_was_closed_knowingly_is_no_mistake(house, closed, taken):
    bundle = read_bundle(policies.write(house.place / "shut", INSIDE, NO_SECRETS))
    if taken:
        found = activation.opened(house.unsigned, bundle, source="command", closed=closed)
        assert (found.ruling.closed, len(found.idle)) == ((NAME,), 1)
    else:
        with pytest.raises(ConfigError, match="policy lets no request go this way"):
            activation.opened(house.unsigned, bundle, source="command", closed=closed)


def test_what_surrounds_it_must_promise_no_more_than_the_bundle_has(house):
    bundle = house.sign(pinned=True)
    assert activation.examine(house.settings, bundle, source="command").opened.ruling.revision == 2
    document = json.loads(json.dumps(dict(house.settings.document)))
    document["boundaries"]["there"]["kind"] = "local"
    elsewhere = type(house.settings).from_document(document)
    assert "boundaries.there.kind: local here, cloud in the bundle" in house.refused(bundle, elsewhere)
    document = json.loads(json.dumps(dict(house.settings.document)))
    document["targets"]["outside"]["contract"]["expires"] = "2099-01-02"
    assert "targets.outside.contract.expires" in house.refused(bundle, type(house.settings).from_document(document))


def test_surroundings_that_nobody_wrote_so_are_refused(house):
    members = {**read_bundle(house.open).members, "surroundings.json": b"{}"}
    bundle = Bundle(manifest_of(members, name="open"), members, "", "open")
    with pytest.raises(ConfigError, match=r"surroundings\.json"):
        activation.opened(house.unsigned, bundle, source="command")
