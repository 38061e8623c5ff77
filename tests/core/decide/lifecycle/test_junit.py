import xml.etree.ElementTree as ET

from tests.core.decide.lifecycle.kit import STRICT
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.junit import junit
from tidegate.core.decide.lifecycle.tested import run_cases

CASE = '[[case]]\nname = {name}\nlabels = ["pii.email"]\ntarget = {{ kind = "cloud" }}\neffect = "{effect}"\n'


def read(**files):
    report = run_cases(STRICT, read_cases({f"tests/{name}.toml": text for name, text in files.items()}, STRICT))
    return ET.fromstring(junit(report, 0.25))


def test_one_suite_a_file_and_one_failure_a_failing_case():
    root = read(
        a=CASE.format(name='"right"', effect="redacted") + CASE.format(name='"wrong"', effect="raw"),
        b=CASE.format(name='"also right"', effect="redacted"),
    )
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("time")) == ("testsuites", "3", "1", "0.250")
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        ("tests/a.toml", "2", "1"),
        ("tests/b.toml", "1", "0"),
    ]
    right, wrong = root[0]
    assert list(right) == []
    assert (wrong.get("name"), wrong.get("line")) == ("wrong", "6")
    assert wrong[0].get("message") == "expected raw, found redacted by tags"
    assert "tests/a.toml:6" in wrong[0].text


def test_names_with_marks_that_xml_lends_meaning_come_through():
    name = "<b> & \"c\" 'd' ⟦e⟧ \U0001f512"
    root = read(a=CASE.format(name='"""<b> & "c" \'d\' ⟦e⟧ \U0001f512"""', effect="raw"))
    assert root[0][0].get("name") == name


def test_characters_that_xml_cannot_have_are_replaced():
    root = read(**{"a\x01": CASE.format(name='"b"', effect="raw")})
    assert root[0].get("name") == "tests/a\ufffd.toml"
