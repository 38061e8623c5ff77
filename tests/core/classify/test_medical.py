import pytest

from tests.core.classify.families import findings_of
from tidegate.core.classify.medical import ILLNESSES, MEDICINES, icd10


def test_words_are_lower_case_and_stand_once():
    for words in (MEDICINES, ILLNESSES):
        assert len(set(words)) == len(words)
        assert all(word == word.lower() for word in words)


@pytest.mark.parametrize(
    ("code", "exists"), [("E11.9", True), ("E99", False), ("I10", True), ("H96", False), ("C4A.0", True)]
)
def test_a_chapter_says_which_categories_there_are(code, exists):
    assert icd10(code) is exists


def test_a_person_in_another_sentence_takes_nothing():
    assert findings_of("The patient left. Warfarin is an anticoagulant; dose varies.", "phi.medication") == []
    assert findings_of("The patient left on warfarin", "phi.medication") == ["warfarin"]
