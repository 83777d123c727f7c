"""The command `python -m tests.fuzz MINUTES`: property tests with random seeds, until time is over.

What belongs here: choosing what to run next, and saying how a failure is made again. What does not:
any property. `KURASI_FUZZ_TIMES=10` draws ten times as many examples with each seed.
"""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import sys
import time

from tests.properties import TIMES

_PYTEST = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis"]
_FUZZ = ["-x", "-p", "no:cacheprovider", "--hypothesis-profile=fuzz"]


def main(minutes: float) -> int:
    """Run files of property tests in random order; stop at the first failure, with its code."""
    end = time.monotonic() + 60 * minutes
    files = _files()
    runs = 0
    while True:
        for file in random.sample(files, len(files)):
            left = end - time.monotonic()
            if left <= 0:
                print(f"{runs} runs in {minutes:g} minutes found nothing.")
                return 0
            seed = random.SystemRandom().randrange(2**32)
            call = [*_PYTEST, *_FUZZ, f"--hypothesis-seed={seed}", file]
            print(f"{file}, seed {seed}", flush=True)
            try:
                code = subprocess.run(call, timeout=left, check=False).returncode
            except subprocess.TimeoutExpired:
                continue
            if code:
                _say_how_to_repeat(call)
                return code
            runs += 1


def _files() -> list[str]:
    """The files that have property tests."""
    found = subprocess.run(
        [*_PYTEST, "--collect-only"], capture_output=True, text=True, check=True
    ).stdout
    return sorted({line.split("::")[0] for line in found.splitlines() if "::" in line})


def _say_how_to_repeat(call: list[str]) -> None:
    times = os.environ.get(TIMES)
    setting = [f"{TIMES}={times}"] if times else []
    print(f"\nThe same failure again: {shlex.join([*setting, 'pytest', *call[3:]])}")
    print("Keep what was found: put it above the test as @example(…).")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
