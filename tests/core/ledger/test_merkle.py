"""RFC 6962 trees: published vectors, and another implementation as the judge for every size up to 300."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from tidegate.core.ledger.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    extends,
    fold,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    perfect_root,
    range_root,
    root_at,
    split_point,
)

SIZES = range(301)

# The test vectors of Certificate Transparency (RFC 6962 with SHA-256): eight leaves, and the root after each.
LEAVES = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def nodes_over(entries):
    leaves = [leaf_hash(entry) for entry in entries]
    return lambda level, index: perfect_root(leaves[index << level : (index + 1) << level])


ENTRIES = [b"entry %d" % number for number in SIZES]
NODE = nodes_over(ENTRIES)


@pytest.fixture(scope="module")
def judge():
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES[:-1]:
        tree.append_entry(entry)
    return tree


def test_the_empty_tree_has_the_hash_of_nothing():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_at(0, NODE) == fold([]) == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size):
    assert root_at(size, nodes_over(LEAVES)).hex() == ROOTS[size - 1]


def test_leaves_and_nodes_live_in_different_worlds():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)


@pytest.mark.parametrize(("size", "split"), [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (257, 256)])
def test_the_left_subtree_is_the_largest_complete_one(size, split):
    assert split_point(size) == split


def test_only_a_power_of_two_makes_a_complete_subtree():
    for count in (0, 3, 255):
        with pytest.raises(ValueError, match=f"{count} hashes make no complete subtree"):
            perfect_root([EMPTY_ROOT] * count)


def test_every_size_has_the_root_that_another_implementation_gives(judge):
    assert [root_at(size, NODE) for size in range(1, 301)] == [judge.get_root(size) for size in range(1, 301)]


def test_every_inclusion_proof_up_to_64_is_accepted_and_so_are_samples_up_to_300(judge):
    cases = [(index, size) for size in range(1, 65) for index in range(size)]
    cases += [(index, size) for size in range(65, 301) for index in {0, 1, size // 2, size - 2, size - 1}]
    for index, size in cases:
        path, root = inclusion_proof(index, size, NODE), root_at(size, NODE)
        assert includes(leaf_hash(ENTRIES[index]), index, size, path, root)
        theirs = judge.prove_inclusion(index + 1, size)
        verify_inclusion(leaf_hash(ENTRIES[index]), root, theirs)
        assert path == theirs.path[1:], (index, size)


def test_every_consistency_proof_up_to_64_is_accepted_and_so_are_samples_up_to_300(judge):
    cases = [(first, second) for second in range(1, 65) for first in range(1, second + 1)]
    cases += [(first, second) for second in range(65, 301) for first in {1, 2, second // 2, second - 1, second}]
    for first, second in cases:
        before, after = root_at(first, NODE), root_at(second, NODE)
        path = consistency_proof(first, second, NODE)
        assert extends(first, before, second, after, path), (first, second)
        verify_consistency(before, after, judge.prove_consistency(first, second))


@given(size=st.integers(1, 300), data=st.data())
def test_no_other_proof_is_accepted(size, data):
    index = data.draw(st.integers(0, size - 1))
    path, root, leaf = inclusion_proof(index, size, NODE), root_at(size, NODE), leaf_hash(ENTRIES[index])
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else size
    assert not includes(leaf, other, size, path, root)
    assert not includes(leaf_hash(b"another"), index, size, path, root)
    assert not includes(leaf, index, size, [*path, EMPTY_ROOT], root)
    if path:
        cut = data.draw(st.integers(0, len(path) - 1))
        assert not includes(leaf, index, size, path[:cut], root)
        changed = [*path[:cut], node_hash(path[cut], path[cut]), *path[cut + 1 :]]
        assert not includes(leaf, index, size, changed, root)


@given(second=st.integers(2, 300), data=st.data())
def test_no_other_tree_is_taken_for_an_extension(second, data):
    first = data.draw(st.integers(1, second - 1))
    path, before, after = consistency_proof(first, second, NODE), root_at(first, NODE), root_at(second, NODE)
    assert not extends(first, leaf_hash(b"x"), second, after, path)
    assert not extends(first, before, second, leaf_hash(b"x"), path)
    assert not extends(first, before, second, after, path[:-1])
    assert not extends(first, before, second, after, [*path, EMPTY_ROOT])
    assert not extends(second, after, first, before, path)


def test_equal_and_empty_trees_need_no_proof():
    root = root_at(7, NODE)
    assert consistency_proof(7, 7, NODE) == consistency_proof(0, 7, NODE) == []
    assert extends(7, root, 7, root, [])
    assert extends(0, EMPTY_ROOT, 7, root, [])
    assert not extends(0, root, 7, root, [])
    assert not extends(7, root, 7, EMPTY_ROOT, [])
    assert not extends(3, root_at(3, NODE), 7, root, [])


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_what_is_not_in_the_tree_has_no_proof(index, size):
    with pytest.raises(ValueError, match=f"there is no entry {index} in a tree of {size}"):
        inclusion_proof(index, size, NODE)
    assert not includes(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


def test_a_smaller_tree_extends_nothing():
    with pytest.raises(ValueError, match="a tree of 3 does not extend one of 4"):
        consistency_proof(4, 3, NODE)


def test_a_range_is_the_subtree_that_stands_there():
    assert range_root(4, 7, NODE) == node_hash(node_hash(NODE(0, 4), NODE(0, 5)), NODE(0, 6))
