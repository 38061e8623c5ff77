from tools.phones import MODULE, module


def test_the_table_of_plans_is_what_the_metadata_say():
    assert MODULE.read_text(encoding="utf-8") == module(), "run: python -m tools.phones"
