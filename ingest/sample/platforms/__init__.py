"""The fixtures: one module per platform, which declares how its exports are written.

A new platform needs one module here, with `FIXTURE`, beside its module in `ingest/platforms/`;
exports that belong to no one platform have `FORMATS` alone. What belongs here: headers, forms and
IDs, written out by hand and never taken from the readers' declarations, so that both check each
other. What does not: how a file is made (`writing.py`) and the world's facts (`world.py`).
"""

from __future__ import annotations

import importlib
import pkgutil

from ingest.sample.fixture import PlatformFixture
from ingest.sample.formats import ExportFormat

_MODULES = [
    importlib.import_module(f"{__name__}.{name}")
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
]

#: Platform to its fixture.
FIXTURES: dict[str, PlatformFixture] = {
    module.FIXTURE.platform: module.FIXTURE for module in _MODULES if hasattr(module, "FIXTURE")
}


def _formats() -> dict[str, tuple[ExportFormat, ...]]:
    found: dict[str, list[ExportFormat]] = {}
    for fixture in FIXTURES.values():
        for each in fixture.formats:
            found.setdefault(each.kind, []).append(each)
    for module in _MODULES:
        for each in getattr(module, "FORMATS", ()):
            found.setdefault(each.kind, []).append(each)
    return {kind: tuple(found[kind]) for kind in sorted(found)}


#: The reader's kind to every format in which it is written: its languages and generations.
FORMATS: dict[str, tuple[ExportFormat, ...]] = _formats()
#: Kind to the fixture of its platform, where it has one.
FIXTURES_BY_KIND: dict[str, PlatformFixture] = {
    each.kind: fixture for fixture in FIXTURES.values() for each in fixture.formats
}
