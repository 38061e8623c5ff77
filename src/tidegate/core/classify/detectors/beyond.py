"""What no row finds: finders that the configuration switches on, or that a customer's own registers make.

They are named here for the document; an engine names those that it has.
"""

from tidegate.core.classify.rows import BuiltIn

FINDERS: tuple[BuiltIn, ...] = (
    BuiltIn(
        label="pii.person",
        name="names",
        about="names of persons, by a tagger that ships; titles stay outside (`detection.names`)",
        example="Please ask Maria Lopez about it.",
        peer="Presidio PERSON",
    ),
    BuiltIn(
        label="pii.location",
        name="names",
        about="a place in the same sentence, line or record as a person, or behind words of residence or origin",
        example="Maria Lopez lives in Toledo.",
        peer="Presidio LOCATION",
    ),
    BuiltIn(
        label="pii.organization",
        name="names",
        about="an organisation in the same sentence, line or record as a person, or behind words of employment",
        example="I work at Baxter Logistics.",
        peer="Presidio ORGANIZATION",
    ),
    BuiltIn(
        label="code.proprietary",
        name="own code",
        about="code that was registered with `tidegate detect register-code`, also renamed and re-indented",
        peer="Symantec IDM",
    ),
    BuiltIn(
        label="customer.record",
        name="own:NAME",
        about="cells that were registered with `tidegate detect register-data`, in any spelling",
        peer="Symantec EDM, Google DLP stored info types",
    ),
    BuiltIn(
        label="customer.term",
        name="own:NAME",
        about="words and patterns of a dictionary (`detection.dictionaries`), or under a label of your own",
        peer="Google DLP custom info types",
    ),
    BuiltIn(
        label="derived.local",
        name="memory of local answers",
        about="a passage of what a local model said of data that may not leave (`detection.derived_hours`)",
    ),
    BuiltIn(
        label="unknown",
        name="any",
        about="a detector failed or was late, or a limit was reached: nobody has looked",
    ),
)
