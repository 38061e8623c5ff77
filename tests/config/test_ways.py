"""Configurations held against policies: which are refused, and with which path."""

from datetime import date
from pathlib import Path

import pytest

from tests.core.decide.facts import rule
from tidegate import app
from tidegate.config import Settings
from tidegate.config.ways import STANDING, standing_way, ways_of
from tidegate.config.workloads import bound
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.ways.search import example
from tidegate.core.decide.ways.survey import Verdict, mistakes_of, survey
from tidegate.core.decide.ways.way import Carries
from tidegate.core.values.target import Boundary, Contract
from tidegate.core.values.workload import Workload

TODAY = date(2026, 11, 21)
BEST = {"retention": "zero", "training": "never", "tier": "enterprise", "expires": "2099-01-01"}
OVER = {**BEST, "expires": "2026-11-20"}
HERE = {"provider": "ollama", "model": "m", "boundary": "here"}
LOCAL = rule('resource.kind == "local"', name="local", effect="permit", action='action == Action::"send_raw"')
CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit", action='action == Action::"send_raw"')
SOLELY_PUBLIC = rule('context.level != "public"', name="solely-public")
OF_CARE = rule('context.workload != "care" && resource.kind == "cloud"', name="care-alone")
ASKED = rule(
    'context.consent.contains("research")', name="asked", effect="permit", action='action == Action::"send_raw"'
)


def cloud(boundary="eu-cloud", **more):
    plain = {"provider": "openai-compatible", "url": "https://ai.example/v1", "model": "m", "boundary": boundary}
    return {**plain, **more, "api_key": "env:KEY"}


def configuration(models=None, workloads=None, review=None, mcp=None, **targets):
    return Settings.from_document(
        {
            "boundaries": {
                "here": {"kind": "local"},
                "eu-cloud": {"kind": "cloud", "region": "eu"},
                "us-cloud": {"kind": "cloud", "region": "us"},
                "some-cloud": {"kind": "cloud"},
                "ours": {"kind": "private"},
            },
            "targets": {"local": HERE, **targets},
            "models": models or {},
            "workloads": workloads or {},
            "review": review or {},
            "mcp": mcp or {},
        },
        folder=Path("/nowhere"),
        environ={},
    )


def library(*names):
    files = app.policy_files(names)
    sources = {name: text for name, text in files.items() if "/" not in name and not name.endswith("schema")}
    return compile_policy(sources, schema=files["tidegate.cedarschema"])


def own(*rules):
    return compile_policy({"rules.cedar": "".join(rules)}, schema=library_schema())


def library_schema():
    return app.policy_files(())["tidegate.cedarschema"]


BASELINE = library()


def held_against(policy, settings, today=TODAY):
    return survey(policy, ways_of(settings, today), example)


def verdicts(found):
    return {one.way.path: one.verdict for one in found if one.way.carries is Carries.REQUEST}


@pytest.mark.parametrize(
    ("policy", "target", "verdict", "rules"),
    [
        (BASELINE, cloud(contract=BEST), Verdict.OPEN, ()),
        (BASELINE, cloud(), Verdict.IDLE, ("cloud-needs-a-contract",)),
        (BASELINE, cloud(contract=OVER), Verdict.IDLE, ("cloud-needs-a-contract",)),
        (BASELINE, cloud(contract={**BEST, "training": "yes"}), Verdict.OPEN, ()),  # for what needs no such promise
        (BASELINE, {**HERE, "boundary": "ours"}, Verdict.OPEN, ()),
        (library("air-gapped"), cloud(contract=BEST), Verdict.DEAD, ("default-deny",)),
        (library("air-gapped"), {**HERE, "boundary": "ours"}, Verdict.DEAD, ("default-deny",)),
        (library("air-gapped"), HERE, Verdict.OPEN, ()),
        # an approval may still come; one that was taken back is an answer
        (library("soc2"), cloud(contract=BEST, approval="approved"), Verdict.OPEN, ()),
        (library("soc2"), cloud(contract=BEST), Verdict.IDLE, None),
        (library("soc2"), cloud(contract=BEST, approval="withdrawn"), Verdict.DEAD, None),
        # a rule that only some requests pass still lets those through
        (own(LOCAL, CLOUD, SOLELY_PUBLIC), cloud(), Verdict.OPEN, ()),
        (own(LOCAL, CLOUD, rule("!resource.fields_known", name="known")), cloud(), Verdict.OPEN, ()),
        (own(LOCAL, CLOUD, rule('resource.health != "healthy"', name="well")), cloud(), Verdict.OPEN, ()),
        (own(LOCAL, CLOUD, rule('resource.name == "it"', name="not-it")), cloud(), Verdict.DEAD, ("not-it",)),
        (own(LOCAL, CLOUD, rule('resource.region != "eu"', name="eu")), cloud("us-cloud"), Verdict.DEAD, ("eu",)),
        # where no boundary states the region, a contract may
        (own(LOCAL, CLOUD, rule('resource.region != "eu"', name="eu")), cloud("some-cloud"), Verdict.IDLE, ("eu",)),
        (own(LOCAL, CLOUD, rule('resource.tier == "unknown"', name="tier")), cloud(), Verdict.IDLE, ("tier",)),
        (own(LOCAL, CLOUD, rule("true", name="nothing")), cloud(), Verdict.DEAD, ("nothing",)),
        # consent is declared with a workload, and there is none
        (own(LOCAL, ASKED), cloud(), Verdict.DEAD, ("default-deny",)),
        # capabilities: agreed or not asked for
        (own(LOCAL, CLOUD, rule("resource.capabilities_agreed", name="odd")), cloud(), Verdict.OPEN, ()),
        (
            own(LOCAL, CLOUD, rule("context.capabilities.isEmpty() || !resource.capabilities_agreed", name="odd")),
            cloud(contract={**BEST, "capabilities": ["batch"]}),
            Verdict.OPEN,
            (),
        ),
        (
            own(LOCAL, CLOUD, rule("context.capabilities.isEmpty() || !resource.capabilities_agreed", name="odd")),
            cloud(contract=BEST),
            Verdict.IDLE,
            ("odd",),
        ),
        (
            own(
                LOCAL,
                CLOUD,
                rule('!context.capabilities.contains("files") || !resource.capabilities_agreed', name="odd"),
            ),
            cloud(contract={**BEST, "capabilities": ["batch"]}),
            Verdict.IDLE,
            ("odd",),
        ),
    ],
)
def test_what_becomes_of_an_alias(policy, target, verdict, rules):
    found = held_against(policy, configuration(models={"auto": ["it", "local"]}, it=target))

    assert verdicts(found)["models.auto[0] -> targets.it"] is verdict
    one = found[0]
    assert rules is None or one.rules == rules
    assert one.is_mistake is (verdict is Verdict.DEAD)
    assert bool(mistakes_of(found)) is (verdict is Verdict.DEAD)


EU, US = cloud(contract=BEST), cloud("us-cloud", contract=BEST)
CARE = {"residency": "eu", "models": ["auto"]}


@pytest.mark.parametrize(
    ("policy", "workloads", "dead"),
    [
        (BASELINE, {"care": {"residency": "eu", "models": ["eu"]}}, []),
        (BASELINE, {"care": CARE}, ["workloads.care -> models.auto[1] -> targets.us"]),
        # whoever names no model may ask for all, and names no target by it
        (BASELINE, {"care": {"residency": "eu"}}, []),
        (BASELINE, {"care": {"residency": "us", "models": ["eu"]}}, ["workloads.care -> models.eu[0] -> targets.eu"]),
        (
            BASELINE,
            {"care": {"residency": "in", "models": ["auto"]}},
            ["workloads.care -> models.auto[0] -> targets.eu", "workloads.care -> models.auto[1] -> targets.us"],
        ),
        (own(LOCAL, CLOUD, OF_CARE), {"care": {"models": ["auto", "eu"]}}, []),
        # care may not ask for that model, and nobody else would be let through
        (own(LOCAL, CLOUD, OF_CARE), {"care": {"models": ["auto"]}}, ["models.eu[0] -> targets.eu"]),
        (
            own(LOCAL, CLOUD, OF_CARE),
            {"care": {}, "sales": {"models": ["eu"]}},
            ["workloads.sales -> models.eu[0] -> targets.eu"],
        ),
        (own(LOCAL, ASKED), {"care": {"consent": ["research"]}}, []),
        (own(LOCAL, CLOUD, rule('principal.agent != "scribe"', name="s")), {"care": {"agents": ["scribe"]}}, []),
        (
            own(LOCAL, CLOUD, rule('principal.agent != "scribe"', name="s")),
            {"care": {"agents": ["coder"]}},
            [
                "models.auto[0] -> targets.eu",
                "models.auto[1] -> targets.us",
                "models.auto[2] -> targets.local",
                "models.eu[0] -> targets.eu",
            ],
        ),
        (
            own(LOCAL, CLOUD, rule('context.task == "" && resource.kind == "cloud"', name="t")),
            {"c": {"task": "sum"}},
            [],
        ),
    ],
)
def test_what_becomes_of_what_workloads_name(policy, workloads, dead):
    models = {"auto": ["eu", "us", "local"], "eu": ["eu"]}
    found = held_against(policy, configuration(models=models, workloads=workloads, eu=EU, us=US))

    assert [one.way.path for one in found if one.verdict is Verdict.DEAD] == dead


def test_a_refusal_has_the_path_the_rule_and_what_to_do():
    settings = configuration(models={"auto": ["eu", "us"]}, workloads={"care": CARE}, eu=EU, us=US)

    (mistake,) = mistakes_of(held_against(BASELINE, settings))

    assert mistake == (
        "workloads.care -> models.auto[1] -> targets.us: policy lets no request go this way, whatever contract there "
        "were (residency-is-kept: The data must stay in a stated region, and this cloud is in another one.); "
        "take it out"
    )


def test_a_contract_that_ends_makes_a_way_idle_and_no_mistake():
    settings = configuration(models={"auto": ["eu"]}, eu=cloud(contract={**BEST, "expires": "2026-11-21"}))

    first, second = (held_against(BASELINE, settings, day)[0] for day in (TODAY, date(2026, 11, 22)))
    assert (first.verdict, second.verdict) == (Verdict.OPEN, Verdict.IDLE)
    assert second.sentence() == (
        "models.auto[0] -> targets.eu: gets nothing today (cloud-needs-a-contract: A cloud gets nothing until its "
        "contract is stated, and nothing once it has expired.)"
    )


def test_without_models_every_target_is_a_candidate():
    found = held_against(library("air-gapped"), configuration(eu=EU))

    assert verdicts(found) == {
        "models.auto[0] -> targets.local": Verdict.OPEN,
        "models.auto[1] -> targets.eu": Verdict.DEAD,
    }


# -- what goes without being asked about -----------------------------------------------------------------------------

THERE, AT_HOME, OURS = Boundary("there", "cloud", "eu"), Boundary("here", "local"), Boundary("ours", "private")
GOOD = Contract(retention="zero", training="never", tier="enterprise", expires=date(2099, 1, 1))
ENDED = Contract(retention="zero", training="never", tier="enterprise", expires=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("policy", "carries", "boundary", "contract", "refused"),
    [
        (BASELINE, Carries.NAMES, THERE, None, False),
        (BASELINE, Carries.CREDENTIAL, THERE, None, False),
        (BASELINE, Carries.NAMES, None, None, True),
        (BASELINE, Carries.RAW, None, None, True),
        (BASELINE, Carries.RAW, AT_HOME, None, False),
        (BASELINE, Carries.EMBEDDINGS, AT_HOME, None, False),
        (BASELINE, Carries.RAW, OURS, None, True),  # health data goes there under a BAA only
        (BASELINE, Carries.RAW, OURS, Contract(baa=True, expires=date(2099, 1, 1)), False),
        (BASELINE, Carries.RAW, OURS, Contract(baa=True, expires=date(2026, 11, 20)), True),
        (BASELINE, Carries.RAW, THERE, GOOD, True),
        (BASELINE, Carries.REDACTED, THERE, GOOD, True),
        (own(LOCAL, CLOUD), Carries.RAW, THERE, None, False),
        (own(LOCAL, CLOUD, rule("!resource.contract", name="c")), Carries.RAW, THERE, GOOD, False),
        (own(LOCAL, CLOUD, rule("!resource.contract", name="c")), Carries.RAW, THERE, ENDED, True),
        (own(LOCAL, CLOUD.replace("send_raw", "send_redacted")), Carries.REDACTED, THERE, None, False),
        (own(LOCAL, CLOUD.replace("send_raw", "send_redacted")), Carries.RAW, THERE, None, True),
        (own(LOCAL, CLOUD.replace("send_raw", "send_redacted")), Carries.EMBEDDINGS, THERE, None, True),
        (own(LOCAL, CLOUD.replace("send_raw", "send_reviewed")), Carries.REDACTED, THERE, None, True),
        # content asks for nothing: a rule about tools says nothing of it
        (own(LOCAL, CLOUD, rule("context.tools_offered", name="tools")), Carries.RAW, THERE, None, False),
        (library("air-gapped"), Carries.RAW, AT_HOME, None, False),
        (library("air-gapped"), Carries.NAMES, THERE, None, False),
        (library("air-gapped"), Carries.REDACTED, THERE, GOOD, True),
    ],
)
def test_what_goes_unasked_must_be_permitted_whatever_it_holds(policy, carries, boundary, contract, refused):
    (found,) = survey(policy, [standing_way("review.webhooks.chat", carries, boundary, contract, TODAY)], example)

    assert found.verdict is (Verdict.REFUSED if refused else Verdict.OPEN)
    assert found.is_mistake is refused


def test_its_refusal_shows_what_might_go_there():
    way = standing_way("review.webhooks.chat", Carries.REDACTED, THERE, GOOD, TODAY)

    (mistake,) = mistakes_of(
        survey(own(LOCAL, CLOUD, rule('context.labels.contains("phi")', name="health")), [way], example)
    )

    assert mistake == (
        "review.webhooks.chat: content with its values replaced goes this way without being asked about, and policy "
        "does not permit a request with phi (level restricted) to a cloud target (health: A reason.); take it out, or "
        "let it carry less"
    )


@pytest.mark.parametrize(
    ("policy", "mcp", "verdict"),
    [
        (BASELINE, {}, None),
        (BASELINE, {"boundary": "here"}, Verdict.OPEN),
        (BASELINE, {"boundary": "us-cloud"}, Verdict.IDLE),
        (BASELINE, {"boundary": "us-cloud", "contract": BEST}, Verdict.OPEN),
        (library("air-gapped"), {"boundary": "us-cloud", "contract": BEST}, Verdict.DEAD),
        (library("air-gapped"), {"boundary": "here"}, Verdict.OPEN),
    ],
)
def test_what_becomes_of_clients_that_use_tools_of_ours(policy, mcp, verdict):
    found = verdicts(held_against(policy, configuration(models={"auto": ["local"]}, mcp=mcp)))

    assert found.get(f"mcp.boundary -> boundaries.{mcp.get('boundary')}") is verdict


def test_what_goes_unasked_today_carries_no_content():
    """Reviews' webhooks are told names and counts; targets are asked for their models."""
    hook = {"url": "https://chat.example/hook", "boundary": "us-cloud", "secret": "env:HOOK"}
    settings = configuration(models={"auto": ["eu"]}, review={"webhooks": {"chat": hook}}, eu=EU)

    standing = [way for way in ways_of(settings, TODAY) if way.carries is not Carries.REQUEST]
    assert [(way.path, way.carries.value) for way in standing] == [
        ("review.webhooks.chat", "names and counts"),
        ("doctor -> targets.local", "a credential"),
        ("doctor -> targets.eu", "a credential"),
        ("upstream.probe_interval_s -> targets.local", "a credential"),
        ("upstream.probe_interval_s -> targets.eu", "a credential"),
        ("provenance -> targets.local", "a credential"),
    ]
    assert not mistakes_of(held_against(BASELINE, settings))


def test_an_answer_that_is_given_again_takes_the_way_of_a_request():
    settings = configuration(models={"auto": ["eu", "local"]}, eu=EU)
    assert not [way for way in ways_of(settings, TODAY) if way.path.startswith("cache")]
    cached = Settings.from_document(
        {**settings.document, "cache": {"bytes": 1 << 20}}, folder=Path("/nowhere"), environ={}
    )

    ways = {way.path: way for way in ways_of(cached, TODAY)}
    for path in ("models.auto[0] -> targets.eu", "models.auto[1] -> targets.local"):
        again = ways[f"cache -> {path}"]
        assert (again.carries, again.leads, again.contexts) == (Carries.REQUEST, ways[path].leads, ways[path].contexts)


def test_a_new_way_is_a_line(monkeypatch):
    def webhook(settings, today):
        yield standing_way("review.webhooks.chat", Carries.RAW, settings.boundaries["us-cloud"], None, today)

    monkeypatch.setattr("tidegate.config.ways.STANDING", (*STANDING, webhook))

    (mistake,) = mistakes_of(held_against(BASELINE, configuration(models={"auto": ["local"]})))
    assert mistake.startswith("review.webhooks.chat: content as it is")


def test_what_a_workload_declares_is_bound_once_for_ways_and_for_the_path():
    table = configuration(models={"auto": ["local"]}, workloads={"care": {**CARE, "task": "sum", "consent": ["a"]}})

    found = bound(table.workloads["care"])
    assert (found.residency, found.models, found.task, found.consent, found.agents) == (
        "eu",
        {"auto"},
        "sum",
        {"a"},
        frozenset(),
    )
    assert bound(configuration(models={"auto": ["local"]}, workloads={"w": {}}).workloads["w"]) == Workload()
