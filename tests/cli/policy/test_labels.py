from tidegate import config
from tidegate.cli.policy.labels import findable, misspelt
from tidegate.core.decide.lifecycle.misspelt import Named


def test_what_the_engine_and_detectors_beside_it_find_is_findable_without_loading_their_models(machine):
    beside = {"kind": "spacy", "model": "none_of_that_name", "labels": {"MONEY": "own.money"}}
    found = findable(config.read({"detectors": {"more": beside}}))

    assert {"own.money", "pii.email", "pii.person", "derived.local"} <= found


def test_a_label_of_a_detector_beside_is_not_asked_about(machine):
    file = machine.folder / "own.toml"
    file.write_text('[detectors.more]\nkind = "spacy"\nmodel = "m"\nlabels = { MONEY = "pii.emial" }\n')

    assert len(misspelt([Named("pii.emial", "a.cedar:1")], None)) == 1
    assert misspelt([Named("pii.emial", "a.cedar:1")], str(file)) == []
