"""The entry of the `kurasi` command: what must stand before anything large is imported.

What belongs here: that Ctrl-C is clean from the first moment on. What does not: the command
(`program.py`).
"""

from orchestration.cli import interrupts


def main() -> None:
    """Run the command."""
    interrupts.install()
    # Late: this takes a second, in which Ctrl-C must be clean already.
    from orchestration.cli.program import run_command

    try:
        run_command()
    finally:
        interrupts.wait()
        interrupts.ignore()


if __name__ == "__main__":
    main()
