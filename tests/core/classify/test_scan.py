import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify import scan as scan_module
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.limits import Looks, OverrunError
from tidegate.core.classify.scan import Scanner

SCANNER = Scanner(ROWS, max_depth=2, max_findings=50)


def scan(source: bytes) -> list[tuple[str, bytes]]:
    failed: set[str] = set()
    hits = SCANNER.scan(source, failed)
    assert not failed
    return [(hit.label, source[hit.start : hit.end]) for hit in hits]


def test_spans_count_bytes_of_the_source_whatever_was_folded_or_decoded():
    for source, value in (
        ("größe 457-55-5462".encode(), b"457-55-5462"),
        ("４５７-55-5462".encode(), "４５７-55-5462".encode()),
        (b"\x00457-\x0055-5462", b"457-\x0055-5462"),
        (rb"x \u0034\u0035\u0037-55-5462", rb"\u0034\u0035\u0037-55-5462"),
    ):
        assert ("gov.us_ssn", value) in scan(source)


def test_a_window_around_an_escape_cuts_no_token_into_a_value():
    digits = b"9" * 300
    assert scan(b"%20" + digits + b"%20" + digits) == []


def test_more_findings_than_the_limit_and_deeper_encodings_stop_the_scan():
    with pytest.raises(OverrunError, match="findings"):
        scan(b"a@b.example " * 51)
    with pytest.raises(OverrunError, match="depth"):
        scan(b"a%25252540b.example")


CORPORA = Path(__file__).parents[3] / "corpora"


def looked_at(source: bytes) -> tuple[object, int]:
    """Hits, or the limit that was reached, and how many looks were in vain."""
    looks, failed = Looks(len(source)), set[str]()
    try:
        found: object = SCANNER.scan(source, failed, looks)
    except OverrunError as error:
        found = error.limit
    assert not failed
    return found, looks.in_vain


def looked_at_throughout(source: bytes) -> tuple[object, int]:
    """The same where every pass reads the whole text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_module, "_first", lambda _: 0)
        return looked_at(source)


WORDS = """
    the river and counterrevolutionaries internationalizations 457-55-5462 jo@shop.example password: hunter2x! is key =
    token AKIA0123456789 4111111111111111 5105 1051 0510 5100 (212) 555-0123 1.5 2019 ab1 x\x00y bXkgc3NuIGlzIDQ1N d wor
    dwor %34%35 \\u0034 caf\u00e9 4\u200b5 \uff14 -----BEGIN _ ------------------------ a,b,c,d,e,f,g,h
    &#52; sk-aB3dE5gH7jK9mN1pQ3sT5v 2001:db8::8a2e:370:7334 00:1a:2b:3c:4d:5e DE89370400440532013000 10 Mill Lane, 62704
"""
PIECES = st.sampled_from([*WORDS.split(), "\x1e", "\x1e=", "a b c d e f g h"])


@given(st.lists(st.tuples(PIECES, st.sampled_from([" ", "", "\n", ". "])), max_size=20))
def test_passes_that_begin_where_anything_may_stand_miss_nothing(pieces):
    source = "".join(word + behind for word, behind in pieces).encode()
    assert looked_at(source) == looked_at_throughout(source)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


@pytest.mark.parametrize("name", ["presidio-research/synth_dataset_v2.json.gz", "secrets-gitleaks/samples.jsonl.gz"])
def test_they_miss_nothing_in_the_corpora(name):
    written = gzip.decompress((CORPORA / name).read_bytes())
    documents = json.loads(b"[%b]" % b",".join(written.splitlines()) if ".jsonl" in name else written)
    some = [text.encode() for text in islice(texts(documents), 6000)]
    assert sum(len(text) > 20 for text in some) > 1000
    for source in some:
        assert looked_at(source) == looked_at_throughout(source)
