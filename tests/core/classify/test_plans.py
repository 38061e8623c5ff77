from tidegate.core.classify.plans import LENGTHS


def test_codes_are_prefix_free_and_lengths_fit_the_standard():
    assert len(LENGTHS) >= 200
    assert all(code.isdigit() and code[0] != "0" and 1 <= len(code) <= 3 for code in LENGTHS)
    assert not [code for code in LENGTHS for size in range(1, len(code)) if code[:size] in LENGTHS]
    assert all(min(sizes) >= 4 for sizes in LENGTHS.values())


def test_some_plans():
    assert LENGTHS["44"] >= {9, 10}
    assert LENGTHS["33"] == {9}
    assert "28" not in LENGTHS
