"""The entry of the `kurasi` command: what must stand before anything large is imported.

What belongs here: that Ctrl-C is clean from the first moment on. What does not: the command
(`program.py`).
"""

import gc

from orchestration.cli import interrupts


def main() -> None:
    """Run the command."""
    # Of what is imported nothing goes, and Python looked through it for half a second.
    gc.set_threshold(100_000)
    interrupts.install()
    # Late: this takes a second, in which Ctrl-C must be clean already.
    from orchestration.cli.program import run_command

    try:
        run_command()
    finally:
        interrupts.wait()
        interrupts.ignore()
        # Python looks through all objects again while it ends: a second, where Dagster made them.
        gc.freeze()


if __name__ == "__main__":
    main()
