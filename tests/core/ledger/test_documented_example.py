"""The example in the format's documentation is what the code makes, and what the verifier takes."""

from pathlib import Path

from tidegate import verify
from tidegate.core.ledger.checkpoints import Head, HistoryLine
from tidegate.core.ledger.journal import encode_group
from tidegate.core.ledger.merkle import leaf_hash
from tidegate.core.ledger.notes import Signer
from tidegate.core.ledger.tiles import Edge

PAGE = Path(__file__).parents[3] / "docs" / "audit-log.md"
WIDTH = 16


def documented():
    block = PAGE.read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    return {line[:WIDTH].strip(): line[WIDTH:] for line in block.splitlines()}


def test_each_line_of_the_example_holds():
    example = documented()
    entries = [example[f"entry {n}"].encode() for n in range(2)]
    signer = Signer("tidegate/0199aa/w0", bytes(range(32)))
    edge = Edge()
    edge.grow(map(leaf_hash, entries))
    head = Head(signer.verifier.name, 2, edge.root())
    line = HistoryLine(2, 2, head, signer.sign(head.text()))
    assert {
        **{f"entry {n}": entry.decode() for n, entry in enumerate(entries)},
        **{f"leaf hash {n}": leaf_hash(entry).hex() for n, entry in enumerate(entries)},
        "root": edge.root().hex(),
        "verifier key": signer.verifier.vkey(),
        "signature line": line.note(signer.verifier).splitlines()[-1],
        "history line": line.render().rstrip("\n"),
        "group, 34 bytes": b"".join(encode_group(head.origin, 0, entries))[:34].hex(),
    } == example


def test_the_verifier_takes_the_example():
    example = documented()
    key = verify.read_vkey(example["verifier key"])
    pairing = verify.Pairing()
    entries = [example[f"entry {n}"].encode() for n in range(2)]
    assert [pairing.take(n, entry)[-4:] for n, entry in enumerate(entries)] == ["000Z", "000Z"]
    root = verify.Tree().root(verify.rows_over([bytes.fromhex(example[f"leaf hash {n}"]) for n in range(2)]), 2)
    assert root.hex() == example["root"]
    note = f"{key.name}\n2\n{example['history line'].split()[3]}\n\n{example['signature line']}\n"
    assert key.open(note).startswith(key.name)
