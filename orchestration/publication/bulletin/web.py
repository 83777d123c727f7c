"""The bulletin as one HTML page that needs nothing beside it: no network, no script, no other file.

What belongs here: calling Jinja2. What does not: how the page looks (`templates/`), what it tells
(`contents.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import font_lato
import jinja2

from orchestration.publication.bulletin.printable import for_screen
from orchestration.publication.bulletin.template_files import SHIPPED, BadTemplate

_FONTS = {"regular": "Lato-Regular.ttf", "bold": "Lato-Bold.ttf"}


def page(bulletin: Mapping[str, Any], stamp: Mapping[str, Any], own: Path) -> str:
    """The HTML page of a bulletin.

    Args:
        bulletin: The content of `bulletin.json`.
        stamp: What the edition can't hold about itself, as `render` describes it.
        own: A home's own templates, a folder that need not be there.

    Raises:
        BadTemplate: a template can't be filled in.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([own, SHIPPED]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["fill_in"] = _fill_in
    environment.tests["web_link"] = _is_web_link
    try:
        template = environment.get_template("bulletin.html.j2")
        return template.render(data=for_screen(bulletin), stamp=for_screen(stamp), fonts=_fonts())
    except jinja2.TemplateSyntaxError as error:
        raise BadTemplate(f"{error.name}, line {error.lineno}: {error.message}") from error
    except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise BadTemplate(f"bulletin.html.j2: {error}") from error


def _fill_in(pattern: str, **values: str | int) -> str:
    """A pattern of `words` with its places filled, as `fill-in` of `base.typ` does it."""
    for place, value in values.items():
        pattern = pattern.replace("{" + place + "}", str(value))
    return pattern


def _is_web_link(link: str | None) -> bool:
    return link is not None and link.startswith(("https://", "http://"))


def _fonts() -> dict[str, str]:
    folder = Path(font_lato.font_directory)
    return {
        weight: base64.b64encode((folder / name).read_bytes()).decode()
        for weight, name in _FONTS.items()
    }
