"""How a world is drawn: offices, accounts and their fates, posts, and the exports of them.

What belongs here: whatever a seed decides. What does not: how a file is written (`writing.py`).
The months are Jakarta's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from ingest.sample.fixture import PlatformFixture, PostIds, WorldShare
from ingest.sample.formats import ExportFormat
from ingest.sample.platforms import FIXTURES
from ingest.sample.truth import (
    DAY,
    SECOND,
    AccountRow,
    Counters,
    Export,
    OfficeRow,
    Post,
    World,
)
from ingest.sample.writing import PERIOD

_EPOCH = datetime(1970, 1, 1)
_JAKARTA = timedelta(hours=7)  # ahead of UTC, without daylight saving

#: Offices' names, each with the short form that stands in handles.
_KANWIL_NAME = "Kantor Wilayah Kementerian Hukum "
_KANWIL = {
    "Asia/Jakarta": {
        "Aceh": "aceh",
        "Sumatera Utara": "sumut",
        "Sumatera Barat": "sumbar",
        "Riau": "riau",
        "Jambi": "jambi",
        "Kepulauan Riau": "kepri",
        "Sumatera Selatan": "sumsel",
        "Kepulauan Bangka Belitung": "babel",
        "Lampung": "lampung",
        "Bengkulu": "bengkulu",
        "DKI Jakarta": "dki",
        "Jawa Barat": "jabar",
        "Banten": "banten",
        "Jawa Tengah": "jateng",
        "Daerah Istimewa Yogyakarta": "diy",
        "Jawa Timur": "jatim",
        "Kalimantan Barat": "kalbar",
        "Kalimantan Tengah": "kalteng",
    },
    "Asia/Makassar": {
        "Bali": "bali",
        "Nusa Tenggara Barat": "ntb",
        "Nusa Tenggara Timur": "ntt",
        "Kalimantan Selatan": "kalsel",
        "Kalimantan Timur": "kaltim",
        "Sulawesi Utara": "sulut",
        "Gorontalo": "gorontalo",
        "Sulawesi Barat": "sulbar",
        "Sulawesi Tengah": "sulteng",
        "Sulawesi Selatan": "sulsel",
        "Sulawesi Tenggara": "sultra",
    },
    "Asia/Jayapura": {
        "Maluku": "maluku",
        "Maluku Utara": "malut",
        "Papua": "papua",
        "Papua Barat": "pabar",
    },
}
_UNIT_UTAMA = {
    "Sekretariat Jenderal": "setjen",
    "Direktorat Jenderal Peraturan Perundang-undangan": "ditjenpp",
    "Direktorat Jenderal Administrasi Hukum Umum": "ditjenahu",
    "Inspektorat Jenderal": "itjen",
    "Direktorat Jenderal Kekayaan Intelektual": "djki",
    "Badan Pembinaan Hukum Nasional": "bphn",
    "Badan Strategi Kebijakan Hukum": "bsk",
    "Badan Pengembangan Sumber Daya Manusia Hukum": "bpsdm",
}
CAPTIONS = (
    "{office} menggelar rapat {topic}, Senin pagi. #KemenkumPasti",
    "Sahabat Pengayoman! ☀️\n\nHari ini kami membuka layanan {topic}.\n#Kemenkum #LayananPublik",
    '"Pelayanan harus cepat, mudah, tanpa pungli," tegas pimpinan {office} soal {topic} 🇮🇩',
    "=== INFO LAYANAN ===\n{topic} kini daring & gratis; cek tautan di bio 👇",
    "Kunjungan kerja: {office} x Pemda, bahas {topic} ✅",
    "Tahukah kamu? {topic} itu hak setiap warga 🙌 Simak sampai habis!",
)
TOPICS = (
    "merek, hak cipta, dan paten",
    "harmonisasi rancangan perda",
    "layanan apostille",
    "bantuan hukum gratis",
    "perseroan perorangan",
    "pos bantuan hukum",
    "penyuluhan serentak",
)
_STRANGERS = ("warga_peduli", "budisantoso77", "HaloHukum", "SitiR_88")


@dataclass(slots=True)
class _Account:
    """An account in the making, with its rows in the registry and its fate."""

    rng: Random
    format: ExportFormat
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
    office_rows = _offices(offices, min(date(2024, 11, 1), first - 8 * DAY))
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
    return start - _JAKARTA, (start + 31 * DAY).replace(day=1) - _JAKARTA


def _offices(count: int | None, valid_from: date) -> list[OfficeRow]:
    rows = []
    for zone, places in _KANWIL.items():
        for place in places:
            office_id = f"kanwil-{place.lower().replace(' ', '-')}"
            rows.append(OfficeRow(office_id, _KANWIL_NAME + place, "kanwil", zone, valid_from))
    for name, short in _UNIT_UTAMA.items():
        rows.append(OfficeRow(short, name, "unit_utama", "Asia/Jakarta", valid_from))
    # Evenly spread, so that a small world too has several zones and both leagues.
    count = count or len(rows)
    return [rows[(n + 1) * len(rows) // count - 1] for n in range(count)]


def _accounts(seed: int, offices: Sequence[OfficeRow], first: date) -> list[_Account]:
    rng = Random(seed)
    shorts = dict(_UNIT_UTAMA)
    for places in _KANWIL.values():
        shorts |= places
    accounts = []
    sharing = []
    for fixture, share in _present():
        platform = fixture.platform
        formats = itertools.cycle(fixture.world_formats)
        present = [office for office in offices if rng.random() < share.offices]
        ordinary = itertools.cycle(("regular", "monthly"))
        fated = itertools.chain(share.fates, ordinary)
        for office, fate in zip(rng.sample(present, len(present)), fated, strict=False):
            row = AccountRow(
                account_id=f"{office.office_id}-{platform}",
                office_id=office.office_id,
                platform=platform,
                platform_account_id=fixture.account_number(rng),
                handle=share.handle_prefix + shorts[office.name.removeprefix(_KANWIL_NAME)],
                name=office.name.replace(_KANWIL_NAME, "Kemenkum "),
                valid_from=office.valid_from,
            )
            rows = [row]
            if fate == "renamed":  # the ministry was once one of law and human rights
                day, old = first + 9 * DAY, row.handle.replace("kemkum", "kumham")
                rows = [row._replace(handle=old, valid_to=day), row._replace(valid_from=day)]
            elif fate == "moved":
                day, other = first + 15 * DAY, offices[offices.index(office) - 1].office_id
                rows = [row._replace(valid_to=day), row._replace(valid_from=day, office_id=other)]
            elif fate == "alias":
                rows.append(row._replace(platform_account_id=fixture.account_number(rng)))
            own_rng = Random(f"{seed}/{row.account_id}")
            accounts.append(_Account(own_rng, next(formats), rows, fate))
            if fixture.lists_guests:
                sharing.append(accounts[-1])
    for account, partner in itertools.pairwise(sharing[::4]):
        account.partner = partner
    return accounts


def _present() -> list[tuple[PlatformFixture, WorldShare]]:
    """The platforms of the world in their order."""
    found = [(each, each.world) for each in FIXTURES.values() if each.world]
    return sorted(found, key=lambda pair: pair[1].place)


def _posts(
    account: _Account, spans: Sequence[_Span], mean: int, serials: Iterator[int]
) -> Iterator[Post]:
    if account.fate == "quiet":
        return
    rng = account.rng
    share = FIXTURES[account.rows[0].platform].world
    pace = mean * rng.uniform(0.5, 1.5) * (share.posts if share else 1)
    instants = [spans[0][0] - rng.randrange(7 * 86400) * SECOND for _ in range(2)]
    for start, end in spans:
        for _ in range(round(pace)):
            day = start + rng.randrange((end - start).days) * DAY
            instant = day + int(rng.triangular(6, 22, 10) * 3600) * SECOND
            if rng.random() < 0.05:  # at the month's edge, where zones differ on the month
                shift = rng.randrange(3 * 3600) * SECOND
                instant = rng.choice((start + shift, end - shift - SECOND))
            instants.append(instant)
    for instant in sorted(instants):
        yield _post(account, instant, next(serials))


def _post(account: _Account, instant: datetime, serial: int) -> Post:
    rng, row = account.rng, account.rows[0]
    fixture = FIXTURES[row.platform]
    post_type = rng.choice(fixture.post_types)
    text = rng.choice(CAPTIONS).format(office=row.name, topic=rng.choice(TOPICS))
    draw = rng.random()
    is_reply = fixture.tells_replies_by_text and draw < 0.15
    if is_reply:
        text = f"@{rng.choice(_STRANGERS)} {text}"
    elif fixture.tells_replies_by_text and draw < 0.2 and account.fate != "renamed":
        text = f"@{row.handle} {text}"  # an answer to itself is no reply
    elif not fixture.has_line_ends:
        text = text.replace("\n", " ")
    is_story = post_type == fixture.story_type
    names = ids(row, instant, serial, is_story)
    limits, half_life = gains(rng)
    return Post(
        platform=row.platform,
        post_id=names.post_id,
        delivered_id=names.delivered_id,
        link_id=names.link_id,
        account=row.account_id,
        published_at=instant,
        text=text,
        post_type=post_type,
        is_reply=is_reply,
        is_repost=fixture.marks_shares and draw < 0.04,
        is_story=is_story,
        is_cross_post=post_type == fixture.cross_posted_type and draw > 0.7,
        hides_comments=account.format.can_hide_comments and draw < 0.05,
        published_precision=fixture.published_precision,
        limits=limits,
        half_life=half_life,
    )


def gains(rng: Random) -> tuple[Counters, int]:
    """What a post will ever gain, and the seconds until it has half of that."""
    views = min(3_000_000, int(150 * rng.paretovariate(1.1)))
    likes = views * rng.randrange(10, 120) // 1000
    others = (likes * rng.randrange(200) // 1000 for _ in range(3))
    return Counters(views, likes, *others), rng.randrange(8 * 3600, 36 * 3600)


def ids(row: AccountRow, instant: datetime, serial: int, is_story: bool) -> PostIds:
    """The names of an account's post; no two serial numbers share one."""
    return FIXTURES[row.platform].ids(row, instant, serial, is_story)


def _captures(account: _Account, span: _Span, count: int) -> Iterator[datetime]:
    (start, end), rng, fate = span, account.rng, account.fate
    if fate == "daily":
        for day in range((end - start).days):
            yield start + day * DAY + rng.randrange(7 * 3600, 9 * 3600) * SECOND
    elif fate not in ("monthly", "silent"):
        step = (end - start) // SECOND // count
        for n in range(1, count):
            yield start + (n * step + rng.randrange(-step // 3, step // 3)) * SECOND
    if fate not in ("early", "silent"):
        yield end + rng.randrange(86400, 5 * 86400) * SECOND


def _exports(
    account: _Account, spans: Sequence[_Span], count: int, offices: Mapping[str, OfficeRow]
) -> Iterator[Export]:
    rng, partner = account.rng, account.partner
    file_name = account.format.file_name
    tells_range, tells_instant = "{start" in file_name, "{unix}" in file_name
    # Some send through the ministry's bureau, whose folder names no office; so a sidecar says whose
    # an export is, as YouTube's name no account.
    names_account = FIXTURES[account.rows[0].platform].names_account
    is_central = rng.random() < (0.1 if names_account else 0.5)
    guests = [post for post in partner.posts[::5] if not post.is_story] if partner else []
    newest_first = sorted([*account.posts, *guests], key=lambda p: p.published_at, reverse=True)
    for span in spans:
        back = rng.choice((0, 0, 2, 31)) * DAY
        for captured_at in _captures(account, span, count):
            owners = [each.row_at(captured_at) for each in (account, partner) if each]
            row, local = owners[0], captured_at + _JAKARTA
            has_sidecar = not tells_instant and (is_central or rng.random() < 0.25)
            first, last = _EPOCH, captured_at
            covers_from = covers_to = None
            if tells_range or has_sidecar:
                first, last = span[0] - back, min(captured_at, span[1] - SECOND)
                covers_from, covers_to = (first + _JAKARTA).date(), (last + _JAKARTA).date()
            posts = tuple(post for post in newest_first if first <= post.published_at <= last)
            # All exports without a post are the same bytes; only a sidecar keeps captures apart.
            has_sidecar |= tells_range and not posts
            source = "name" if tells_instant else "sidecar" if has_sidecar else "receipt"
            delay = 0 if source == "receipt" else rng.randrange(3600, 40 * 3600)
            folder = f"{'kiriman' if is_central else row.office_id}/{row.platform}"
            name = file_name.format(
                start=covers_from,
                end=covers_to,
                digits=rng.randrange(10**14, 10**16),
                since=local - PERIOD,
                unix=(captured_at - _EPOCH) // SECOND,
                handle=row.handle,
            )
            columns = _arranged(rng, account.format)
            yield Export(
                path=f"{folder}/{local:%Y-%m-%d %H%M}/{name}",
                format=account.format,
                columns=columns,
                reported=frozenset(Counters._fields) & {name for _, name in columns},
                account=row.account_id,
                office=offices[row.office_id],
                owners={owner.account_id: owner for owner in owners},
                captured_at=captured_at,
                captured_at_source=source,
                received_at=captured_at + delay * SECOND,
                covers_from=covers_from,
                covers_to=covers_to,
                posts=posts,
            )


def _arranged(rng: Random, export_format: ExportFormat) -> tuple[tuple[str, str], ...]:
    """The columns of one file: order and number vary where they do on the platform."""
    columns = export_format.columns
    if export_format.fixed_columns is not None:
        free = columns[export_format.fixed_columns :]
        columns = columns[: export_format.fixed_columns] + tuple(rng.sample(free, len(free)))
    draw = rng.random()
    left_out = export_format.left_out_at_times
    if left_out and draw < 0.3:
        return tuple(column for column in columns if column[1] not in left_out)
    if ("Views", "zero") in columns and draw < 0.5:  # either of the two can be the dead one
        other = {"views": "zero", "zero": "views"}
        return tuple((head, other[name] if head == "Views" else name) for head, name in columns)
    return columns
