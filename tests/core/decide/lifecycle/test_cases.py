import pytest

from tests.core.decide.lifecycle.kit import CAREFUL, facts
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError

GOOD = """\
[[case]]
name = "an e-mail address goes as a pseudonym"
labels = ["pii.email"]
target = { kind = "cloud", contract = true, name = "c" }
effect = "redacted"
rules = ["tags"]
"""


def cases(*texts):
    return read_cases({f"tests/{place}.toml": text for place, text in enumerate(texts)}, CAREFUL)


def mistakes(*texts):
    with pytest.raises(ConfigError) as refused:
        cases(*texts)
    return list(refused.value.mistakes)


def test_a_case_is_facts_and_what_must_become_of_them():
    first, second = cases(
        "# first\n" + GOOD + '\n[[case]]\nname = "b"\neffect = "raw"\n[case.target]\nkind = "local"\n'
    )
    assert (first.request, first.target) == facts({"contract": True, "name": "c"}, labels=["pii.email"])
    assert (first.effect, first.rules, first.line) == (Effect.REDACTED, {"tags"}, 2)
    assert (second.target.kind, second.rules, second.line) == ("local", None, 9)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("labels", "labelz"), 'tests/0.toml:3: labelz is no fact of a request; did you mean "labels"?'),
        (('["pii.email"]', '"pii"'), "tests/0.toml:3: labels must be a list of strings; write"),
        (('"pii.email"', '"PII.*"'), 'tests/0.toml:3: "PII.*" can never be a label; labels are dotted'),
        (("contract = true", 'contract = "yes"'), "tests/0.toml:4: contract must be true or false; write true"),
        (("contract", "contrakt"), 'tests/0.toml:4: contrakt is no fact of a target; did you mean "contract"?'),
        (('kind = "cloud", ', ""), 'tests/0.toml:4: the target has no kind; write target = { kind = "cloud" }'),
        (('{ kind = "cloud", contract = true, name = "c" }', '"c"'), "tests/0.toml:4: target must be a table of facts"),
        (
            ('"redacted"', '"redactd"'),
            'tests/0.toml:5: effect must say what becomes of the request; did you mean "redacted"?',
        ),
        (
            ('effect = "redacted"\n', ""),
            "tests/0.toml:1: effect must say what becomes of the request; it is one of raw",
        ),
        (('["tags"]', '["tag"]'), 'tests/0.toml:6: no rule of this policy is called "tag"; did you mean "tags"?'),
        (('["tags"]', '["zzzz"]'), 'tests/0.toml:6: no rule of this policy is called "zzzz"; name one that'),
        (('["tags"]', "[]"), "tests/0.toml:6: rules must list ids of rules; write"),
        (
            ('name = "an e-mail address goes as a pseudonym"\n', ""),
            "tests/0.toml:1: this case has no name; say in a line",
        ),
        (("labels", "baa = true\nlabels"), "tests/0.toml:3: baa is no fact of a request; it is a fact of the target"),
        (("labels", 'level = "public"\nlabels'), "tests/0.toml:3: the level follows from the labels; leave it out"),
        (("labels", 'id = "a"\nactor = "b"\nlabels'), "tests/0.toml:4: actor is given twice; keep one of its names"),
        (
            ("[[case]]", "[[cases]]"),
            "tests/0.toml:1: only [[case]] and [[order]] tables belong here; move or remove cases",
        ),
        (
            ("[[case]]", "[case]"),
            "tests/0.toml:1: only [[case]] and [[order]] tables belong here; move or remove the rest",
        ),
        (('"tags"]', '"tags"'), "tests/0.toml:6: this is not TOML: Unclosed array"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_a_way_out(change, sentence):
    (told,) = mistakes(GOOD.replace(*change))
    assert told.startswith(sentence)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    wrong = GOOD.replace("labels", "labelz").replace("contract", "contrakt").replace("redacted", "red")
    told = mistakes(wrong, wrong)
    assert [one.split(": ")[0] for one in told] == [
        f"tests/{file}.toml:{line}" for file in (0, 1) for line in (3, 4, 5)
    ]


def test_two_cases_of_one_name_cannot_be_told_apart_in_a_report():
    (told,) = mistakes(GOOD, GOOD)
    assert told.startswith(
        'tests/1.toml:1: the name "an e-mail address goes as a pseudonym" is already used at tests/0.toml:1'
    )


def test_a_heading_inside_a_text_is_not_mistaken_for_a_case():
    (told,) = mistakes(GOOD + 'residency = """\n[[case]]\n"""\n')
    assert told.startswith("tests/0.toml:1: each case needs its own [[case]] or [[order]] heading at the beginning of")


def test_a_file_may_be_without_cases():
    assert cases("# none yet\n") == ()
