"""The bulletin as typst prints it: the bulletin and the cards as PDF, the pictures as PNG.

What belongs here: calling typst. What does not: how a page looks (`templates/`), what it tells
(`contents.py`), the HTML page (`web.py`) and the names of the files (`rendering.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import font_lato
import typst

from orchestration.publication.bulletin.printable import for_print
from orchestration.publication.bulletin.template_files import BadTemplate, copy_templates

#: PDF/A-2a for the archive, PDF/UA-1 for who can't see: typst refuses a document that breaks them.
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
#: With the size of `picture.typ` 1080 × 1350 pixels.
_PIXELS_PER_INCH = 288
_PIXELS_PER_INCH_OF_A_SCREEN = 80
#: Where typst's diagnostic says that the mistake is: file, line and column.
_PLACE = re.compile(r"[^/\s]+\.typ:\d+:\d+")
_FONTS = Path(font_lato.font_directory)


class Printer:
    """Makes the pages of one bulletin in one language."""

    def __init__(self, compiler: typst.Compiler, root: Path, made_at: datetime) -> None:
        self._compiler = compiler
        self._root = root
        self._made_at = made_at

    def bulletin(self) -> bytes:
        """The bulletin, a PDF.

        Raises:
            BadTemplate: a template can't be filled in.
        """
        return self._pdf("bulletin.typ", {})

    def on_screen(self) -> list[bytes]:
        """The pages of the bulletin, PNGs to be looked at on a screen.

        Raises:
            BadTemplate: a template can't be filled in.
        """
        how = {"format": "png", "ppi": _PIXELS_PER_INCH_OF_A_SCREEN}
        return self._pages("bulletin.typ", {}, **how)

    def card(self, index: int) -> bytes:
        """The page of the office whose card has this place in `cards`, a PDF.

        Raises:
            BadTemplate: a template can't be filled in.
        """
        return self._pdf("card.typ", {"card": str(index)})

    def picture(self, league: int, ranking: int) -> bytes:
        """The picture of a ranking, by its place in `leagues` and `rankings`, a PNG.

        Raises:
            BadTemplate: a template can't be filled in.
        """
        inputs = {"league": str(league), "ranking": str(ranking)}
        return self._compile("picture.typ", inputs, format="png", ppi=_PIXELS_PER_INCH)

    def _pdf(self, template: str, inputs: dict[str, str]) -> bytes:
        # The instant stands in the file: a clock's would give other bytes each time.
        return self._compile(
            template, inputs, format="pdf", pdf_standards=_STANDARDS, timestamp=self._made_at
        )

    def _compile(self, template: str, inputs: dict[str, str], **how: Any) -> bytes:
        """The one file that comes of a template."""
        (made,) = self._pages(template, inputs, **how)
        return made

    def _pages(self, template: str, inputs: dict[str, str], **how: Any) -> list[bytes]:
        """The files that come of a template: of PNG one for each page."""
        try:
            made = self._compiler.compile(self._root / template, sys_inputs=inputs, **how)
        except typst.TypstError as error:
            place = _PLACE.search(error.diagnostic)
            raise BadTemplate(f"{place[0] if place else template}: {error.message}") from error
        return made if isinstance(made, list) else [cast(bytes, made)]


@contextmanager
def printer(bulletin: Mapping[str, Any], stamp: Mapping[str, Any], own: Path) -> Iterator[Printer]:
    """A printer of a bulletin.

    Args:
        bulletin: The content of `bulletin.json`.
        stamp: What the edition can't hold about itself, as `render` describes it.
        own: A home's own templates, a folder that need not be there.
    """
    last_day = datetime.fromisoformat(bulletin["edition"]["month_end"]).replace(tzinfo=UTC)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        copy_templates(own, root)
        (root / "bulletin.json").write_text(json.dumps(for_print(bulletin)))
        (root / "stamp.json").write_text(json.dumps(for_print(stamp)))
        compiler = typst.Compiler(root=root, font_paths=[_FONTS], ignore_system_fonts=True)
        yield Printer(compiler, root, last_day)
