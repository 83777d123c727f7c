"""The layouts: one module per platform, one declared layout per kind of export.

A new platform is one module here, with `PLATFORM` and `LAYOUTS`, and a fixture in the tests;
nothing else has to change, up to the rankings. What does not belong here: files, hashes and counts
(`parse.py`, `pipeline.py`).
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from ingest.fields.layout import Layout, Platform, normalise

_MODULES = [
    importlib.import_module(f"{__name__}.{name}")
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
]
_PLATFORM_MODULES = [module for module in _MODULES if hasattr(module, "LAYOUTS")]

PLATFORMS: tuple[Platform, ...] = tuple(
    module.PLATFORM for module in _PLATFORM_MODULES if hasattr(module, "PLATFORM")
)
#: The platforms' keys, as policies, registries and tables name them.
KEYS: tuple[str, ...] = tuple(platform.key for platform in PLATFORMS)
LAYOUTS: tuple[Layout, ...] = tuple(
    layout for module in _PLATFORM_MODULES for layout in module.LAYOUTS
)

_LINKS = {
    name
    for layout in LAYOUTS
    for column in layout.columns
    if column.field in ("link", "permalink")
    for name in column.locales
}


def is_link(header: str) -> bool:
    """Whether a column holds links, which a spreadsheet can hide behind other words."""
    return normalise(header) in _LINKS


def listing() -> list[dict[str, Any]]:
    """What is understood: a row per layout, with the least header that it needs in each language.

    `holds` is what a record of it is, `seen` when such files were met, `optional` the columns that
    are read where they are there (in the first language).
    """
    return [
        {
            "platform": layout.platform.key if layout.platform else None,
            "kind": layout.kind,
            "holds": layout.record_type,
            "locales": list(layout.locales),
            "seen": layout.seen,
            "headers": {
                locale: [c.headers[locale][0] for c in layout.columns if c.required]
                for locale in layout.locales
            },
            "optional": [c.example for c in layout.columns if not c.required],
            "note": layout.note,
        }
        for layout in LAYOUTS
    ]
