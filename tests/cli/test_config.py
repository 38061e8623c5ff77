"""`tidegate config schema`."""

import json

from tidegate.config.reference import page
from tidegate.config.schema import schema


def test_the_schema_is_printed_for_people_and_on_one_line(tidegate):
    assert json.loads(tidegate("config", "schema").out) == schema()
    one_line = tidegate("config", "schema", "--json").out
    assert (json.loads(one_line), one_line.count("\n")) == (schema(), 1)


def test_the_page_is_printed_as_the_repository_keeps_it(tidegate):
    assert tidegate("config", "schema", "--markdown").out == page()
