from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.values import tags


def test_a_tag_reads_as_the_product_says():
    assert tags.render("pii.email", "k7f2q9m3") == "\u27e6pii.email:k7f2q9m3\u27e7"


def test_the_alphabet_is_crockford_s_in_lower_case():
    assert len(set(tags.ALPHABET)) == 32
    assert not set("ilou") & set(tags.ALPHABET)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 20))
def test_a_code_is_the_digest_s_first_bits_in_base_32(digest, pairs):
    bits = f"{int.from_bytes(digest):0256b}"
    expected = "".join(tags.ALPHABET[int(bits[5 * n : 5 * n + 5], 2)] for n in range(2 * pairs))
    assert tags.encode(digest, 2 * pairs) == expected


@given(st.binary(min_size=32, max_size=32), st.sampled_from([8, 10, 12]))
def test_what_is_rendered_has_a_tag_s_form(digest, length):
    assert tags.TAG.fullmatch(tags.render("gov.us_ssn", tags.encode(digest, length)))
