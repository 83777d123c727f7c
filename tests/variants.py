"""Captions of campaigns as offices type them, with the finding that each is planted for.

What belongs here: the campaigns, ways of carrying a hashtag or a keyword and of missing it, and
drawing captions from a seed. What does not: the rules by which a caption is judged
(`int_campaign_findings`), which this module doesn't know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.lakes import day, record
from tests.reference import Row


@dataclass(frozen=True)
class Wanted:
    """What a campaign asks for, by its words; `keyword` has no hashtag."""

    campaign_id: str
    words: tuple[str, ...]
    is_keyword: bool = False

    @property
    def name(self) -> str:
        """As asked for."""
        return (" " if self.is_keyword else "").join(self.words)

    @property
    def sign(self) -> str:
        return "" if self.is_keyword else "#"

    def row(self) -> Row:
        """As the registry has it."""
        return {
            "campaign_id": self.campaign_id,
            "hashtag": None if self.is_keyword else f"#{self.name}",
            "keyword": self.name if self.is_keyword else None,
            "valid_from": day("2025-07-01"),
            "valid_to": None,
            "leagues": None,
            "platforms": None,
        }


#: Some are registered for being alike.
CAMPAIGNS = (
    Wanted("layanan", ("Layanan", "Hukum", "Makin", "Mudah")),
    Wanted("pengayoman", ("Pengayoman", "Untuk", "Negeri")),
    Wanted("kementerian", ("Kementerian", "Hukum")),
    Wanted("pasti", ("Kemenkum", "Pasti")),
    Wanted("ntt", ("Kemenkum", "NTT")),
    Wanted("ntb", ("Kemenkum", "NTB")),
    Wanted("hari", ("Hari", "Pengayoman", "80")),
    Wanted("desa", ("Desa", "Sadar", "Hukum")),
    Wanted("posbankum", ("Posbankum",), is_keyword=True),
    Wanted("apostille", ("Layanan", "Apostille"), is_keyword=True),
)
#: Of other ministries, of last year, of every day; none is registered.
_EVERYDAY = (
    "#Kemenkum #LayananPublik",
    "#KementerianHAM #KemenHAM",
    "#Kemenkumham #SahabatPengayoman",
    "#HariPengayoman79 #DirgahayuIndonesia",
    "#MakinMudah #Hukum",
    "#KekayaanIntelektual #Merek #HakCipta",
    "#PengayomanUntukSemua #IndonesiaEmas2045",
    "#DesaSadarWisata #Desa",
    "https://contoh.go.id/berita#LayananHukumMakinMudah",
    "@kemenkumntt @layananhukummakinmudah",
    "humas@kementerianhukum.go.id www.posbankum.go.id",
)
_SENTENCES = (
    "Rapat koordinasi di aula pagi ini.",
    "Sahabat Pengayoman! ☀️\n\nKami hadir untuk warga",
    "Kunjungan kerja bersama Pemda ✅",
    '"Cepat, mudah, tanpa pungli," ujar pimpinan',
    "=== INFO ===\nCek tautan di bio 👇",
    "",
)
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_JOINERS = "\u200b\u200c\u200d\u2060"
_MARKS = "\u200e\u200f\ufe0f"
_Way = Callable[[Random, Wanted], str]


def planted(rng: Random) -> tuple[str | None, Wanted, str]:
    """A caption (None: the export holds none), the campaign it is planted for, and its finding."""
    wanted = rng.choice(CAMPAIGNS)
    ways = _KEYWORD_WAYS if wanted.is_keyword else _HASHTAG_WAYS
    finding = rng.choice([*ways, *ways, "absent", "absent", "unknown"])
    if finding == "unknown":
        return None, wanted, finding
    others = [each for each in CAMPAIGNS if not each.is_keyword and each is not wanted]
    text = rng.choice([*_EVERYDAY, f"#{rng.choice(others).name}", f"#{_lower(rng, others[0])}"])
    if finding != "absent":
        text = _placed(rng, rng.choice(ways[finding])(rng, wanted))
    return f"{rng.choice(_SENTENCES)} {text}".strip(), wanted, finding


def posts(seed: int, count: int) -> tuple[list[Row], dict[str, tuple[str, str]]]:
    """So many records of a file, and post ID to campaign and finding."""
    rng = Random(seed)
    records, truth = [], {}
    for number in range(count):
        text, wanted, finding = planted(rng)
        length = None if text is None else len(text)
        records.append(record(f"P{number}", text=text, caption_length=length))
        truth[f"P{number}"] = wanted.campaign_id, finding
    return records, truth


def _placed(rng: Random, text: str) -> str:
    """Alone, at a sentence's end, in brackets, or among other hashtags."""
    return rng.choice(("{}", "{}.", "({})", "{}\n.\n.", "{} 🇮🇩", "#Humas {} #Info")).format(text)


def _as_asked(rng: Random, wanted: Wanted) -> str:
    composed = unicodedata.normalize("NFC", wanted.name)
    decomposed = unicodedata.normalize("NFD", wanted.name)
    return wanted.sign + rng.choice((composed, composed, decomposed))


def _wide_sign(rng: Random, wanted: Wanted) -> str:
    return f"＃{wanted.name}"


def _among_marks(rng: Random, wanted: Wanted) -> str:
    """Right-to-left marks and the like come along when a text is copied from a chat."""
    return f"{rng.choice(_MARKS)}{wanted.sign}{wanted.name}{rng.choice(_MARKS)}"


def _beside_another(rng: Random, wanted: Wanted) -> str:
    return rng.choice((f"#Humas#{wanted.name}", f"#{wanted.name}#Humas"))


def _twice(rng: Random, wanted: Wanted) -> str:
    """Wrong, and then as asked for: the best counts."""
    return f"{_slip(rng, wanted)} {wanted.sign}{wanted.name}"


def _lower(rng: Random, wanted: Wanted) -> str:
    return wanted.name.lower()


def _other_capitals(rng: Random, wanted: Wanted) -> str:
    name = wanted.name
    forms = {name.lower(), name.upper(), name.capitalize(), name.swapcase()} - {name}
    return wanted.sign + rng.choice(sorted(forms))


def _slip(rng: Random, wanted: Wanted) -> str:
    """A letter left out, doubled, swapped with the next, or a neighbour on the keyboard.

    In long names sometimes two; the first letter and digits are right.
    """
    name = wanted.name
    for _ in range(rng.choice((1, 1, 2)) if len(name) > 16 else 1):
        places = [at for at in range(1, len(name) - 1) if name[at : at + 2].isalpha()]
        at = rng.choice([place for place in places if name[place] != name[place + 1]])
        row = next(row for row in _KEYS if name[at].lower() in row)
        beside = row[max(row.index(name[at].lower()) - 1, 0)]
        other = beside if beside != name[at].lower() else row[1]
        swapped = name[at + 1] + name[at]
        changed = rng.choice((swapped[0], name[at] + name[at:][:2], swapped, other + name[at + 1]))
        name = name[:at] + changed + name[at + 2 :]
    return wanted.sign + name


def _underscored(rng: Random, wanted: Wanted) -> str:
    return f"#{'_'.join(wanted.words)}"


def _ornamented(rng: Random, wanted: Wanted) -> str:
    """Bold or wide letters from a generator of "fonts"."""
    upper, lower = rng.choice(((0x1D400, 0x1D41A), (0x1D5D4, 0x1D5EE), (0xFF21, 0xFF41)))
    letters = [
        chr((upper if letter.isupper() else lower) + ord(letter.upper()) - ord("A"))
        if letter.isalpha()
        else letter
        for letter in wanted.name
    ]
    return wanted.sign + "".join(letters)


def _accented(rng: Random, wanted: Wanted) -> str:
    places = [at for at, letter in enumerate(wanted.name) if letter in "aeiu"]
    at = rng.choice(places)
    accented = unicodedata.normalize("NFC", wanted.name[at] + "\u0301")
    return wanted.sign + wanted.name[:at] + accented + wanted.name[at + 1 :]


def _cut_unseen(rng: Random, wanted: Wanted) -> str:
    """An invisible character within: a platform takes another hashtag."""
    at = rng.randrange(1, len(wanted.words[0]))
    return f"#{wanted.name[:at]}{rng.choice(_JOINERS)}{wanted.name[at:]}"


def _more_behind(rng: Random, wanted: Wanted) -> str:
    more = rng.choice(("RI", "Jabar", "2025", "Indonesia", "Hebat"))
    return f"#{''.join(wanted.words)}{more}"


def _more_before(rng: Random, wanted: Wanted) -> str:
    return f"#{rng.choice(('Ayo', 'Kanwil', 'Dukung'))}{''.join(wanted.words)}"


def _glued(rng: Random, wanted: Wanted) -> str:
    return f"warga#{wanted.name}"


def _blank_behind_sign(rng: Random, wanted: Wanted) -> str:
    return f"{rng.choice('#＃')}{rng.choice((' ', '  ', chr(160)))}{wanted.name}"


def _blanks_between(rng: Random, wanted: Wanted) -> str:
    return f"#{' '.join(wanted.words)}"


def _one_blank(rng: Random, wanted: Wanted) -> str:
    at = rng.randrange(1, len(wanted.words))
    return f"#{''.join(wanted.words[:at])} {''.join(wanted.words[at:])}"


def _no_sign(rng: Random, wanted: Wanted) -> str:
    return rng.choice((wanted.name, wanted.name.lower(), " ".join(wanted.words)))


def _keyword_as_hashtag(rng: Random, wanted: Wanted) -> str:
    return f"#{''.join(wanted.words)}{'' if len(wanted.words) > 1 else 'Desa'}"


def _keyword_apart(rng: Random, wanted: Wanted) -> str:
    at = rng.randrange(2, len(wanted.words[0]) - 1)
    return f"{wanted.name[:at]} {wanted.name[at:]}"


_HASHTAG_WAYS: dict[str, tuple[_Way, ...]] = {
    "exact": (_as_asked, _wide_sign, _among_marks, _beside_another, _twice),
    "case": (_other_capitals,),
    "misspelt": (_slip, _slip, _slip, _underscored, _ornamented, _accented, _cut_unseen),
    "joined": (_more_behind, _more_before, _glued),
    "spaced": (_blank_behind_sign, _blanks_between, _one_blank),
    "without_hash": (_no_sign,),
}
_KEYWORD_WAYS: dict[str, tuple[_Way, ...]] = {
    "exact": (_as_asked, _among_marks, _twice),
    "case": (_other_capitals,),
    "misspelt": (_slip, _slip, _ornamented, _accented),
    "joined": (_keyword_as_hashtag,),
    "spaced": (_keyword_apart,),
}
