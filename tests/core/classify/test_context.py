from tidegate.core.classify.context import AFTER_BYTES, BEFORE_BYTES, around, has_cue, just_before


def test_words_around_are_read_without_punctuation_and_without_the_value():
    text = b"customer_ssn: 457-55-5462 (tax-id)"
    context = around(text, 14, 25)
    assert has_cue(context, (b" ssn ",))
    assert has_cue(context, (b" tax id",))
    assert b"457" not in context


def test_a_cue_that_asks_for_a_words_start_does_not_match_inside_one():
    assert not has_cue(around(b"essn 1", 5, 6), (b" ssn",))
    assert has_cue(around(b"ssn 1", 4, 5), (b" ssn",))


def test_what_is_far_away_does_not_count():
    far = b"ssn" + b" " * (BEFORE_BYTES + 1)
    assert not has_cue(around(far + b"1", len(far), len(far) + 1), (b"ssn",))
    assert not has_cue(around(b"1" + b" " * AFTER_BYTES + b"ssn", 0, 1), (b"ssn",))


def test_words_right_before_are_read_without_what_stands_behind():
    text = b"order no. 12345 tel"
    assert has_cue(just_before(text, 10, 12), (b" order no ",))
    assert not has_cue(just_before(text, 10, 12), (b" tel",))
    assert not has_cue(just_before(text, 10, 4), (b" order",))
