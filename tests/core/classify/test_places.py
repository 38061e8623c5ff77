from tidegate.core.classify import places


def test_words_are_lower_case_and_states_are_codes():
    for words in (places.STREETS, places.LEADING, places.FOLLOWING, places.UNITS, places.COUNTRIES, places.PROSE):
        assert all(word == word.decode().lower().encode() for word in words)
    assert all(code.isupper() and len(code) in {2, 3} for code in places.STATES)


def test_a_kind_of_street_is_sure_or_common_and_never_a_word_of_a_sentence_alone():
    assert {b"broadway", b"freeway", b"circle"} >= places.STREETS & places.COMMON_STREETS
    assert not places.NO_STREETS & (places.STREETS | places.LEADING | places.FOLLOWING)
