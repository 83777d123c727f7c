"""The Merkle tree of RFC 6962, section 2.1: hashes of leaves, the root at any size, inclusion.

What belongs here: hashing. What does not: what a leaf says (`facts.py`) and where it lies
(`store.py`). `witness.py` has its own few lines of this, since it must stand alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes; 32 bytes, as all hashes here."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes beside each other."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that leaves can be appended to; what it was at a smaller size can always be asked."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        #: Of each height the hashes of all whole subtrees, from the left; the leaves' own first.
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add a leaf at the right."""
        node = leaf_hash(leaf)
        for height, level in enumerate(self._levels):
            level.append(node)
            if len(level) % 2:
                return
            node = node_hash(*level[-2:])
            if height + 1 == len(self._levels):
                self._levels.append([])

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self._hash(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that a leaf stands at `index` of the first `size`: the deepest hash first."""
        proof: list[bytes] = []
        begin, end = 0, size
        while end - begin > 1:
            middle = begin + _left_of(end - begin)
            if index < middle:
                proof.append(self._hash(middle, end))
                end = middle
            else:
                proof.append(self._hash(begin, middle))
                begin = middle
        return proof[::-1]

    def _hash(self, begin: int, end: int) -> bytes:
        """The hash over some leaves, as splitting the tree in two gives them."""
        count = end - begin
        height = count.bit_length() - 1
        if count == 1 << height:
            return self._levels[height][begin >> height]
        middle = begin + _left_of(count)
        return node_hash(self._hash(begin, middle), self._hash(middle, end))


def _left_of(count: int) -> int:
    """How many of several leaves are in the left half: the largest power of two below."""
    return 1 << (count - 1).bit_length() - 1
