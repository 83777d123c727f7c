"""The two languages of a bulletin: how numbers, dates and lists are written in each.

What belongs here: what Babel knows, and choosing between two wordings. What does not: the
sentences (`words.py`, `card_words.py`, `beside_words.py`) and the templates' fixed words
(`fixed_words.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

#: Between the two ends of a range.
_TO = "–"


@dataclass(frozen=True, slots=True)
class Language:
    """One of the two languages."""

    #: `id` or `en`; also the locale of Babel.
    code: str

    def pick(self, indonesian: str, english: str) -> str:
        """The wording in this language."""
        return indonesian if self.code == "id" else english

    def number(self, value: int | Decimal) -> str:
        """A number with the language's marks, as `6.078`; with the decimals that it has."""
        return format_decimal(value, locale=self.code, decimal_quantization=False)

    def hundredths(self, value: Decimal) -> str:
        """A number with two decimals, as `0,76`."""
        return format_decimal(value, format="#,##0.00", locale=self.code)

    def percent(self, value: int) -> str:
        """A whole number of percent."""
        return format_percent(Decimal(value) / 100, locale=self.code)

    def day(self, day: date) -> str:
        """As `31 Agustus 2025`."""
        return format_date(day, "d MMMM y", locale=self.code)

    def short_day(self, day: date) -> str:
        """As `31 Agu 2025`."""
        return format_date(day, "d MMM y", locale=self.code)

    def month(self, first_day: date) -> str:
        """As `Agustus 2025`."""
        return format_date(first_day, "LLLL y", locale=self.code)

    def listing(self, texts: Sequence[str]) -> str:
        """As `a, b, dan c`."""
        return format_list(texts, locale=self.code)

    def range(self, low: int, high: int | None) -> str:
        """As `1–3`, one number where both ends are the same; without `high` it has no end."""
        if high is None:
            return self.pick(f"{self.number(low)} atau lebih", f"{self.number(low)} or more")
        if low == high:
            return self.number(low)
        return f"{self.number(low)}{_TO}{self.number(high)}"

    def posts(self, count: int) -> str:
        """So many posts."""
        one = "post" if count == 1 else "posts"
        return self.pick(f"{self.number(count)} unggahan", f"{self.number(count)} {one}")

    def accounts(self, count: int) -> str:
        """So many accounts."""
        one = "account" if count == 1 else "accounts"
        return self.pick(f"{self.number(count)} akun", f"{self.number(count)} {one}")


LANGUAGES = (Language("id"), Language("en"))
