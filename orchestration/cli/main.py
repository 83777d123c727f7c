"""The entry of the `kurasi` command: what must stand before anything large is imported.

What belongs here: that Ctrl-C is clean from the first moment on. What does not: the calls
(`commands.py`).
"""

from orchestration.cli import interrupts


def main() -> None:
    """Run the command."""
    interrupts.watch()
    from orchestration.cli import care, commands

    try:
        commands.main(care.app)
    finally:
        interrupts.hold()
        interrupts.rest()


if __name__ == "__main__":
    main()
