"""The command `python -m ingest.sample HOME [--seed N]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ingest.sample import make_world, write_world

parser = argparse.ArgumentParser(description="Writes a sample world into a home folder.")
parser.add_argument("home", type=Path)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
world = make_world(arguments.seed)
write_world(world, arguments.home)
print(f"{len(world.posts)} posts of {len(world.offices)} offices in {len(world.exports)} exports")
