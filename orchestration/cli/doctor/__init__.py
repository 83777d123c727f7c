"""`kurasi doctor`: whether this installation and this home can work, and what to do where not.

What belongs here: looks, each with its remedy, by what is looked at: `installation.py`,
`folder.py`, `inputs.py`, `archive.py`, `state.py`, `published.py`. What does not: repairing
anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.home import Home
from orchestration.cli.doctor import archive, folder, inputs, installation, published, state
from orchestration.cli.doctor.finding import Finding
from orchestration.cli.language import _

__all__ = ["Finding", "examine"]


def examine(home: Home) -> Iterator[Finding]:
    """Look at the installation, then at the home; every check is reported, also the good ones."""
    yield installation.python()
    yield from installation.versions()
    if not home.root.is_dir():
        yield Finding(
            "home",
            _("{path} is no folder").format(path=home.root),
            _("kurasi init makes a home there"),
        )
        return
    yield from folder.folders(home)
    yield folder.writable(home)
    yield from inputs.inbox_files(home)
    yield from inputs.registry_and_policies(home)
    yield from inputs.curves(home)
    yield from folder.locks(home)
    yield state.warehouse(home)
    yield from archive.archive(home)
    yield from state.kinds(home)
    yield from published.edition_files(home)
    yield from published.log_lines(home)
    yield folder.space(home)
    yield folder.crash_files(home)
    yield from state.told_of_it(home)
