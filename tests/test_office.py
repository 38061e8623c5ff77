"""Which policy a gateway begins with: what was activated goes on ruling, and nothing older comes in by a start."""

import asyncio
import json
import shutil

import pytest

from tests.adapters.stores.tlog import kit as logs
from tests.fakes import policies
from tests.fakes.policies import INSIDE, NO_PII, NO_SECRETS, OUTSIDE
from tidegate import activation, app, office, signing
from tidegate.adapters.policy.bundles import make_signing_key
from tidegate.core.settle.policy_record import ACTIVATED, policy_act
from tidegate.core.values.errors import ConfigError

STRICT = (INSIDE, OUTSIDE, NO_SECRETS, NO_PII)


def begin(settings):
    return office.begin(settings, lambda: {"pii.email"})


def refused(settings):
    with pytest.raises(ConfigError) as caught:
        begin(settings)
    return str(caught.value)


def ended(settings, begun, **changes):
    """What a gateway leaves behind that began so."""
    activation.desk_of(settings).keep(begun.standing)
    return begun


def activated(settings, path, source="command"):
    """As a gateway would after an order."""
    found = activation.examine(settings, path, source=source)
    desk = activation.desk_of(settings)
    desk.keep(desk.standing().activated(found.opened.ruling))
    return found.opened


@pytest.fixture
def key(tmp_path):
    return make_signing_key(tmp_path / "key", "house")


@pytest.fixture
def sign(tmp_path, key):
    def make(revision, *rules):
        folder = policies.write(tmp_path / f"source-{revision}", *rules)
        out = tmp_path / f"{revision}.tar"
        signing.sign_policy(policies.settings(tmp_path), folder, key, out, revision=revision, pinned=False)
        return out

    return make


def test_without_a_policy_the_baseline_rules_and_is_proven(tmp_path):
    begun = begin(policies.settings(tmp_path))
    assert (begun.standing.ruling.name, begun.proven, begun.is_news) == ("baseline", True, False)


def test_what_the_folder_holds_rules_and_a_change_of_it_is_news_at_the_next_start(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder))
    first = ended(settings, begin(settings))
    assert (first.standing.ruling.source, first.proven, first.is_news) == ("configuration", False, False)
    assert begin(settings).standing.ruling == first.standing.ruling
    policies.write(folder, *STRICT)
    second = begin(settings)
    assert second.is_news
    assert [one.revision for one in (second.standing.ruling, *second.standing.before)] == [2, 1]


HOUSE_FIRST = '[[prefer]]\nid = "house-first"\nreason = "It is here."\nfirst = { kind = "local" }\n'


def test_preferences_rule_with_their_policy_and_one_that_only_prefers_otherwise_is_another(tmp_path):
    settings = policies.settings(tmp_path)
    ended(settings, begin(settings))
    folder = policies.write(tmp_path / "house")
    activated(settings, folder)
    plain = begin(settings)
    (folder / "preferences.toml").write_text(HOUSE_FIRST)
    examined = activation.examine(settings, folder, source="command")
    assert examined.looser == ()
    activated(settings, folder)
    begun = begin(settings)
    assert [one.id for one in begun.policy.preferences.rules] == ["house-first"]
    assert (begun.proven, begun.policy.digest != plain.policy.digest) == (True, True)
    assert begun.policy.digest == app.compiled_policy(office.kept_folder(settings, begun.standing.ruling.bundle)).digest
    (folder / "preferences.toml").write_text(HOUSE_FIRST.replace("kind", "knid"))
    with pytest.raises(ConfigError, match=r"preferences\.toml:4: knid is no fact of a target"):
        activated(settings, folder)
    assert begin(settings).policy.digest == begun.policy.digest


def test_what_was_activated_goes_on_ruling_whatever_the_folder_holds(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder))
    ended(settings, begin(settings))
    found = activated(settings, policies.write(tmp_path / "strict", *STRICT))
    shutil.rmtree(folder)
    begun = begin(settings)
    assert begun.policy.digest == found.policy.digest
    assert (begun.proven, begun.is_news) == (True, False)


def test_a_watched_folder_that_is_broken_at_a_start_leaves_what_ruled(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder), watch=True)
    first = ended(settings, begin(settings))
    assert first.standing.looked_at == office.watched(settings)
    (folder / "rules.cedar").write_text("permit(")
    assert begin(settings).policy.digest == first.policy.digest
    assert office.watched(settings) != first.standing.looked_at


def test_what_is_in_force_is_known_without_a_gateway(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder))
    assert office.in_force(settings).where == str(folder)
    assert not activation.desk_of(settings).folder.exists()
    ended(settings, begin(settings))
    found = activated(settings, policies.write(tmp_path / "strict", *STRICT))
    told = office.in_force(settings)
    assert (told.policy.digest, told.where) == (found.policy.digest, told.standing.ruling.title())
    assert "the baseline" in office.in_force(policies.settings(tmp_path / "elsewhere")).where


def test_with_trusted_keys_a_folder_that_nobody_signed_does_not_rule(tmp_path, key):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder), trust=[key.verifier.vkey()])
    assert "nobody has signed this policy" in refused(settings)


def test_keys_that_come_later_end_what_nobody_signed(tmp_path, key, sign):
    folder = policies.write(tmp_path / "house")
    before = policies.settings(tmp_path, path=str(folder))
    ended(before, begin(before))
    activated(before, policies.write(tmp_path / "strict", *STRICT))
    trust = [key.verifier.vkey()]
    assert "nobody has signed" in refused(policies.settings(tmp_path, path=str(folder), trust=trust))
    begun = begin(policies.settings(tmp_path, path=str(sign(4)), trust=trust))
    assert (begun.standing.ruling.signed_by, begun.standing.highest, begun.is_news) == ("house", 4, True)


def test_a_start_takes_no_other_bundle_than_the_one_that_rules(tmp_path, key, sign):
    trust = [key.verifier.vkey()]
    first = policies.settings(tmp_path, path=str(sign(4)), trust=trust)
    ended(first, begin(first))
    for revision, rules in ((3, ()), (5, STRICT)):
        begun = begin(policies.settings(tmp_path, path=str(sign(revision, *rules)), trust=trust))
        assert begun.standing.ruling.revision == 4


def test_a_bundle_that_was_kept_and_changed_does_not_rule(tmp_path, key, sign):
    settings = policies.settings(tmp_path, path=str(sign(4)), trust=[key.verifier.vkey()])
    begun = ended(settings, begin(settings))
    (office.kept_folder(settings, begun.standing.ruling.bundle) / "rules.cedar").write_text(INSIDE + OUTSIDE)
    assert "rules.cedar: at least one byte" in refused(settings)


def test_a_key_that_is_no_longer_trusted_ends_what_it_signed(tmp_path, key, sign):
    settings = policies.settings(tmp_path, path=str(sign(4)), trust=[key.verifier.vkey()])
    ended(settings, begin(settings))
    other = make_signing_key(tmp_path / "other", "other")
    assert "trust does not name" in refused(
        policies.settings(tmp_path, path=str(sign(5)), trust=[other.verifier.vkey()])
    )


def test_the_log_remembers_which_revisions_are_too_old_where_the_desk_is_gone(tmp_path, key, sign):
    trust = [key.verifier.vkey()]
    settings = policies.settings(tmp_path, path=str(sign(4)), trust=trust)
    ruling = begin(settings).standing.ruling

    async def write():
        log = logs.open_log(settings.audit.path / "w0")
        about = {"revision": 4, "signed_by": "house", "bundle": ruling.bundle}
        await log.append(policy_act(request_id="r", ts=logs.rfc3339(logs.NOW_NS), act=ACTIVATED, **about))
        await log.close()

    asyncio.run(write())
    shutil.rmtree(tmp_path / "policy")
    assert "older than 4" in refused(policies.settings(tmp_path, path=str(sign(3)), trust=trust))
    assert "by the log revision 4 has ruled" in refused(policies.settings(tmp_path, trust=trust))
    assert begin(settings).standing.ruling.revision == 4


OUTSIDE_WAY = "models.auto -> targets.outside (there)"


def changed(settings, **tables):
    """The configuration with tables added or replaced."""
    return type(settings).from_document({**json.loads(json.dumps(dict(settings.document))), **tables})


def targets(settings, **more):
    """The configuration's own targets, changed."""
    known = json.loads(json.dumps(dict(settings.document)))["targets"]
    return {**known, **{name: {**known["outside"], **change} for name, change in more.items()}}


@pytest.fixture
def shut(tmp_path):
    """Settings under whose policy, which was activated, no request goes to the cloud that they name."""
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    ended(settings, begin(settings))
    activated(settings, policies.write(tmp_path / "shut", INSIDE, NO_SECRETS))
    return settings


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"models": {"auto": ["outside", "inside"]}},
        {"models": {"auto": ["outside"]}},
        {"workloads": {"desk": {"models": ["auto"]}}},
        {"cache": {"bytes": 1_000_000}},
    ],
)
def test_what_was_closed_knowingly_is_told_at_a_start_and_keeps_nobody_from_it(shut, more):
    begun = begin(changed(shut, **{"models": {"auto": ["inside", "outside"]}, **more}))
    assert begun.standing.closed() == (OUTSIDE_WAY,)
    assert any("targets.outside: gets nothing: the policy that was activated closes it" in one for one in begun.idle)


@pytest.mark.parametrize(
    ("models", "outside", "path"),
    [
        ({"auto": ["inside", "outside"], "new": ["outside"]}, {}, "models.new[0] -> targets.outside"),
        ({"auto": ["inside", "other"]}, {}, "models.auto[1] -> targets.other"),
        ({"auto": ["inside", "outside"]}, {"boundary": "elsewhere"}, "models.auto[1] -> targets.outside"),
    ],
)
def test_what_leads_nowhere_since_then_is_a_mistake_as_ever(shut, models, outside, path):
    boundaries = {**dict(shut.document)["boundaries"], "elsewhere": {"kind": "cloud", "region": "us"}}
    ends = targets(shut, outside=outside, other={})
    assert f"{path}: policy lets no request go this way" in refused(
        changed(shut, models=models, targets=ends, boundaries=boundaries)
    )


def test_what_the_configuration_names_no_more_is_not_closed_for_ever(shut):
    without = changed(shut, models={"auto": ["inside"]})
    begun = ended(without, begin(without))
    assert (begun.standing.closed(), begun.idle) == ((), ())
    assert "models.auto[1] -> targets.outside: policy lets no request go this way" in refused(shut)


def test_a_policy_that_rules_by_being_written_into_the_configuration_closes_what_was_closed(shut, tmp_path, key):
    """Whoever signs the emergency afterwards, for a gateway that trusts keys from then on, need not rewrite aliases."""
    out = tmp_path / "signed.tar"
    signing.sign_policy(shut, tmp_path / "shut", key, out, revision=9, pinned=False)
    begun = begin(policies.settings(tmp_path, path=str(out), trust=[key.verifier.vkey()]))
    assert (begun.standing.ruling.signed_by, begun.standing.closed()) == ("house", (OUTSIDE_WAY,))


def test_a_watched_folder_that_becomes_stricter_everywhere_may_close(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder), watch=True)
    begun = ended(settings, begin(settings))
    desk = office.DeskOffice(settings, lambda: {"pii.email"})
    policies.write(folder, INSIDE, NO_SECRETS)
    wanted = asyncio.run(desk.examine())
    assert wanted["looser"] == []
    found = desk.open(wanted["bundle"], "2090-01-01T00:00:00.000000000Z", begun.standing)
    assert found.ruling.closed == (OUTSIDE_WAY,)


def test_what_is_not_proven_is_not_opened_for_ruling(tmp_path):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    begun = ended(settings, begin(settings))
    desk = office.DeskOffice(settings, lambda: {"pii.email"})
    with pytest.raises(ConfigError, match="this version has not proven it"):
        desk.open(begun.standing.ruling.bundle, "2090-01-01T00:00:00.000000000Z")
    assert desk.read(begun.standing.ruling.bundle).digest == begun.policy.digest


def test_a_watched_place_is_examined_in_a_process_of_its_own(tmp_path):
    folder = policies.write(tmp_path / "house")
    settings = policies.settings(tmp_path, path=str(folder), watch=True)
    begun = ended(settings, begin(settings))
    desk = office.DeskOffice(settings, lambda: {"pii.email"})
    policies.write(folder, *STRICT)
    wanted = asyncio.run(desk.examine())
    assert (wanted["act"], wanted["against"], wanted["looser"]) == ("activate", begun.standing.ruling.bundle, [])
    assert desk.open(wanted["bundle"], "2090-01-01T00:00:00.000000000Z", begun.standing).policy.rules
    (folder / "rules.cedar").write_text("permit(")
    with pytest.raises(ConfigError, match=r"rules\.cedar:1"):
        asyncio.run(desk.examine())
    assert json.dumps(dict(settings.document))
