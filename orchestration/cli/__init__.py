"""The `kurasi` command: words for the terminal, and exit codes.

What belongs here: one thin call for each thing that a user asks for (`commands/`), and what they
share. What does not: any work, which the assets (`runner.py`) and `publication/` do.
"""
