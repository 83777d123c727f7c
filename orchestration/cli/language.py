"""In which language the terminal is spoken to: English as the code has it, or Indonesian.

The catalogue, `words/id.po`, is gettext's, so that any tool for translators opens it; Babel
compiles it when Indonesian is asked for, so no compiled file can fall behind it. What has no entry
is told in English.

What belongs here: choosing the language, and looking a text up. What does not: the texts, which
stand where they are used, and what is published, which has its own words (`publication/labels.py`,
`publication/bulletin/`). JSON's keys and codes are the same in both languages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import click
from babel.numbers import format_decimal

from orchestration.publication import labels

CATALOGUE = Path(__file__).parent / "words" / "id.po"
INDONESIAN, ENGLISH = "id", "en"
LANGUAGES = (INDONESIAN, ENGLISH)
#: Where a system says its user's language, the strongest first, as gettext reads them.
_LOCALES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

#: How every call is asked for its help.
HELP_OPTIONS = ["-h", "--help"]
_spoken: NullTranslations = NullTranslations()
_code = ENGLISH


def of_the_system(environment: Mapping[str, str]) -> str:
    """`id` where the locale is Indonesian, else `en`."""
    for name in _LOCALES:
        if locale := environment.get(name):
            return INDONESIAN if re.split("[_.:@]", locale)[0] == INDONESIAN else ENGLISH
    return ENGLISH


def asked_for(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of a call: that of `--lang`, else the locale's; unknown ones are refused later.

    Args:
        words: the call's words, its options of the whole call first.
        environment: the process's.
    """
    if "--lang" in words[:-1]:
        return words[words.index("--lang") + 1]
    return of_the_system(environment)


def speak(code: str) -> None:
    """From here on texts are looked up for this language."""
    global _spoken, _code
    _spoken, _code = NullTranslations(), code
    if code == INDONESIAN:
        _spoken = _compiled()


def is_english() -> bool:
    """Whether texts are told as the code has them."""
    return _code == ENGLISH


def _compiled() -> GNUTranslations:
    # Late: only Indonesian needs it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(compiled, read_po(source, locale=INDONESIAN))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _(text: str) -> str:
    """A text in the language that is spoken."""
    return _spoken.gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The wording for a count, with the count in it, written as the language writes numbers.

    Both wordings have `{count}`; what else stands in braces stays for the caller.
    """
    return _spoken.ngettext(one, many, count).replace("{count}", number(count))


def N_(text: str) -> str:
    """A text of a table that is looked up later, where it is told."""
    return text


def number(value: int) -> str:
    """A number with the language's marks between thousands."""
    return labels.number(value, _code)


def decimal(value: float, places: int) -> str:
    """A number with so many decimals, and the language's marks."""
    return format_decimal(value, f"#,##0.{'0' * places}" if places else "#,##0", locale=_code)


def word(code: str, words: Mapping[str, labels.Words]) -> str:
    """A code of the tables as people read it: the officers' word, or the code without `_`."""
    if _code == INDONESIAN and code in words:
        return words[code].indonesian
    return code.replace("_", " ")


def both(indonesian: str, english: str) -> str:
    """Of a text that is there in both languages that in the one that is spoken."""
    return indonesian if _code == INDONESIAN else english


def translate_help(command: click.Command) -> None:
    """Put the help of a command and of its calls into the language that is spoken."""
    if _code == ENGLISH:
        return
    _name_panels()
    _translate(command)


def _translate(told: Any) -> None:
    """Of a command or an option: its help, its group on the page, and what is below it."""
    for name in ("help", "short_help", "epilog", "rich_help_panel"):
        if text := getattr(told, name, None):
            setattr(told, name, _(text))
    if isinstance(told, click.Command):
        context = click.Context(told, help_option_names=HELP_OPTIONS)
        _translate(told.get_help_option(context))  # click makes it late, and keeps it
    for option in getattr(told, "params", ()):
        _translate(option)
    for call in getattr(told, "commands", {}).values():
        _translate(call)


def _name_panels() -> None:
    """The words of the page itself, which typer keeps in a table of its own."""
    from typer import rich_utils  # late: only a page of help needs it

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.ENVVAR_STRING = _("[env var: {}]")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
