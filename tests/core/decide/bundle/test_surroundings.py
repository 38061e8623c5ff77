"""Whatever a configuration promises more than the bundle has is found, and what it promises less is no matter."""

from dataclasses import replace
from datetime import date

import pytest

from tidegate.core.decide.bundle.manifest import Untrusted
from tidegate.core.decide.bundle.surroundings import promises_more, read_surroundings, render, surroundings_of
from tidegate.core.values.target import Boundary, Contract, Target

CONTRACT = Contract(
    retention="zero", training="never", tier="enterprise", region="eu", dpa=True,
    capabilities=frozenset({"files"}), expires=date(2027, 1, 31),
)  # fmt: skip
CLOUD = Target(
    name="cloud", provider="openai", url="https://cloud.example", model="m",
    boundary=Boundary("there", "cloud", "eu"), contract=CONTRACT, allow_fields=frozenset({"logit_bias"}),
)  # fmt: skip
INSIDE = Target(name="inside", provider="vllm", url="http://10.0.0.1", model="m", boundary=Boundary("here", "private"))
DETECTOR = {"kind": "spacy", "model": "en", "labels": {"PERSON": "pii.person"}, "timeout_s": 1.0, "threshold": 0.5}


def around(*targets, labels=("pii.email", "pii.phone"), detectors=None):
    return surroundings_of(targets, labels, {"spacy": DETECTOR} if detectors is None else detectors)


PINNED = around(CLOUD, INSIDE)


def contract(**changes):
    return around(replace(CLOUD, contract=replace(CONTRACT, **changes)), INSIDE)


@pytest.mark.parametrize(
    ("here", "place"),
    [
        (around(replace(CLOUD, boundary=Boundary("there", "local", "eu")), INSIDE), "boundaries.there.kind"),
        (around(replace(CLOUD, boundary=Boundary("there", "private", "eu")), INSIDE), "boundaries.there.kind"),
        (around(replace(CLOUD, boundary=Boundary("there", "cloud", "us")), INSIDE), "boundaries.there.region"),
        (around(CLOUD, replace(INSIDE, boundary=Boundary("elsewhere", "cloud"))), "boundaries.elsewhere"),
        (around(CLOUD, INSIDE, replace(CLOUD, name="more")), "targets.more"),
        (around(replace(CLOUD, url="https://other.example"), INSIDE), "targets.cloud.url"),
        (around(replace(CLOUD, model="n"), INSIDE), "targets.cloud.model"),
        (around(replace(CLOUD, provider="openai-compatible"), INSIDE), "targets.cloud.provider"),
        (around(replace(CLOUD, approval="approved"), INSIDE), "targets.cloud.approval"),
        (around(replace(CLOUD, allow_fields=frozenset({"store", "logit_bias"})), INSIDE), "targets.cloud.allow_fields"),
        (contract(baa=True), "targets.cloud.contract.baa"),
        (contract(expires=date(2027, 2, 1)), "targets.cloud.contract.expires"),
        (contract(region="us"), "targets.cloud.contract.region"),
        (contract(capabilities=frozenset({"files", "batch"})), "targets.cloud.contract.capabilities"),
        (around(CLOUD, replace(INSIDE, contract=CONTRACT)), "targets.inside.contract.retention"),
        (around(CLOUD, INSIDE, labels=("pii.email",)), "labels"),
        (around(CLOUD, INSIDE, detectors={}), "detectors.spacy"),
        (around(CLOUD, INSIDE, detectors={"spacy": {**DETECTOR, "threshold": 0.9}}), "detectors.spacy"),
    ],
)
def test_a_place_that_promises_more_is_named(here, place):
    assert next(one.split(":")[0] for one in promises_more(here, PINNED)) == place


@pytest.mark.parametrize(
    "here",
    [
        PINNED,
        around(),
        around(INSIDE),
        around(replace(CLOUD, contract=None), INSIDE),
        around(replace(CLOUD, boundary=Boundary("there", "cloud")), INSIDE),
        around(CLOUD, replace(INSIDE, boundary=Boundary("here", "cloud"))),
        around(replace(CLOUD, allow_fields=frozenset()), INSIDE),
        contract(retention="unknown", tier="unknown", training="unknown", dpa=False, region=""),
        contract(expires=date(2026, 12, 31)),
        contract(expires=None),
        contract(capabilities=frozenset()),
        around(CLOUD, INSIDE, labels=("pii.email", "pii.phone", "gov.us_ssn")),
        around(CLOUD, INSIDE, detectors={"spacy": DETECTOR, "gliner": DETECTOR}),
    ],
)
def test_what_promises_less_is_no_matter(here):
    assert promises_more(here, PINNED) == []


def test_they_are_read_as_they_were_written():
    assert read_surroundings(render(PINNED)) == PINNED


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]\n", render(PINNED) + b" ", render({**PINNED, "more": {}}), render({**PINNED, "labels": [1]}),
        render({**PINNED, "targets": []}), render({**PINNED, "boundaries": {"there": {"kind": "moon", "region": ""}}}),
        render({**PINNED, "targets": {"cloud": {"url": "https://x"}}}), render({**PINNED, "detectors": 3}),
        render({**PINNED, "boundaries": {"there": 3}}),
    ],
)  # fmt: skip
def test_what_nobody_wrote_so_is_refused(content):
    with pytest.raises(Untrusted, match="sign the policy again"):
        read_surroundings(content)
