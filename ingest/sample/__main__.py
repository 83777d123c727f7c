"""The command `python -m ingest.sample HOME [--seed N] [--correction]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ingest.sample import make_world, write_correction, write_policies, write_world

parser = argparse.ArgumentParser(description="Writes a sample world into a home folder.")
parser.add_argument("home", type=Path)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument(
    "--correction", action="store_true", help="only add the account that the registry lacks"
)
arguments = parser.parse_args()
world = make_world(arguments.seed)
if arguments.correction:
    write_correction(world, arguments.home)
    added = ", ".join(sorted({row.account_id for row in world.left_out}))
    print(f"registry/accounts.csv now has {added} too")
else:
    write_world(world, arguments.home)
    write_policies(arguments.home)
    print(
        f"{len(world.posts)} posts of {len(world.offices)} offices in {len(world.exports)} exports"
    )
