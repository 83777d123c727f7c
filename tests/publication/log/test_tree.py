"""The tree against published vectors, and the witness's own few lines against the tree."""

from __future__ import annotations

import hashlib

import pytest

from orchestration.publication.log.tree import Tree, leaf_hash, node_hash
from orchestration.publication.log.witness import Refused, root_by_proof, root_of

#: The leaves and roots that the reference implementation of Certificate Transparency tests with.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: The proof of leaf 5 of 8, of the same tests.
PROOF_OF_5 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def test_roots_and_proofs_are_the_published_ones() -> None:
    tree = Tree(LEAVES)
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert [root_of([leaf_hash(each) for each in LEAVES[:n]]).hex() for n in range(9)] == ROOTS
    assert [each.hex() for each in tree.inclusion(5, 8)] == PROOF_OF_5
    proof = [bytes.fromhex(each) for each in PROOF_OF_5]
    assert root_by_proof(leaf_hash(LEAVES[5]), 5, 8, proof).hex() == ROOTS[8]


def test_what_the_tree_proves_the_witness_takes_and_nothing_else() -> None:
    lines = [b"line %d" % number for number in range(40)]
    tree = Tree(lines)
    hashes = [leaf_hash(line) for line in lines]
    for size in range(1, 41):
        root = tree.root(size)
        assert root == root_of(hashes[:size])
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert root_by_proof(hashes[index], index, size, proof) == root
            assert root_by_proof(leaf_hash(b"forged"), index, size, proof) != root
            for wrong in ([*proof, root], proof[1:] if proof else [root]):
                with pytest.raises(Refused):
                    root_by_proof(hashes[index], index, size, wrong)
    with pytest.raises(Refused):
        root_by_proof(hashes[0], 40, 40, tree.inclusion(0, 40))


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) != leaf_hash(left + right)
    assert leaf_hash(b"a") == hashlib.sha256(b"\x00a").digest()
