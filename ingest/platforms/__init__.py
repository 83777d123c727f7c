"""The layouts: one module per platform, one declared layout per kind of export.

Adding a platform takes two files, and nothing else has to change:

1. `ingest/platforms/<platform>/`, or a module of that name, with `PLATFORM`, `LINKS` (how people
   write links and IDs of its posts, `fields/links.py`) and `LAYOUTS`: the headers by locale, how a
   record's fields become the contract's columns, how its files end. Fields that feed a counter are
   named as elsewhere (`likes`, `comments`, `shares`, …; `reaction_` and a kind, where kinds of
   reactions make a sum), and an ID stands in `post_id`, `content`, `link` or `permalink`, by which
   an edition's evidence is traced. What kind a post is goes into `post_kind`
   (`fields/post_kinds.py`); without it all are `unknown`. `COMMENTS` (`fields/comments.py`) is for
   the responses that hold comments of the public.
2. `ingest/sample/platforms/<platform>.py` with `FIXTURE`: the same headers written out again from a
   real export, so that writer and reader can't agree on a mistake, and how its IDs are made.

Both are found by folder listing. The tests of headers, mutations and round trips then hold for the
new platform too; `tests/ingest/platforms/sixth_platform/` is an example that is tested so. Whether
a policy counts the platform is for the policy's file to say.

Adding a language to a platform is a word more per column here and a format more in its fixture; a
language that no platform has yet also needs the names of its months in `fields/dates.py`.

What belongs here: what is one platform's own; what Meta's two share stands in `meta`, which has
`LAYOUTS` and no `PLATFORM`. What does not: what all platforms share (`fields/`), how a file is
opened (`files/`) and how records are judged and counted (`parsing/`).
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from ingest.fields.comments import CommentSource
from ingest.fields.layout import Layout, Platform, normalise
from ingest.fields.links import Links
from ingest.files import Reference

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
#: The same keys, and whether the platform's exports name the account.
NAMES_ACCOUNTS: dict[str, bool] = {platform.key: platform.names_accounts for platform in PLATFORMS}
#: How links and IDs of posts are written, by platform.
LINKS: dict[str, Links] = {
    module.PLATFORM.key: module.LINKS for module in _PLATFORM_MODULES if hasattr(module, "PLATFORM")
}
LAYOUTS: tuple[Layout, ...] = tuple(
    layout for module in _PLATFORM_MODULES for layout in module.LAYOUTS
)
#: The responses and scrapes that hold comments of the public, where a platform has any.
COMMENT_SOURCES: tuple[CommentSource, ...] = tuple(
    source for module in _PLATFORM_MODULES for source in getattr(module, "COMMENTS", ())
)

#: The kinds that list what was asked for, so that only a sidecar tells what they cover.
COVERING_IF_TOLD: frozenset[str] = frozenset(
    layout.kind for layout in LAYOUTS if layout.covers_if_told
)
#: Which columns of JSON name an object of a list beside the records.
REFERENCES: dict[str, Reference] = {
    column: reference for layout in LAYOUTS for column, reference in layout.references.items()
}
#: The keys of JSON under which private persons stand.
PERSONS: frozenset[str] = frozenset[str]().union(*(layout.persons for layout in LAYOUTS))

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

    `holds` is what a record of it is, `seen` when such files were met, `inferred` the languages in
    which some word was worked out and not seen, so that a file has to prove it, `optional` the
    columns that are read where they are there (in the first language).
    """
    return [
        {
            "platform": layout.platform.key if layout.platform else None,
            "kind": layout.kind,
            "holds": layout.record_type,
            "locales": list(layout.locales),
            "seen": layout.seen,
            "headers": {
                locale: [
                    column.headers[locale][0]
                    for column in (*layout.columns, *layout.any_of[:1])
                    if column.required or column in layout.any_of
                ]
                for locale in layout.locales
            },
            "inferred": [
                locale
                for locale in layout.locales
                if any(locale in column.inferred for column in layout.columns)
            ],
            "optional": [c.example for c in layout.columns if not c.required],
            "note": layout.note,
        }
        for layout in LAYOUTS
    ]
