import pytest

from tidegate.core.transform.surrogates.names import FAMILY, FAMILY_CYRILLIC, GIVEN, GIVEN_CYRILLIC

LISTS = [(GIVEN, 100), (FAMILY, 140), (GIVEN_CYRILLIC, 40), (FAMILY_CYRILLIC, 30)]


@pytest.mark.parametrize(("names", "least"), LISTS)
def test_every_name_is_one_word_long_enough_to_be_told_from_others(names, least):
    assert len(set(names)) == len(names) >= least
    assert all(name.isalpha() and name.istitle() and len(name) >= 4 for name in names)


def test_no_name_is_given_and_family():
    assert not set(GIVEN) & set(FAMILY)
    assert all(name.isascii() for name in (*GIVEN, *FAMILY))
