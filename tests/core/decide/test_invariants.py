import pytest

from tests.core.decide.facts import LOCAL, invariant, mistakes, policy
from tidegate.core.decide.expressions import FALSE, Flag, Meets, both
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS
from tidegate.core.values.decision import Effect


def test_an_invariant_is_read_like_a_rule():
    text = invariant(
        'context.labels.contains("pii") &&\n  resource.baa // why\n', name="pii-raw", never='["raw", "reviewed"]'
    )
    (read,) = policy(LOCAL, text).invariants

    assert (read.id, read.reason, read.line) == ("pii-raw", "A reason.", 1)
    assert read.never == {Effect.RAW, Effect.REVIEWED}
    assert read.when == both([Meets(LABELS, frozenset({"pii"})), Flag(ATTRIBUTES["resource.baa"])])


def test_one_that_is_about_nothing_is_read_so_that_the_proof_can_say_so():
    assert policy(LOCAL, invariant("false")).invariants[0].when == FALSE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this is no toml", "invariants.toml:1: this is not TOML"),
        ("[[invariant]]\nid = 'a'\nid = 'b'\n", "invariants.toml:3: this is not TOML"),
        ("[invariants]\n", "only [[invariant]] tables belong here; move or remove invariants"),
        ("invariant = 3\n", "only [[invariant]] tables belong here"),
        ("invariant = [{id = 'a'}]\n", "its own [[invariant]] heading"),
        ("\n\n[[invariant]]\n", "invariants.toml:3: this invariant has no id; give it one: id = "),
        (invariant("true", name="A B"), 'has the id "A B"'),
        (invariant("true").replace("A reason.", ""), "this invariant has no reason; say why in a sentence: reason = "),
        (invariant("true") + "whenn = 'x'\n", "the key whenn means nothing here"),
        (invariant("true").replace('"A reason."', "3"), "reason must be a string"),
        (invariant("true", never='["rawe"]'), "choose among raw, redacted, reviewed"),
        (invariant("true", never='["none"]'), "choose among raw, redacted, reviewed"),
        (invariant("true", never="[]"), "never must list effects"),
        (invariant("true", never='"raw"'), "never must list effects"),
        (invariant("true", never="[[]]"), "never must list effects"),
        (invariant("  "), "when is missing"),
        (
            invariant("true") + invariant("true"),
            'invariants.toml:6: the invariant id "never" is already used at invariants.toml:1',
        ),
        (invariant("resource.baa }; permit (principal, action, resource) when { true"), "more than one condition"),
        (invariant("resource.baa } when { true"), "more than one clause"),
        (invariant("resource.baa } unless { true"), "more than one clause"),
        (invariant("resource.baa"[:-1]), "invariants.toml:5: attribute `ba` on entity type `Target` not found"),
        (invariant("\n\ncontext.nosuch"), "invariants.toml:7: attribute `nosuch`"),
        (invariant('\n\nresource.region like "x"'), "invariants.toml:7: `like`"),
        (invariant("(" * 5000), "invariants.toml:5: "),
        (invariant('resource.kind == "coud"'), 'did you mean "cloud"?'),
    ],
)
def test_a_bad_invariant_is_answered_by_a_sentence_with_its_line(text, expected):
    said = mistakes(LOCAL, text)

    assert any(expected in sentence for sentence in said), said
    assert all(sentence.startswith("invariants.toml:") for sentence in said)


def test_a_comment_at_the_end_of_a_condition_does_not_swallow_what_closes_it():
    assert mistakes(LOCAL, invariant("resource.baa // nothing else")) == ()
