"""The pictures of the READMEs: what one gets, from the demo's home: `make pictures`.

What belongs here: turning pages and the terminal's words into small files. What does not: the pages
(`kurasi bulletin`) and any number; the demo's world is made up (`ingest/sample/`).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from rich import _export_format
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

_DEMO = Path("demo")
_PICTURES = Path("docs") / "pictures"
_MONTH = "2025-08"
_OFFICE = "kanwil-bali"
_COLUMNS = 80
#: How wide a page becomes, in pixels; each file stays below 150 KB.
_WIDTH = 480
_LINES = 24
#: Without fonts of the network: a page of documentation asks nobody for anything.
_FORMAT = re.sub(
    r"@font-face \{\{.*?\n    \}\}\n", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.DOTALL
)


def _kurasi(*words: str) -> str:
    """What a call prints to a terminal with colours."""
    done = subprocess.run(
        [Path(sys.executable).with_name("kurasi"), "--home", _DEMO, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(_COLUMNS), "FORCE_COLOR": "1"},
    )
    return done.stdout


def _terminal(target: Path, *words: str) -> None:
    """The first lines of a call's answer as an SVG."""
    lines = _kurasi(*words).splitlines()[:_LINES]
    call = " ".join(("kurasi", *words))
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=_COLUMNS, file=nowhere)
        console.print(Text.from_ansi("\n".join([f"$ {call}", *lines])))
        svg = console.export_svg(
            title="kurasi",
            theme=MONOKAI,
            code_format=_FORMAT,
            unique_id=target.stem.replace(".", "-"),
        )
    target.write_text(svg, "utf-8")


def _page(target: Path, source: Path) -> None:
    """The first page of a PDF, or a picture, as a small PNG."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / f"page{source.suffix}"
        copy.write_bytes(source.read_bytes())
        document = copy.with_name("picture.typ")
        document.write_text(
            "#set page(width: 500pt, height: auto, margin: 0pt, fill: white)\n"
            f'#image("{copy.name}", width: 100%)\n'
        )
        made = typst.compile(document, format="png", ppi=72 * _WIDTH / 500)
    target.write_bytes(made[0] if isinstance(made, list) else made)


def main() -> None:
    """Make all pictures anew."""
    for language in ("id", "en"):
        told = ("--lang", language)
        _terminal(
            _PICTURES / f"rank.{language}.svg",
            *(*told, "rank", "-m", _MONTH, "--category", "popular"),
        )
        _kurasi(*told, "bulletin", "-m", _MONTH, "--language", language)
    (folder,) = (_DEMO / "published" / _MONTH).glob("*.bulletin")
    cards = {"id": ("buletin", "kartu", "gambar"), "en": ("bulletin", "cards", "pictures")}
    for language, (bulletin, card, picture) in cards.items():
        _page(_PICTURES / f"bulletin.{language}.png", folder / f"{bulletin}.pdf")
        _page(_PICTURES / f"card.{language}.png", folder / card / f"{_OFFICE}.pdf")
        _page(_PICTURES / f"sharing.{language}.png", folder / picture / "kanwil-popular.png")


if __name__ == "__main__":
    main()
