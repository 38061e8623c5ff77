"""`tidegate config schema`."""

from collections.abc import Sequence

from tidegate.cli import arguments, terminal


def run(words: Sequence[str]) -> int:
    parser = arguments.command("config", "What a configuration may say.")
    below = parser.add_subparsers(dest="what", required=True, metavar="schema")
    schema = below.add_parser(
        "schema",
        help="print the JSON Schema of tidegate.toml",
        description="Print the JSON Schema of tidegate.toml, for editors and for programs that write configurations.\n"
        "Editors with TOML support take it from the first line: #:schema ./tidegate.schema.json",
    )
    arguments.json_option(schema, "the schema on one line")
    schema.add_argument("--markdown", action="store_true", help="the same as a page for people")
    chosen = parser.parse_args(words)
    if chosen.markdown:
        from tidegate.config.reference import page

        print(page(), end="")
        return 0
    _print_schema(compact=chosen.json)
    return 0


def _print_schema(*, compact: bool) -> None:
    import json

    from tidegate.config.schema import schema

    terminal.say_json(schema()) if compact else terminal.say(json.dumps(schema(), indent=2, ensure_ascii=False))
