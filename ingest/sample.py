"""The sample world: the inverse of the readers.

What belongs here: a seeded world of offices, accounts, posts and their counters over time, and its
export files in the platforms' real layouts, with the registry. What is true in it is known without
the pipeline. What does not: anything that reads. The headers are written out again and not imported
from `layouts/`, so that writer and readers check each other.

All instants are UTC without a zone mark, in whole seconds; months are Jakarta's. The same arguments
give the same bytes.

    python -m ingest.sample HOME [--seed N]
"""

from __future__ import annotations

import argparse
import base64
import csv
import io
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_EPOCH = datetime(1970, 1, 1)
_JAKARTA = timedelta(hours=7)  # ahead of UTC, without daylight saving
#: TikTok Studio shows the first day of the chosen period; its list of posts reaches further back.
_PERIOD = timedelta(days=28)

# Names, each with the short form that stands in handles.
_KANWIL_NAME = "Kantor Wilayah Kementerian Hukum "
_KANWIL = {
    "Asia/Jakarta": "Aceh=aceh|Sumatera Utara=sumut|Sumatera Barat=sumbar|Riau=riau|Jambi=jambi|"
    "Kepulauan Riau=kepri|Sumatera Selatan=sumsel|Kepulauan Bangka Belitung=babel|Lampung=lampung|"
    "Bengkulu=bengkulu|DKI Jakarta=dki|Jawa Barat=jabar|Banten=banten|Jawa Tengah=jateng|"
    "Daerah Istimewa Yogyakarta=diy|Jawa Timur=jatim|Kalimantan Barat=kalbar|"
    "Kalimantan Tengah=kalteng",
    "Asia/Makassar": "Bali=bali|Nusa Tenggara Barat=ntb|Nusa Tenggara Timur=ntt|"
    "Kalimantan Selatan=kalsel|Kalimantan Timur=kaltim|Sulawesi Utara=sulut|Gorontalo=gorontalo|"
    "Sulawesi Barat=sulbar|Sulawesi Tengah=sulteng|Sulawesi Selatan=sulsel|"
    "Sulawesi Tenggara=sultra",
    "Asia/Jayapura": "Maluku=maluku|Maluku Utara=malut|Papua=papua|Papua Barat=pabar",
}
_UNIT_UTAMA = (
    "Sekretariat Jenderal=setjen|Direktorat Jenderal Peraturan Perundang-undangan=ditjenpp|"
    "Direktorat Jenderal Administrasi Hukum Umum=ditjenahu|Inspektorat Jenderal=itjen|"
    "Direktorat Jenderal Kekayaan Intelektual=djki|Badan Pembinaan Hukum Nasional=bphn|"
    "Badan Strategi Kebijakan Hukum=bsk|Badan Pengembangan Sumber Daya Manusia Hukum=bpsdm"
)
# The share of offices with an account, posts in relation to the mean, the beginning of its handle
# (X allows 15 characters), and what befalls some accounts, the likeliest in a small world first.
_PLATFORMS = {
    "instagram": (1.0, 1.4, "kemkum_", "daily unregistered renamed moved daily"),
    "facebook": (0.7, 1.2, "kemkum", "alias early alias quiet silent"),
    "x": (0.55, 1.2, "kemkum", "daily renamed early silent"),
    "tiktok": (0.45, 0.8, "kemkum.", "daily renamed early"),
    "youtube": (0.4, 0.5, "kemkum", "regular silent"),
}
_POST_TYPES = {
    "instagram": ("IG image", "IG reel", "IG carousel") * 4 + ("IG story",),
    "facebook": ("Photos", "Reels", "Photos", "Videos"),
    "x": ("post",),
    "tiktok": ("video",),
    "youtube": ("video",),
}
_TYPES_ID = {"image": "Gambar", "reel": "Reel", "carousel": "Carousel", "story": "Cerita"}
_LINKS = {
    "IG image": "https://www.instagram.com/p/{id}/",
    "IG carousel": "https://www.instagram.com/p/{id}/",
    "IG reel": "https://www.instagram.com/reel/{id}/",
    "IG story": "https://www.instagram.com/stories/{handle}/{id}/",
    "Photos": "https://www.facebook.com/{handle}/posts/{id}",
    "Reels": "https://www.facebook.com/reel/{id}/",
    "Videos": "https://www.facebook.com/{handle}/videos/{id}/",
    "post": "https://x.com/{Handle}/status/{id}",
    "video": "https://www.tiktok.com/@{handle}/video/{id}",
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
    *("merek, hak cipta, dan paten", "harmonisasi rancangan perda", "layanan apostille"),
    *("bantuan hukum gratis", "perseroan perorangan", "pos bantuan hukum", "penyuluhan serentak"),
)
_STRANGERS = ("warga_peduli", "budisantoso77", "HaloHukum", "SitiR_88")
_BULAN = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)

# Each layout: kind, locale, the zone and the form in which it prints a post's time, the number of
# columns in a fixed place (others stand in any order), style (`cut`: no line end after the last
# record); the file's name; the header, each column with the field that fills it, or blank.
_LAYOUTS = """
instagram_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Account ID=owner|Account username=handle|Account name=name|Description=text
Duration (sec)=seconds|Publish time=time|Permalink=link|Post type=type|Data comment|Date=scope
Views=views|Reach=reach|Likes=likes|Shares=shares|Follows|Comments=comments|Saves=saves

instagram_content;id;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
ID Postingan=id|ID Akun=owner|Nama pengguna akun=handle|Nama akun=name|Deskripsi=text
Durasi (detik)=seconds|Waktu penerbitan=time|Permalink=link|Jenis postingan=jenis|Komentar data
Tanggal=masa|Tayangan=views|Suka=likes|Frekuensi dibagikan=shares|Komentar=comments
Frekuensi Disimpan=saves|Jangkauan=reach|Mengikuti

facebook_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=rest|Duration (sec)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=views|Reach=reach
Reactions, Comments and Shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=few|Link Clicks|Other Clicks=few
Matched Audience Targeting Consumption (Photo Click)|Seconds viewed|Average Seconds viewed
Estimated earnings (USD)|Ad impressions

facebook_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=rest|Duration (secs)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=zero|Reach=reach
Reactions, comments and shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=few|Views=views|Reach from Organic posts=reach|Reach from Boosted posts=zero
3-second video views=zero|Negative feedback from users=zero|Other clicks=few|Link Clicks

x_content;en;;{t:%a %b %d %Y};99;crlf
account_analytics_content_{start}_{end}.csv
Post id=id|Date=time|Post text=text|Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Share=few|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail expands=zero|Url clicks=zero|Hashtag clicks=zero|Permalink clicks=zero

x_content;en;;{t:%a, %b} {t.day}, {t.year};99;cut
account_analytics_content_{start}_{end}.csv
Post id=id|Date=time|Post text=text|Post Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Shares=few|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail Expands=zero|URL Clicks=zero|Hashtag Clicks=zero|Permalink Clicks=zero

tiktok_studio_content;en;;{t:%B} {t.day};99;bom quoted cut
Content_{since:%Y-%m-%d}_{unix}_{handle}.csv
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_studio_content;id;;{t.day} {bulan};99;bom quoted cut
Content_{since:%Y-%m-%d}_{unix}_{handle}.csv
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_business_video;en;UTC;{t:%Y/%m/%d %H:%M:%S};99;bom
Video.csv
Video title=text|Video link=link|Post time=time|Video views=views|Likes=likes
Comments=comments|Shares=shares|Add to Favorites =saves

youtube_table;en;Asia/Jakarta;{t:%b} {t.day}, {t.year};3;
Table data.csv
Content=id|Video title=text|Video publish time=time|Duration=seconds|Views=views
Watch time (hours)=few|Subscribers=zero|Impressions=impressions
Impressions click-through rate (%)=rate|Likes=likes|Comments added=comments|Shares=shares

youtube_table;id;Asia/Jakarta;{t.day} {bulan:.3} {t.year};3;
Table data.csv
Konten=id|Judul video=text|Waktu publikasi video=time|Durasi=seconds|Penayangan=views
Waktu tonton (jam)=few|Subscriber=zero|Tayangan=impressions
Rasio klik-tayang dari tayangan (%)=rasio|Suka=likes|Komentar ditambahkan=comments|Pembagian=shares
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
    delivered_id: str  # in the ID column: Instagram's number, at times Facebook's `page_post`
    link_id: str
    account: str
    published_at: datetime
    text: str
    post_type: str  # in English
    is_reply: bool
    is_repost: bool
    is_story: bool
    is_cross_post: bool
    hides_comments: bool
    limits: Counters
    half_life: int  # seconds until the counters are half of `limits`

    @property
    def told_at(self) -> datetime | None:
        """`published_at` as far as exports tell it: Meta the minute, YouTube only the day."""
        if self.platform == "youtube":
            return None
        is_meta = self.platform in ("instagram", "facebook")
        return self.published_at.replace(second=0) if is_meta else self.published_at

    def counters_at(self, instant: datetime) -> Counters:
        """The true counters at an instant: integers that never fall, 0 before publication."""
        age = max(0, (instant - self.published_at) // _SECOND)
        return Counters(*[limit * age // (age + self.half_life) for limit in self.limits])


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of export is written; `columns` are pairs of header and field."""

    kind: str
    locale: str
    time_zone: str
    time_form: str
    name_form: str
    style: str
    fixed_columns: int
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One file. `path` is relative to the inbox, `posts` stand in the order of the file."""

    path: str
    layout: Layout
    columns: tuple[tuple[str, str], ...]
    account: str
    office: OfficeRow  # at the capture; in its zone X and TikTok print days
    owners: Mapping[str, AccountRow]  # of the posts, as this file names them
    captured_at: datetime
    captured_at_source: str  # sidecar, name or receipt
    received_at: datetime
    covers_from: date | None  # both inclusive, as the name or the sidecar tells them;
    covers_to: date | None  # None: not told, and the file holds all posts
    posts: tuple[Post, ...]
    reported: frozenset[str]  # the counters that it has a column for

    def observation(self, post: Post) -> dict[str, int | None]:
        """What this file reports of a post: its true counters, None where it reports none."""
        true = post.counters_at(self.captured_at)
        seen = {
            name: count if name in self.reported else None
            for name, count in zip(Counters._fields, true, strict=True)
        }
        if self.layout.kind == "tiktok_business_video":
            if post.hides_comments:
                seen["comments"] = None
            if self.captured_at - post.published_at < _DAY:  # not yet computed
                seen["saves"] = None
        return seen


@dataclass(frozen=True, slots=True)
class World:
    """All that is true. Posts and exports name accounts by `account_id`; not all have a row."""

    offices: tuple[OfficeRow, ...]
    accounts: tuple[AccountRow, ...]
    posts: tuple[Post, ...]
    exports: tuple[Export, ...]


@dataclass(slots=True)
class _Account:
    """An account in the making, with its rows in the registry and its fate."""

    rng: Random
    layout: Layout
    rows: list[AccountRow]
    fate: str
    posts: list[Post] = field(default_factory=list)
    partner: _Account | None = None  # whose posts this one shares as a collaborator

    def row_at(self, instant: datetime) -> AccountRow:
        """The valid row; where an alias gives two, either."""
        day = instant.date()
        valid = [row for row in self.rows if row.valid_from <= day < (row.valid_to or date.max)]
        return self.rng.choice(valid)


_Span = tuple[datetime, datetime]


def make_world(
    seed: int = 1,
    months: Sequence[str] = ("2025-07", "2025-08"),
    posts_per_account_month: int = 12,
    offices: int | None = None,
    captures_per_month: int = 4,
) -> World:
    """Makes a world of `offices` of the 41 (None: all) and posts in `months` (`YYYY-MM`).

    Every account also has two posts in the week before, so that an export can show that it reaches
    back. `posts_per_account_month` is a mean over offices and platforms.
    """
    spans = [_span(month) for month in months]
    first = (spans[0][0] + _JAKARTA).date()
    office_rows = _offices(offices, min(date(2024, 11, 1), first - 8 * _DAY))
    accounts = _accounts(seed, office_rows, first)
    serials = itertools.count(1)
    for account in accounts:
        account.posts = list(_posts(account, spans, posts_per_account_month, serials))
    by_id = {office.office_id: office for office in office_rows}
    rows = [row for each in accounts if each.fate != "unregistered" for row in each.rows]
    exports = (_exports(account, spans, captures_per_month, by_id) for account in accounts)
    return World(
        offices=tuple(office_rows),
        accounts=tuple(sorted(rows, key=lambda row: (row.account_id, row.valid_from))),
        posts=tuple(post for account in accounts for post in account.posts),
        exports=tuple(itertools.chain.from_iterable(exports)),
    )


def _span(month: str) -> _Span:
    """The instants at which a month starts and ends in Jakarta."""
    start = datetime.fromisoformat(f"{month}-01")
    return start - _JAKARTA, (start + 31 * _DAY).replace(day=1) - _JAKARTA


def _pairs(*parts: str) -> tuple[tuple[str, str], ...]:
    """Reads `left=right|left=right`; the right side may lack."""
    pairs = (part.partition("=") for part in "|".join(parts).split("|"))
    return tuple((left, right) for left, _, right in pairs)


def _offices(count: int | None, valid_from: date) -> list[OfficeRow]:
    rows = []
    for zone, places in _KANWIL.items():
        for place, _ in _pairs(places):
            office_id = f"kanwil-{place.lower().replace(' ', '-')}"
            rows.append(OfficeRow(office_id, _KANWIL_NAME + place, "kanwil", zone, valid_from))
    for name, short in _pairs(_UNIT_UTAMA):
        rows.append(OfficeRow(short, name, "unit_utama", "Asia/Jakarta", valid_from))
    # Evenly spread, so that a small world too has several zones and both leagues.
    count = count or len(rows)
    return [rows[(n + 1) * len(rows) // count - 1] for n in range(count)]


def _layouts() -> Iterator[Layout]:
    for block in _LAYOUTS.strip().split("\n\n"):
        head, name, *columns = block.split("\n")
        kind, locale, zone, form, fixed, style = head.split(";")
        yield Layout(kind, locale, zone, form, name, style, int(fixed), _pairs(*columns))


def _accounts(seed: int, offices: Sequence[OfficeRow], first: date) -> list[_Account]:
    rng = Random(seed)
    shorts = dict(_pairs(*_KANWIL.values(), _UNIT_UTAMA))
    accounts = []
    for platform, (share, _, prefix, fates) in _PLATFORMS.items():
        layouts = itertools.cycle(each for each in _layouts() if each.kind.startswith(platform))
        present = [office for office in offices if rng.random() < share]
        ordinary = itertools.cycle(("regular", "monthly"))
        fated = itertools.chain(fates.split(), ordinary)
        for office, fate in zip(rng.sample(present, len(present)), fated, strict=False):
            row = AccountRow(
                account_id=f"{office.office_id}-{platform}",
                office_id=office.office_id,
                platform=platform,
                platform_account_id=_account_number(rng, platform),
                handle=prefix + shorts[office.name.removeprefix(_KANWIL_NAME)],
                name=office.name.replace(_KANWIL_NAME, "Kemenkum "),
                valid_from=office.valid_from,
            )
            rows = [row]
            if fate == "renamed":  # the ministry was once one of law and human rights
                day, old = first + 9 * _DAY, row.handle.replace("kemkum", "kumham")
                rows = [row._replace(handle=old, valid_to=day), row._replace(valid_from=day)]
            elif fate == "moved":
                day, other = first + 15 * _DAY, offices[offices.index(office) - 1].office_id
                rows = [row._replace(valid_to=day), row._replace(valid_from=day, office_id=other)]
            elif fate == "alias":
                rows.append(row._replace(platform_account_id=_account_number(rng, platform)))
            own_rng = Random(f"{seed}/{row.account_id}")
            accounts.append(_Account(own_rng, next(layouts), rows, fate))
    sharing = [each for each in accounts if each.rows[0].platform == "instagram"][::4]
    for account, partner in itertools.pairwise(sharing):
        account.partner = partner
    return accounts


def _account_number(rng: Random, platform: str) -> str:
    """The platform's own ID of an account; blank where its exports show none."""
    if platform == "youtube":
        return "UC" + base64.urlsafe_b64encode(rng.randbytes(18)).decode()[:22]
    bases = {"instagram": 17841400000000000, "facebook": 100060000000000}
    return str(bases[platform] + rng.randrange(10**10)) if platform in bases else ""


def _posts(
    account: _Account, spans: Sequence[_Span], mean: int, serials: Iterator[int]
) -> Iterator[Post]:
    if account.fate == "quiet":
        return
    rng = account.rng
    pace = mean * rng.uniform(0.5, 1.5) * _PLATFORMS[account.rows[0].platform][1]
    instants = [spans[0][0] - rng.randrange(7 * 86400) * _SECOND for _ in range(2)]
    for start, end in spans:
        for _ in range(round(pace)):
            day = start + rng.randrange((end - start).days) * _DAY
            instant = day + int(rng.triangular(6, 22, 10) * 3600) * _SECOND
            if rng.random() < 0.05:  # at the month's edge, where zones differ on the month
                shift = rng.randrange(3 * 3600) * _SECOND
                instant = rng.choice((start + shift, end - shift - _SECOND))
            instants.append(instant)
    for instant in sorted(instants):
        yield _post(account, instant, next(serials))


def _post(account: _Account, instant: datetime, serial: int) -> Post:
    rng, row = account.rng, account.rows[0]
    kind = rng.choice(_POST_TYPES[row.platform])
    text = rng.choice(_CAPTIONS).format(office=row.name, topic=rng.choice(_TOPICS))
    draw = rng.random()
    is_reply = row.platform == "x" and draw < 0.15
    if is_reply:
        text = f"@{rng.choice(_STRANGERS)} {text}"
    elif row.platform == "x" and draw < 0.2 and account.fate != "renamed":
        text = f"@{row.handle} {text}"  # an answer to itself is no reply
    elif row.platform in ("tiktok", "youtube"):
        text = text.replace("\n", " ")
    post_id, delivered_id, link_id = _ids(row, instant, serial, kind == "IG story")
    views = min(3_000_000, int(150 * rng.paretovariate(1.1)))
    likes = views * rng.randrange(10, 120) // 1000
    return Post(
        platform=row.platform,
        post_id=post_id,
        delivered_id=delivered_id,
        link_id=link_id,
        account=row.account_id,
        published_at=instant,
        text=text,
        post_type=kind,
        is_reply=is_reply,
        is_repost=row.platform == "facebook" and draw < 0.04,
        is_story=kind == "IG story",
        is_cross_post=kind == "Videos" and draw > 0.7,
        hides_comments=account.layout.kind == "tiktok_business_video" and draw < 0.05,
        limits=Counters(views, likes, *(likes * rng.randrange(200) // 1000 for _ in range(3))),
        half_life=rng.randrange(8 * 3600, 36 * 3600),
    )


def _ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> tuple[str, str, str]:
    """The post's canonical ID, the delivered one and the link's; no two serials share one."""
    seconds = (instant - _EPOCH) // _SECOND
    scattered = serial * 0x9E3779B97F4A7C15 % 2**64  # odd, so low bits differ as serials do
    match row.platform:
        case "instagram":
            # The ID is made as the upload starts, up to 20 seconds before publication.
            number = (seconds * 1000 - serial % 20_000 - 1314220021721) << 23 | scattered % 2**23
            code, delivered = _base64(number), str(17_800_000_000_000_000 + serial * 97_000_003)
            return (delivered, delivered, str(number)) if is_story else (code, delivered, code)
        case "facebook":
            plain = str(122_000_000_000_000 + serial * 97_000_003) + "7" * (serial % 2)
            page_post = f"{row.platform_account_id}_{plain}"
            link = plain if serial % 3 else f"pfbid0{_base64(scattered)}"
            return plain, plain if serial % 20 else page_post, link
        case "x":
            number = (seconds * 1000 + serial % 1000 - 1288834974657) << 22 | scattered % 2**22
            return (str(number),) * 3
        case "tiktok":
            return (str(seconds << 32 | scattered % 2**32),) * 3
        case _:
            return (_base64(scattered),) * 3


def _base64(number: int) -> str:
    """A number below 2^64 in 11 digits, as Instagram's shortcodes and YouTube's IDs have."""
    return base64.urlsafe_b64encode(number.to_bytes(9, "big")).decode()[1:]


def _captures(account: _Account, span: _Span, count: int) -> Iterator[datetime]:
    (start, end), rng, fate = span, account.rng, account.fate
    if fate == "daily":
        for day in range((end - start).days):
            yield start + day * _DAY + rng.randrange(7 * 3600, 9 * 3600) * _SECOND
    elif fate not in ("monthly", "silent"):
        step = (end - start) // _SECOND // count
        for n in range(1, count):
            yield start + (n * step + rng.randrange(-step // 3, step // 3)) * _SECOND
    if fate not in ("early", "silent"):
        yield end + rng.randrange(86400, 5 * 86400) * _SECOND


def _exports(
    account: _Account, spans: Sequence[_Span], count: int, offices: Mapping[str, OfficeRow]
) -> Iterator[Export]:
    rng, layout, partner = account.rng, account.layout, account.partner
    tells_range, tells_instant = "{start" in layout.name_form, "{unix}" in layout.name_form
    # Some send through the ministry's bureau, whose folder names no office; so a sidecar says whose
    # an export is, as YouTube's name no account.
    is_central = rng.random() < (0.5 if layout.kind == "youtube_table" else 0.1)
    guests = [post for post in partner.posts[::5] if not post.is_story] if partner else []
    newest_first = sorted([*account.posts, *guests], key=lambda p: p.published_at, reverse=True)
    for span in spans:
        back = rng.choice((0, 0, 2, 31)) * _DAY
        for captured_at in _captures(account, span, count):
            owners = [each.row_at(captured_at) for each in (account, partner) if each]
            row, local = owners[0], captured_at + _JAKARTA
            has_sidecar = not tells_instant and (is_central or rng.random() < 0.25)
            first, last = _EPOCH, captured_at
            covers_from = covers_to = None
            if tells_range or has_sidecar:
                first, last = span[0] - back, min(captured_at, span[1] - _SECOND)
                covers_from, covers_to = (first + _JAKARTA).date(), (last + _JAKARTA).date()
            posts = tuple(post for post in newest_first if first <= post.published_at <= last)
            # All exports without a post are the same bytes; only a sidecar keeps captures apart.
            has_sidecar |= tells_range and not posts
            source = "name" if tells_instant else "sidecar" if has_sidecar else "receipt"
            delay = 0 if source == "receipt" else rng.randrange(3600, 40 * 3600)
            folder = f"{'kiriman' if is_central else row.office_id}/{row.platform}"
            name = layout.name_form.format(
                start=covers_from,
                end=covers_to,
                digits=rng.randrange(10**14, 10**16),
                since=local - _PERIOD,
                unix=(captured_at - _EPOCH) // _SECOND,
                handle=row.handle,
            )
            columns = _arranged(rng, layout)
            yield Export(
                path=f"{folder}/{local:%Y-%m-%d %H%M}/{name}",
                layout=layout,
                columns=columns,
                reported=frozenset(Counters._fields) & {name for _, name in columns},
                account=row.account_id,
                office=offices[row.office_id],
                owners={owner.account_id: owner for owner in owners},
                captured_at=captured_at,
                captured_at_source=source,
                received_at=captured_at + delay * _SECOND,
                covers_from=covers_from,
                covers_to=covers_to,
                posts=posts,
            )


def _arranged(rng: Random, layout: Layout) -> tuple[tuple[str, str], ...]:
    """The columns of one file: order and number vary where they do on the platform."""
    columns, free = layout.columns[: layout.fixed_columns], layout.columns[layout.fixed_columns :]
    columns += tuple(rng.sample(free, len(free)))
    draw = rng.random()
    if layout.kind == "youtube_table" and draw < 0.3:
        return tuple(column for column in columns if column[1] != "likes")
    if ("Views", "zero") in columns and draw < 0.5:  # either of the two can be the dead one
        other = {"views": "zero", "zero": "views"}
        return tuple((head, other[name] if head == "Views" else name) for head, name in columns)
    return columns


def write_world(world: World, home: Path) -> None:
    """Writes `home/inbox/…` and `home/registry/*.csv`; a file's time is that of its receipt."""
    for export in world.exports:
        path = home / "inbox" / export.path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_csv(path, _records(export), export.layout.style)
        paths = [path]
        if export.captured_at_source == "sidecar":
            paths.append(path.with_name(f"{path.name}.delivery.json"))
            paths[1].write_text(json.dumps(_sidecar(export), indent=1) + "\n", encoding="utf-8")
        received = export.received_at.replace(tzinfo=UTC).timestamp()
        for each in paths:
            os.utime(each, (received, received))
    (home / "registry").mkdir(parents=True, exist_ok=True)
    _write_csv(home / "registry" / "offices.csv", [OfficeRow._fields, *world.offices])
    _write_csv(home / "registry" / "accounts.csv", [AccountRow._fields, *world.accounts])


def _write_csv(path: Path, records: Iterable[Sequence[object]], style: str = "") -> None:
    line_end = "\r\n" if "crlf" in style else "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    if "quoted" in style:
        writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(records)
    content = text.getvalue().removesuffix(line_end if "cut" in style else "")
    path.write_bytes(content.encode("utf-8-sig" if "bom" in style else "utf-8"))


def _sidecar(export: Export) -> dict[str, str]:
    instant = export.captured_at.replace(tzinfo=UTC)
    told = {
        "captured_at": instant.astimezone(ZoneInfo(export.office.time_zone)).isoformat(),
        "office_id": export.office.office_id,
        "covers_from": str(export.covers_from),
        "covers_to": str(export.covers_to),
    }
    return told | ({"account_id": export.account} if "youtube" in export.layout.kind else {})


def _records(export: Export) -> Iterator[Sequence[object]]:
    """The header and a record for each post."""
    fields = [_FIELDS[name] for _, name in export.columns]
    yield [header for header, _ in export.columns]
    seen = [export.observation(post) for post in export.posts]
    if export.layout.kind == "youtube_table":
        total = {"id": "Total", "views": sum(each["views"] or 0 for each in seen)}
        yield [total.get(name) for _, name in export.columns]
    for post, counts in zip(export.posts, seen, strict=True):
        cells = [cell(export, post, counts) for cell in fields]
        if export.layout.kind == "tiktok_business_video":
            cells = ["--" if cell is None else cell for cell in cells]
        yield cells


def _printed(export: Export, instant: datetime) -> str:
    zone = ZoneInfo(export.layout.time_zone or export.office.time_zone)
    t = instant.replace(tzinfo=UTC).astimezone(zone)
    # `%b` and its like are English as long as nobody sets LC_TIME.
    return export.layout.time_form.format(t=t, bulan=_BULAN[t.month - 1])


def _link(export: Export, post: Post) -> str:
    handle = export.owners[post.account].handle
    return _LINKS[post.post_type].format(id=post.link_id, handle=handle, Handle=handle.title())


#: What fills a column, by the field's name; `seen` is what export `e` reports of post `p`.
_FIELDS: dict[str, Callable[[Export, Post, dict[str, int | None]], object]] = {
    "": lambda e, p, seen: None,
    "zero": lambda e, p, seen: 0,
    "few": lambda e, p, seen: p.half_life % 5,
    "views": lambda e, p, seen: seen["views"],
    "likes": lambda e, p, seen: seen["likes"],
    # With a column for them and still unreported, comments are hidden.
    "comments": lambda e, p, seen: -1 if seen["comments"] is None else seen["comments"],
    "shares": lambda e, p, seen: seen["shares"],
    "saves": lambda e, p, seen: seen["saves"],
    "sum": lambda e, p, seen: sum(seen[name] or 0 for name in ("likes", "comments", "shares")),
    "reach": lambda e, p, seen: (seen["views"] or 0) * 4 // 5 if p.account == e.account else None,
    "impressions": lambda e, p, seen: p.counters_at(e.captured_at).views,
    "id": lambda e, p, seen: p.delivered_id,
    "owner": lambda e, p, seen: e.owners[p.account].platform_account_id,
    "handle": lambda e, p, seen: e.owners[p.account].handle,
    "name": lambda e, p, seen: e.owners[p.account].name,
    "text": lambda e, p, seen: p.text,
    # The caption of a photo is its title, that of others their description.
    "title": lambda e, p, seen: p.text if p.post_type == "Photos" else p.text[:30],
    "rest": lambda e, p, seen: None if p.post_type == "Photos" else p.text,
    "seconds": lambda e, p, seen: 15 + p.half_life % 600,
    "time": lambda e, p, seen: _printed(e, p.published_at),
    "since": lambda e, p, seen: _printed(e, e.captured_at - _PERIOD),
    "link": lambda e, p, seen: _link(e, p),
    "type": lambda e, p, seen: p.post_type,
    "jenis": lambda e, p, seen: f"{_TYPES_ID[p.post_type.removeprefix('IG ')]} IG",
    "scope": lambda e, p, seen: "Lifetime",
    "masa": lambda e, p, seen: "Sepanjang Masa",
    "cross": lambda e, p, seen: int(p.is_cross_post),
    "repost": lambda e, p, seen: int(p.is_repost),
    "rate": lambda e, p, seen: "5.03",
    "rasio": lambda e, p, seen: "5,0%",
}


def main() -> None:
    """The command `python -m ingest.sample`."""
    parser = argparse.ArgumentParser(description="Writes a sample world into a home folder.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    world = make_world(arguments.seed)
    write_world(world, arguments.home)
    print(
        f"{len(world.posts)} posts of {len(world.offices)} offices in {len(world.exports)} exports"
    )


if __name__ == "__main__":
    main()
