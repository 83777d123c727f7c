"""The layouts: one module per platform, one declared layout per kind of export.

A new platform is one module here with a `LAYOUTS` tuple, and a fixture in the tests; nothing else
in this package has to change. What does not belong here: files, hashes and counts (`reading.py`,
`deliveries.py`).
"""

from __future__ import annotations

import importlib
import pkgutil

from ingest.layouts.layout import Layout

LAYOUTS: tuple[Layout, ...] = tuple(
    layout
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    for layout in getattr(importlib.import_module(f"{__name__}.{module.name}"), "LAYOUTS", ())
)
