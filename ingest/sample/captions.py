"""What posts of the sample world say: captions, topics, and the campaigns' tags.

What belongs here: texts, and when a campaign asks for which tag. What does not: links, types and
numbers of posts.

A campaign asks every office for one tag. Most posts carry it as it was asked for, some misspelt,
joined to more, without the sign or split from it, and some not at all; `Campaign` says how often,
so that what a reader counts can be held against the truth.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple


class Campaign(NamedTuple):
    """A tag that every post of some days should carry; the registry asks for it."""

    campaign_id: str
    tag: str
    first: date
    last: date
    #: Ways in which offices miss it.
    misspelt: tuple[str, ...]

    def runs_on(self, day: date) -> bool:
        """Both ends included."""
        return self.first <= day <= self.last


CAMPAIGNS = (
    Campaign(
        "layanan-hukum-2025",
        "#LayananHukumMakinMudah",
        date(2025, 7, 7),
        date(2025, 9, 30),
        (
            "#layananhukummakinmudah",
            "#LayananHukumMakinMuda",
            "#LayananHukumMakinMudahRI",
            "# LayananHukumMakinMudah",
            "#Layanan Hukum Makin Mudah",
            "LayananHukumMakinMudah",
        ),
    ),
    Campaign(
        "pengayoman-2025",
        "#PengayomanUntukNegeri",
        date(2025, 8, 11),
        date(2025, 8, 24),
        ("#PengayomanUntukNegri", "#Pengayoman_Untuk_Negeri", "#PengayomanUtkNegeri"),
    ),
)
#: Of 100 posts of a campaign's days, so many carry the tag as asked, and so many a misspelt one.
PERCENT_AS_ASKED, PERCENT_MISSPELT = 60, 15

_CAPTIONS = (
    "{office} menggelar rapat {topic} pada Senin pagi.",
    "Sahabat Pengayoman! ☀️\n\nHari ini kami membuka layanan {topic}.\n#Kemenkum #LayananPublik",
    '"Pelayanan harus cepat, mudah, tanpa pungli," tegas pimpinan {office} soal {topic} 🇮🇩',
    "=== INFO LAYANAN ===\n{topic} kini daring & gratis; cek tautan di bio 👇",
    "Kunjungan kerja: {office} x Pemda bahas {topic} ✅",
    "Tahukah kamu? {topic} itu hak setiap warga 🙌 Simak sampai habis!",
)
_TOPICS = (
    "merek, hak cipta, dan paten",
    "harmonisasi rancangan perda",
    "layanan apostille",
    "bantuan hukum gratis",
    "perseroan perorangan",
    "pos bantuan hukum",
    "penyuluhan serentak",
)
STRANGERS = ("warga_peduli", "budisantoso77", "HaloHukum", "SitiR_88")


def caption(rng: Random, name: str) -> str:
    """A caption of an account of this name, without a campaign's tag."""
    return rng.choice(_CAPTIONS).format(office=name, topic=rng.choice(_TOPICS))


def with_tags(rng: Random, text: str, day: date) -> str:
    """The same with the tags of the campaigns of that day, as offices write them."""
    for campaign in CAMPAIGNS:
        draw = rng.randrange(100)
        misspelt = rng.choice(campaign.misspelt)
        if not campaign.runs_on(day) or draw >= PERCENT_AS_ASKED + PERCENT_MISSPELT:
            continue
        text = f"{text} {campaign.tag if draw < PERCENT_AS_ASKED else misspelt}"
    return text
