"""The sample world: the inverse of the readers.

What belongs here: a seeded world of offices, accounts, posts and their counters over time, and its
export files in the platforms' real layouts, with the registry. What is true in it is known without
the pipeline. What does not: anything that reads. The headers are written out again and not imported
from `layouts/`, so that writer and readers check each other.

All instants are UTC without a zone mark, in whole seconds; days and months are Jakarta's. The same
arguments give the same bytes.

    python -m ingest.sample HOME [--seed N]
"""

from __future__ import annotations

import argparse
import base64
import calendar
import csv
import io
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

_LOS_ANGELES = ZoneInfo("America/Los_Angeles")
_JAKARTA = timedelta(hours=7)  # has no daylight saving
_DAY, _HOUR, _SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)

# Office and the short name in its handles.
_KANWIL = {
    "Asia/Jakarta": "Aceh=aceh|Sumatera Utara=sumut|Sumatera Barat=sumbar|Riau=riau|Jambi=jambi|"
    "Kepulauan Riau=kepri|Sumatera Selatan=sumsel|Kepulauan Bangka Belitung=babel|Lampung=lampung|"
    "Bengkulu=bengkulu|DKI Jakarta=dki|Jawa Barat=jabar|Banten=banten|Jawa Tengah=jateng|"
    "Daerah Istimewa Yogyakarta=diy|Jawa Timur=jatim|Kalimantan Barat=kalbar|"
    "Kalimantan Tengah=kalteng",
    "Asia/Makassar": "Bali=bali|Nusa Tenggara Barat=ntb|Nusa Tenggara Timur=ntt|Sulawesi Utara=sulut|"
    "Kalimantan Selatan=kalsel|Kalimantan Timur=kaltim|Gorontalo=gorontalo|Sulawesi Tengah=sulteng|"
    "Sulawesi Barat=sulbar|Sulawesi Selatan=sulsel|Sulawesi Tenggara=sultra",
    "Asia/Jayapura": "Maluku=maluku|Maluku Utara=malut|Papua=papua|Papua Barat=pabar",
}
_UNIT_UTAMA = (
    "Sekretariat Jenderal=setjen|Direktorat Jenderal Peraturan Perundang-undangan=ditjenpp|"
    "Direktorat Jenderal Administrasi Hukum Umum=ditjenahu|Inspektorat Jenderal=itjen|"
    "Direktorat Jenderal Kekayaan Intelektual=djki|Badan Pembinaan Hukum Nasional=bphn|"
    "Badan Strategi Kebijakan Hukum=bsk|Badan Pengembangan Sumber Daya Manusia Hukum=bpsdm"
)
# Share of the offices with an account, posts in relation to the mean, handle.
_PLATFORMS = {
    "instagram": (1.0, 1.3, "kemenkum_{}"),
    "facebook": (0.7, 1.2, "kemenkum{}"),
    "x": (0.55, 1.1, "kemkum{}"),
    "tiktok": (0.45, 0.8, "kemenkum.{}"),
    "youtube": (0.4, 0.5, "kemenkum{}"),
}
# The kinds of post, by their frequency, and what follows the site in their links.
_TYPES = {
    "instagram": "IG image|IG reel|IG carousel|IG reel|IG image|IG story".split("|"),
    "facebook": "Photos|Reels|Photos|Videos|Photos|Links".split("|"),
}
_LINKS = {
    "IG reel": "instagram.com/reel/{id}/",
    "IG story": "instagram.com/stories/{handle}/{id}/",
    "Reels": "facebook.com/reel/{id}/",
    "Videos": "facebook.com/{handle}/videos/{id}/",
    "instagram": "instagram.com/p/{id}/",
    "facebook": "facebook.com/{handle}/posts/{id}",
    "tiktok": "tiktok.com/@{handle}/video/{id}",
}
_TYPES_ID = {
    "IG image": "Gambar IG",
    "IG reel": "Reel IG",
    "IG carousel": "Carousel IG",
    "IG story": "Cerita IG",
}
_CAPTIONS = (
    "{office} menggelar rapat {topic}, Senin pagi. #KemenkumPasti",
    "Sahabat Pengayoman! ☀️\n\nHari ini kami membuka layanan {topic}.\n#Kemenkum #LayananPublik",
    '"Pelayanan harus cepat, mudah, tanpa pungli," tegas pimpinan {office} soal {topic} 🇮🇩',
    "=== INFO LAYANAN ===\n{topic} kini daring & gratis; cek tautan di bio 👇",
    "Kunjungan kerja: {office} x Pemda, bahas {topic} ✅",
    "Tahukah kamu? {topic} itu hak setiap warga 🙌 Simak sampai habis!",
)
_TOPICS = (
    "merek, hak cipta, dan paten|harmonisasi rancangan perda|layanan apostille|bantuan hukum gratis|"
    "perseroan perorangan|kekayaan intelektual komunal|pos bantuan hukum|penyuluhan hukum serentak"
).split("|")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()

# A layout: kind, locale, how it prints a post's time, the first column that may stand in any place
# (0: none), style (`cut`: no line end after the last record); then its header, each column with
# the field that fills it, or blank.
_LAYOUTS = """
instagram_content en meta 11 bom
Post ID=id|Account ID=owner|Account username=handle|Account name=name|Description=text
Duration (sec)=seconds|Publish time=time|Permalink=link|Post type=type|Data comment|Date=scope
Views=views|Reach=reach|Likes=likes|Shares=shares|Follows|Comments=comments|Saves=saves

instagram_content id meta 11 bom
ID Postingan=id|ID Akun=owner|Nama pengguna akun=handle|Nama akun=name|Deskripsi=text
Durasi (detik)=seconds|Waktu penerbitan=time|Permalink=link|Jenis postingan=type|Komentar data
Tanggal=scope|Tayangan=views|Suka=likes|Frekuensi dibagikan=shares|Komentar=comments
Frekuensi Disimpan=saves|Jangkauan=reach|Mengikuti

facebook_content en meta 0 bom
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=caption|Duration (sec)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=views|Reach=reach
Reactions, Comments and Shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=third|Link Clicks|Other Clicks=third
Matched Audience Targeting Consumption (Photo Click)|Seconds viewed|Average Seconds viewed
Estimated earnings (USD)|Ad impressions

facebook_content en meta 0 bom
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=caption|Duration (sec)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=zero|Reach=reach
Reactions, Comments and Shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=third|Views=views|Reach from Organic posts=reach|Reach from Boosted posts=zero
3-second video views=zero|Negative feedback from users=zero|Other Clicks=third|Link Clicks

facebook_content en meta 0 bom
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=caption|Duration (secs)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=views|Reach=reach
Reactions, comments and shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=third|Other clicks=third|Link clicks|Seconds viewed|Average seconds viewed
Estimated earnings (USD)|Ad impressions|Ad CPM (USD)

x_content en x1 0 crlf
Post id=id|Date=time|Post text=text|Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Share=third|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail expands=zero|Url clicks=zero|Hashtag clicks=zero|Permalink clicks=zero

x_content en x2 0 cut
Post id=id|Date=time|Post text=text|Post Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Shares=third|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail Expands=zero|URL Clicks=zero|Hashtag Clicks=zero|Permalink Clicks=zero

tiktok_studio_content en day 0 bom quoted cut
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_studio_content id day 0 bom quoted cut
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_business_video en utc 0 bom cut
Video title=text|Video link=link|Post time=time|Video views=views|Likes=likes|Comments=comments
Shares=shares|Add to Favorites =saves

youtube_table en youtube 3
Content=id|Video title=text|Video publish time=time|Duration=seconds|Views=views
Watch time (hours)=hours|Subscribers=zero|Impressions=impressions
Impressions click-through rate (%)=rate|Likes=likes|Comments added=comments|Shares=shares

youtube_table id youtube 3
Konten=id|Judul video=text|Waktu publikasi video=time|Durasi=seconds|Penayangan=views
Waktu tonton (jam)=hours|Subscriber=zero|Tayangan=impressions
Rasio klik-tayang dari tayangan (%)=rate|Suka=likes|Komentar ditambahkan=comments|Pembagian=shares
"""


class OfficeRow(NamedTuple):
    """One row of `registry/offices.csv`."""

    office_id: str
    name: str
    league: str
    time_zone: str
    valid_from: date
    valid_to: date | None = None


class AccountRow(NamedTuple):
    """One row of `registry/accounts.csv`; the handle in lower case, without `@`."""

    account_id: str
    office_id: str
    platform: str
    platform_account_id: str
    handle: str
    name: str
    valid_from: date
    valid_to: date | None = None


class Counters(NamedTuple):
    """What a post has gained; likes are reactions where a platform has them, shares reposts."""

    views: int
    likes: int
    comments: int
    shares: int
    saves: int


@dataclass(frozen=True, slots=True)
class Post:
    """One post and what it will ever gain; `account` is an `account_id`."""

    platform: str
    post_id: str  # canonical
    delivered_id: str  # in the file's ID column: Instagram's number, or Facebook's `page_post`
    link_id: str
    account: str
    published_at: datetime
    text: str
    post_type: str
    is_reply: bool
    is_repost: bool
    is_story: bool
    is_cross_post: bool
    hides_comments: bool  # TikTok Business Suite then prints -1
    limits: Counters
    half_life: int  # seconds until the counters are half of `limits`

    @property
    def told_at(self) -> datetime | None:
        """`published_at` as far as an export tells it: Meta the minute, YouTube only the day."""
        if self.platform == "youtube":
            return None
        return self.published_at.replace(second=0) if self.is_meta else self.published_at

    @property
    def is_meta(self) -> bool:
        return self.platform in ("instagram", "facebook")

    def counters_at(self, instant: datetime) -> Counters:
        """The true counters at an instant: integers that never fall, 0 before publication."""
        age = max(0, (instant - self.published_at) // _SECOND)
        return Counters(*[limit * age // (age + self.half_life) for limit in self.limits])


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of export is written; `columns` are pairs of header and field."""

    kind: str
    locale: str
    time_format: str
    free_from: int
    style: frozenset[str]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One file. `path` is relative to the inbox, `posts` stand in the order of the file."""

    path: str
    layout: Layout
    columns: tuple[tuple[str, str], ...]
    account: str
    office: OfficeRow  # the account's at the capture; its zone is the one of printed days
    owners: Mapping[str, AccountRow]  # of the posts, as this file names them
    captured_at: datetime
    captured_at_source: str  # sidecar, name or receipt
    received_at: datetime
    covers_from: date | None  # both inclusive, as name or sidecar tell them;
    covers_to: date | None  # None: not told, all posts of the account
    posts: tuple[Post, ...]

    def observation(self, post: Post) -> dict[str, int | None]:
        """What this file reports of a post: its true counters, None where it reports none."""
        printed = {name for _, name in self.columns}
        seen = post.counters_at(self.captured_at)._asdict()
        reported = {name: count if name in printed else None for name, count in seen.items()}
        if self.layout.kind == "tiktok_business_video":
            if post.hides_comments:
                reported["comments"] = None
            if self.captured_at - post.published_at < _DAY:  # not computed yet
                reported["saves"] = None
        return reported


@dataclass(frozen=True, slots=True)
class World:
    """All that is true. The posts of one account, which no row registers, are exported too."""

    offices: tuple[OfficeRow, ...]
    accounts: tuple[AccountRow, ...]
    posts: tuple[Post, ...]
    exports: tuple[Export, ...]


@dataclass(slots=True)
class _Plan:
    """An account in the making. `rows` follow each other in time: a rename or a move."""

    layout: Layout
    rows: list[AccountRow]
    rhythm: str = "weekly"
    alias: str = ""
    partner: _Plan | None = None
    posts: list[Post] = field(default_factory=list)

    def row_at(self, instant: datetime) -> AccountRow:
        return next(row for row in reversed(self.rows) if row.valid_from <= instant.date())


def make_world(
    seed: int = 1,
    months: Sequence[str] = ("2025-07", "2025-08"),
    posts_per_account_month: int = 12,
    offices: int | None = None,
    captures_per_month: int = 4,
) -> World:
    """Makes a world: `offices` of the 41 (None: all), with posts in `months` (`YYYY-MM`).

    Every account also has two posts in the week before the first month, so that an export can show
    that it reaches back. `posts_per_account_month` is a mean over offices and platforms.
    """
    rng = Random(seed)
    edges = [_edges(month) for month in months]
    office_rows = _offices(offices, min(date(2024, 11, 1), (edges[0][0] - 7 * _DAY).date()))
    plans, unregistered = _plans(rng, office_rows, (edges[0][0] + _JAKARTA).date())
    serials = itertools.count(1)
    for plan in (*plans, unregistered):
        if plan.rhythm != "quiet":
            plan.posts.extend(_posts(plan, seed, edges, posts_per_account_month, serials))
    taken: set[str] = set()
    by_id = {office.office_id: office for office in office_rows}
    exports = [
        export
        for plan in (*plans, unregistered)
        for export in _exports(plan, seed, edges, captures_per_month, by_id, taken)
    ]
    aliases = [plan.rows[0]._replace(platform_account_id=plan.alias, handle="") for plan in plans]
    return World(
        offices=tuple(office_rows),
        accounts=tuple(
            [row for plan in plans for row in plan.rows]
            + [row for row in aliases if row.platform_account_id]
        ),
        posts=tuple(post for plan in (*plans, unregistered) for post in plan.posts),
        exports=tuple(sorted(exports, key=lambda export: export.path)),
    )


def _edges(month: str) -> tuple[datetime, datetime]:
    """The instants at which a month starts and ends in Jakarta."""
    start = datetime.strptime(month, "%Y-%m")
    days = calendar.monthrange(start.year, start.month)[1]
    return start - _JAKARTA, start + days * _DAY - _JAKARTA


def _offices(count: int | None, valid_from: date) -> list[OfficeRow]:
    rows = [
        OfficeRow(
            f"kanwil-{place.lower().replace(' ', '-')}",
            f"Kantor Wilayah Kementerian Hukum {place}",
            "kanwil",
            zone,
            valid_from,
        )
        for zone, places in _KANWIL.items()
        for place, _ in _pairs(places)
    ] + [
        OfficeRow(short, name, "unit_utama", "Asia/Jakarta", valid_from)
        for name, short in _pairs(_UNIT_UTAMA)
    ]
    # A smaller world still has offices of every zone and league.
    count = len(rows) if count is None else count
    return [rows[-1 - n * len(rows) // count] for n in range(count)][::-1]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Reads `Header=field|Header|…`."""
    pairs = (part.partition("=") for part in text.split("|"))
    return tuple((left, right) for left, _, right in pairs)


def _layouts(platform: str) -> list[Layout]:
    layouts = []
    for block in _LAYOUTS.strip().split("\n\n"):
        head, *columns = block.split("\n")
        kind, locale, time_format, free_from, *style = head.split()
        if kind.startswith(platform + "_"):
            pairs = _pairs("|".join(columns))
            layouts.append(
                Layout(kind, locale, time_format, int(free_from), frozenset(style), pairs)
            )
    return layouts


def _plans(rng: Random, offices: Sequence[OfficeRow], first: date) -> tuple[list[_Plan], _Plan]:
    """The registered accounts, with everything that befalls accounts, and one that is not."""
    shorts = dict(_pairs("|".join([*_KANWIL.values(), _UNIT_UTAMA])))
    plans = []
    for platform, (share, _, handle) in _PLATFORMS.items():
        layouts = itertools.cycle(_layouts(platform))
        for office in offices:
            if rng.random() >= share:
                continue
            name = office.name.replace("Kantor Wilayah Kementerian Hukum", "Kemenkum")
            row = AccountRow(
                f"{office.office_id}-{platform}",
                office.office_id,
                platform,
                _account_number(rng, platform),
                handle.format(shorts[name.removeprefix("Kemenkum ")]),
                name,
                office.valid_from,
            )
            plans.append(_Plan(next(layouts), [row], rng.choice(("weekly", "weekly", "monthly"))))
    untouched = rng.sample(plans, len(plans))

    def take(count: int, *platforms: str) -> list[_Plan]:
        taken = [plan for plan in untouched if plan.rows[0].platform in platforms][:count]
        for plan in taken:
            untouched.remove(plan)
        return taken

    for plan in take(2, "instagram") + take(1, "x") + take(1, "tiktok"):
        plan.rhythm = "daily"
    for plan in take(1, "x") + take(1, "tiktok") + take(1, "instagram"):
        _change(plan, first + 9 * _DAY, handle=plan.rows[0].handle.replace("kem", "eks"))
    for plan in take(1, "instagram"):
        others = [office.office_id for office in offices if office.office_id != plan.rows[0].office_id]
        _change(plan, first + 15 * _DAY, office_id=rng.choice(others or [plan.rows[0].office_id]))
    for plan in take(2, "facebook"):
        plan.alias = _account_number(rng, "facebook")
    for rhythm, count in {"early": 3, "quiet": 1, "silent": 3}.items():
        for plan in take(count, "facebook", "x", "youtube"):
            plan.rhythm = rhythm
    partners = [plan for plan in plans if plan.rows[0].platform == "instagram"][::6]
    for plan, partner in itertools.pairwise(partners):
        plan.partner = partner
    unregistered = AccountRow(
        "unregistered",
        offices[0].office_id,
        "instagram",
        _account_number(rng, "instagram"),
        "sobat.hukum",
        "Sobat Hukum",
        offices[0].valid_from,
    )
    return plans, _Plan(_layouts("instagram")[0], [unregistered])
