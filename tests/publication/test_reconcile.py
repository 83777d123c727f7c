"""An office's own list against an edition: each line's one reason, and a sum that adds up."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from ingest.files.lists import Row
from ingest.home import Home
from orchestration.publication.answer_book import answer_book
from orchestration.publication.claim_words import REASONS, TELLINGS
from orchestration.publication.claims import NoList, claims, read_claims, read_links
from orchestration.publication.edition_record import EditionRecord, NotAnEdition, read_record
from orchestration.publication.publish import Edition, Request, publish
from orchestration.publication.queries import months_of_posts
from orchestration.publication.reconcile import (
    NotReconcilable,
    Reconciliation,
    reconcile,
    sentence,
)
from orchestration.shipped import ROOT
from tests.conftest import Kurasi
from tests.copies import writable_copy
from tests.ingest.bounds import SetBounds
from tests.publication.conftest import AUGUST, MakeHome

#: Of the sample world: it has accounts on all platforms but TikTok.
OFFICE, OTHER = "kanwil-papua", "kanwil-sulawesi-utara"
POLICY = "kemenkum-2025-07"
Expected = list[tuple[int, str]]


def snowflake(year: int, month: int, day: int, hour: int = 12) -> str:
    """An ID of X of that instant (UTC), as X makes them."""
    instant = datetime(year, month, day, hour, tzinfo=UTC)
    return str((int(instant.timestamp() * 1000) - 1288834974657) << 22 | 7)


REJECTED, QUARANTINED = snowflake(2025, 8, 3), snowflake(2025, 8, 6)
JULY = snowflake(2025, 7, 20)


def link(post_id: str, host: str = "x.com/Kemkumpapua") -> str:
    return f"https://{host}/status/{post_id}"


def _add_unreadable(root: Path) -> None:
    """One export of X whose only record contradicts its link, and a file that is no export."""
    header = next(root.glob("inbox/kanwil-papua/x/*/*.csv")).read_text("utf-8").split("\n")[0]
    cells = [REJECTED, "Sun Aug 03 2025", "Halo", link("1952000000000000001"), *["0"] * 13]
    files = {
        "account_analytics_content_2025-08-01_2025-08-05.csv": f"{header}\n{','.join(cells)}\n",
        "catatan.csv": f"nomor,tautan\n1,{link(QUARANTINED)}\n",
    }
    for name, text in files.items():
        path = root / "inbox" / OFFICE / name
        path.write_text(text)
        captured_at = datetime(2025, 8, 7, tzinfo=UTC).timestamp()
        os.utime(path, (captured_at, captured_at))


@pytest.fixture(scope="module")
def disputed(make_home: MakeHome, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """An edition of a home with a rejected record and a file that could not be read."""
    folder = tmp_path_factory.mktemp("disputed") / "home"
    shutil.copytree(make_home(_add_unreadable).root, folder)
    return publish(Home(folder), AUGUST, Request(), "run")[0]


@dataclass(frozen=True)
class World:
    """An edition, its home, and a post of Facebook that only the home has, for it is of July."""

    record: EditionRecord
    home: Home
    july: str

    def counted(self, platform: str) -> list[str]:
        """The office's counted posts."""
        return self.posts(platform, OFFICE, "counted")

    def posts(self, platform: str, office: str | None, reason: str) -> list[str]:
        """The IDs of an office's posts with a reason, by the published decisions."""
        return sorted(
            post_id
            for (policy, (key, post_id)), row in self.record.decisions.items()
            if (policy, key, row["reason"]) == (POLICY, platform, reason)
            and row["office_id"] == office
            and row["month"] == "2025-08-01"
        )


@pytest.fixture(scope="module")
def world(disputed: Edition) -> World:
    home = Home(disputed.path.parents[2])
    rows = pl.read_parquet(home.warehouse / "current" / "fct_post_month.parquet")
    july = rows.filter(month=date(2025, 7, 1), platform="facebook", office_id=OFFICE)
    return World(read_record(disputed.path), home, july["post_id"].min())


@pytest.fixture
def copied(disputed: Edition, tmp_path: Path) -> Path:
    """The edition's public folder alone, as an office gets it."""
    return writable_copy(disputed.path, tmp_path / "edition")


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def published_count(folder: Path) -> int:
    """How many posts of the office the rankings count."""
    with (folder / "evidence" / "rankings.csv").open(encoding="utf-8", newline="") as file:
        return sum(
            int(row["score"])
            for row in csv.DictReader(file)
            if (row["policy_id"], row["office_id"], row["category"]) == (POLICY, OFFICE, "active")
        )


def at_home(world: World, path: Path, **more: Any) -> Reconciliation:
    """A list held against the edition in its home."""
    return reconcile(
        world.record,
        read_claims(path, world.record.known_ids),
        OFFICE,
        delivered=world.home.archive,
        known=lambda policy, posts: months_of_posts(world.home, policy, posts),
        **more,
    )


def told(found: Reconciliation) -> Expected:
    return [(each.claim.line, each.reason) for each in found.found]


def adds_up(found: Reconciliation) -> bool:
    """Whether the sum leads from the list to the edition, step by step."""
    *steps, total = found.bridge
    return sum(step.count for step in steps) == total.count and steps[0].count == len(found.found)


def write_semicolons(world: World, path: Path) -> Expected:
    """As a spreadsheet in Indonesian saves it: headings, a caption with a link, a screenshot."""
    first, second, third = world.counted("instagram")[:3]
    tweet = world.counted("x")[0]
    shot = "https://drive.google.com/file/d/1AbC/view?usp=sharing"
    path.write_text(
        "Rekap Unggahan Kanwil Papua;;;\n"
        "\n"
        "No;Judul;Tautan;Bukti Dukung\n"
        f'1;"Simak; selengkapnya di https://s.id/abc";https://www.instagram.com/p/{first}/'
        f"?utm_source=ig_web_copy_link;{shot}\n"
        f"2;Rapat;instagram.com/reel/{second};{shot}\n"
        f"3;Rapat lagi;https://m.instagram.com/kemkum_papua/p/{first};{shot}\n"
        f'4;Dua;"https://mobile.twitter.com/a/status/{tweet}?s=20\n'
        f'www.instagram.com/tv/{third}/";\n'
        "5;Menyusul;menyusul;\n"
        f"6;Sekali lagi;{link(tweet, 'x.com/i/web')};{shot}\n"
        "No;Judul;Tautan;Bukti Dukung\n"
        "Jumlah;;6;\n",
        "utf-8-sig",
    )
    return [
        (4, "counted"),
        (5, "counted"),
        (6, "duplicate_of_line"),
        (7, "counted"),
        (7, "counted"),
        (8, "unreadable_link"),
        (9, "duplicate_of_line"),
    ]


def write_workbook(world: World, path: Path) -> Expected:
    """Words with hyperlinks, numbers that were IDs, two sheets."""
    video, tweet = world.counted("youtube")[0], world.counted("x")[1]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("YouTube")
        page.write_row(0, 0, ["Kanwil Papua"])
        page.write_row(2, 0, ["No", "Tautan"])
        page.write_url(3, 1, f"https://youtu.be/{video}?si=Ab1", string="Lihat video")
        page.write_url(5, 1, f"https://www.youtube.com/shorts/{video}", string="Lihat")
        page.write_string(6, 1, "https://www.youtube.com/@kemkumpapua")
        page = book.add_worksheet("X")
        page.write_row(0, 0, ["ID", "Jumlah suka"])
        page.write_number(1, 0, float(tweet))
        page.write_string(2, 0, tweet)
        page.write_number(2, 1, 123456789012)
    return [
        (4, "counted"),
        (6, "duplicate_of_line"),
        (7, "not_a_post"),
        (2, "digits_lost"),
        (3, "counted"),
    ]


def write_ids(world: World, path: Path) -> Expected:
    """IDs alone, as text that a spreadsheet leaves whole, in UTF-16 with tabs."""
    tweet, other = world.counted("x")[:2]
    page, code = world.counted("facebook")[0], world.counted("instagram")[0]
    rows = [
        ("Platform", "ID unggahan"),
        ("X", f"'{tweet}"),
        ("X", f'"=""{other}"""'),
        ("Facebook", f"100069418798334_{page}"),
        ("IG", code),
        ("X", "1,95106E+18"),
        ("YouTube", "AbCd_1234-x"),
        ("Instagram", "17841400000000001"),
        ("X", JULY),
    ]
    path.write_text("\r\n".join("\t".join(row) for row in rows), "utf-16")
    return [
        (2, "counted"),
        (3, "counted"),
        (4, "counted"),
        (5, "counted"),
        (6, "digits_lost"),
        (7, "not_in_any_export"),
        (8, "unreadable_link"),
        (9, "other_month"),
    ]


def write_others(world: World, path: Path) -> Expected:
    """Others' posts, posts that do not count, short links, in Windows-1252 with curly quotes."""
    foreign = world.posts("instagram", OTHER, "counted")[0]
    reply = world.posts("x", OTHER, "reply")[0]
    stranger = world.posts("instagram", None, "unregistered_account")[0]
    encoded = next(
        str(row["permalink"])
        for (platform, _), row in world.record.posts.items()
        if platform == "facebook" and "pfbid" in str(row["permalink"])
    )
    lines = [
        "Unggahan \u201cresmi\u201d \u2013 Agustus",
        f"\u201chttps://www.instagram.com/p/{foreign}/\u201d",
        link(reply, "twitter.com/kemkum"),
        f"https://www.instagram.com/reel/{stranger}/",
        f"{encoded}?rdid=AbC&share_url=x",
        "https://www.facebook.com/kemkumpapua",
        "https://kemenkum.go.id/berita/agustus",
        "https://vt.tiktok.com/ZSabc1/",
        "https://s.id/papua1",
        "https://kmkm.example/42?x=1",
    ]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return [
        (2, "belongs_to"),
        (3, "belongs_to"),
        (4, "unregistered_account"),
        (5, "counted"),
        (6, "not_a_post"),
        (7, "not_a_post"),
        (8, "short_link"),
        (9, "counted"),
        (10, "counted"),
    ]


def write_unseen(world: World, path: Path) -> Expected:
    """A column for each platform; posts that nobody has on record, or in another month."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Tanggal", "X", "TikTok", "Facebook", "Instagram"])
        page.write_row(1, 0, ["3/8/2025", link(REJECTED), "https://www.tiktok.com/@kemkum/video/"])
        page.write_row(2, 0, ["6/8/2025", link(QUARANTINED)])
        tiktok = f"https://www.tiktok.com/@kemkum.papua/video/{(1754500000 << 32) + 9}"
        page.write_row(3, 0, ["6/8/2025", link(snowflake(2025, 8, 20)), tiktok])
        # Uploaded in July, and in September.
        early, late = "https://www.instagram.com/p/DL4JW3GkJoi/", "instagram.com/p/DPA1W3GkJoi"
        page.write_row(4, 0, ["30/7/2025", "", "", f"https://www.facebook.com/{world.july}", early])
        page.write_row(5, 0, ["1/9/2025", "", "", "https://facebook.com/a/posts/1", late])
    return [
        (2, "rejected_record"),
        (2, "not_a_post"),
        (3, "quarantined_file"),
        (4, "not_in_any_export"),
        (4, "no_registered_account"),
        (5, "other_month"),
        (5, "other_month"),
        (6, "not_a_post"),
        (6, "other_month"),
    ]


Write = Callable[[World, Path], Expected]
LISTS: dict[str, Write] = {
    "semicolons.csv": write_semicolons,
    "workbook.xlsx": write_workbook,
    "ids.txt": write_ids,
    "others.csv": write_others,
    "unseen.xlsx": write_unseen,
}


def held(world: World, name: str, folder: Path) -> tuple[Reconciliation, Expected]:
    """One of the lists against the edition, and what is known of it; `s.id/papua1` is resolved."""
    path = folder / name
    expected = LISTS[name](world, path)
    pairs = folder / "pairs.csv"
    pairs.write_text(
        f"pendek;asli\ns.id/papua1;{link(world.counted('x')[2])}\n"
        # The other way round, and over another short link of a service that nobody knows.
        f"{link(world.counted('x')[3])};https://bit.ly/3x\n"
        "https://kmkm.example/42;https://bit.ly/3x\n"
    )
    return at_home(world, path, pairs=read_links(pairs)), expected


@pytest.mark.parametrize("name", LISTS)
def test_each_line_of_a_list_has_its_one_reason(world: World, name: str, tmp_path: Path) -> None:
    found, expected = held(world, name, tmp_path)
    assert told(found) == expected
    assert adds_up(found)
    for each in found.found:
        assert each.post is None or each.platform == each.post[0]
        row = world.record.decisions.get((POLICY, each.post)) if each.post else None
        if each.reason == "counted":
            assert row is not None
            assert (row["is_counted"], row["office_id"]) == ("true", OFFICE)
            assert each.evidence is not None
            assert (world.home.archived(each.evidence["sha256"])).is_file()


def test_a_list_and_what_it_lacks_are_what_the_edition_counts(
    world: World, disputed: Edition, tmp_path: Path
) -> None:
    found, _ = held(world, "semicolons.csv", tmp_path)
    own = {each.post for each in found.found if each.reason == "counted"}
    lacking = {
        (row["platform"], row["post_id"]) for row in found.unclaimed if row["reason"] == "counted"
    }
    assert len(own) + len(lacking) == published_count(disputed.path)
    assert not own & lacking
    assert all(row["link"] for row in found.unclaimed)
    count = published_count(disputed.path)
    assert sentence(found.bridge) == (
        f"7 claimed − 1 unreadable − 2 twice + {count - 4} not listed = {count} counted"
    )
    assert sentence(found.bridge, 1) == (
        f"7 diklaim − 1 tidak terbaca − 2 ganda + {count - 4} tidak tercantum = {count} terhitung"
    )


def test_what_could_not_be_read_is_told_with_file_and_record(world: World, tmp_path: Path) -> None:
    found, _ = held(world, "unseen.xlsx", tmp_path)
    by_reason = {each.reason: each for each in found.found}
    rejected, unread = by_reason["rejected_record"], by_reason["quarantined_file"]
    assert rejected.evidence is not None
    assert unread.evidence is not None
    assert rejected.evidence["record_number"] == 1
    assert "id_differs_from_link" in rejected.detail[0]
    assert REJECTED.encode() in world.home.archived(rejected.evidence["sha256"]).read_bytes()
    assert QUARANTINED.encode() in world.home.archived(unread.evidence["sha256"]).read_bytes()
    assert unread.detail[0].startswith("catatan.csv")


def test_an_edition_alone_says_what_it_can_not_tell(
    world: World, copied: Path, tmp_path: Path, kurasi: Kurasi
) -> None:
    _, expected = held(world, "unseen.xlsx", tmp_path)
    done = kurasi(
        tmp_path / "none",
        *("reconcile", "--month", "2025-08", "--office", OFFICE, "--edition", str(copied)),
        *("--claims", str(tmp_path / "unseen.xlsx"), "--out", str(tmp_path / "jawaban.xlsx")),
        "--json",
    )
    assert (done.code, done.err) == (0, "")
    assert not (tmp_path / "none").exists()
    interface = {
        "line",
        "claimed",
        "platform",
        "matched_post_id",
        "reason",
        "detail",
        "remedy",
        "evidence",
    }
    assert all(claim.keys() >= interface for claim in done.json["claims"])
    at_hand = ("rejected_record", "quarantined_file")
    for claim, (line, reason) in zip(done.json["claims"], expected, strict=True):
        assert claim["line"] == line
        if reason in at_hand:
            assert claim["reason"] == "not_in_any_export"
            assert "were not searched" in claim["detail"]
        elif claim["claimed"].endswith(world.july):
            # Facebook's numbers tell no time, and only the home has seen the post.
            assert claim["reason"] == "not_in_any_export"
        else:
            assert claim["reason"] == reason
    *steps, total = done.json["bridge"]
    assert sum(step["count"] for step in steps) == total["count"] == published_count(copied)
    sheets = CalamineWorkbook.from_path(tmp_path / "jawaban.xlsx")
    assert sheets.sheet_names == ["Ringkasan", "Daftar kantor", "Tidak tercantum"]
    _, _, header, *rows = sheets.get_sheet_by_name("Daftar kantor").to_python()
    place = header.index("Hasil")
    assert [row[place] for row in rows] == [
        REASONS[claim["reason"]].alasan for claim in done.json["claims"]
    ]


def test_the_restricted_tier_has_the_delivered_files(world: World, tmp_path: Path) -> None:
    folder = world.home.published / "restricted" / world.record.edition_id
    path = tmp_path / "satu.csv"
    path.write_text(link(REJECTED))
    record = read_record(folder)
    found = reconcile(record, read_claims(path, {}), OFFICE, delivered=folder / "deliveries")
    assert told(found) == [(1, "rejected_record")]


@pytest.mark.parametrize(
    "reason",
    [
        "account_not_valid",
        "office_not_valid",
        "league_not_in_policy",
        "platform_not_in_policy",
        "reply",
        "repost",
        "story",
        "cross_post",
        "seen_after_cutoff",
    ],
)
def test_the_policys_own_reasons_are_told(
    world: World, copied: Path, tmp_path: Path, reason: str
) -> None:
    post_id = world.counted("youtube")[0]
    path = copied / "evidence" / "decisions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if (row["policy_id"], row["post_id"]) == (POLICY, post_id):
            row |= {"is_counted": "false", "reason": reason}
            if reason == "account_not_valid":
                row["office_id"] = ""
    write_rows(path, rows)
    (tmp_path / "satu.csv").write_text(f"https://youtu.be/{post_id}\n")
    found = reconcile(read_record(copied), read_claims(tmp_path / "satu.csv", {}), OFFICE)
    assert told(found) == [(1, reason)]
    assert adds_up(found)
    assert found.bridge[-1].count == published_count(copied) - 1
    assert "{" not in "".join([*found.found[0].detail, *found.found[0].remedy])


def test_a_platform_outside_the_policy_is_told_without_a_record(
    copied: Path, tmp_path: Path
) -> None:
    path = copied / "evidence" / "policies.json"
    document = json.loads(path.read_bytes())
    for policy in document["policies"]:
        policy["platforms"].remove("youtube")
    path.write_text(json.dumps(document))
    (tmp_path / "satu.csv").write_text("https://youtu.be/AbCd_1234-x")
    found = reconcile(read_record(copied), read_claims(tmp_path / "satu.csv", {}), OFFICE)
    assert told(found) == [(1, "platform_not_in_policy")]


@pytest.mark.parametrize(
    ("claimed", "reason", "words"),
    [
        (snowflake(2025, 7, 31, 18), "never_exported", "before all that the exports"),
        (snowflake(2025, 8, 4), "not_in_any_export", "which exports"),
        (snowflake(2025, 8, 7), "never_exported", "between what two exports"),
        (snowflake(2025, 8, 25), "never_exported", "newer than the last export"),
    ],
    ids=["older", "covered", "between", "newer"],
)
def test_what_exports_cover_tells_why_a_post_is_not_on_record(
    copied: Path, tmp_path: Path, claimed: str, reason: str, words: str
) -> None:
    record = read_record(copied)
    first, second = sorted(
        delivery
        for delivery, row in record.deliveries.items()
        if (row["platform"], row["claimed_office_id"]) == ("x", OFFICE)
    )[:2]
    account = "kanwil-papua-x"
    (copied / "evidence" / "spans.csv").write_text(
        "policy_id,delivery_id,account_id,starts_at,ends_at\n"
        f"{POLICY},{first},{account},2025-08-01T00:00:00Z,2025-08-05T00:00:00Z\n"
        f"{POLICY},{second},{account},2025-08-10T00:00:00Z,2025-08-20T00:00:00Z\n"
    )
    (tmp_path / "satu.csv").write_text(link(claimed))
    found = reconcile(read_record(copied), read_claims(tmp_path / "satu.csv", {}), OFFICE)
    ((_, told_reason),) = told(found)
    assert told_reason == reason
    assert words in found.found[0].detail[0]
    evidence = found.found[0].evidence
    assert evidence is not None
    assert evidence["delivery_id"] in (first, second)


def test_an_edition_of_before_there_were_spans_tells_what_it_can(
    copied: Path, tmp_path: Path
) -> None:
    (copied / "evidence" / "spans.csv").unlink()
    times = [snowflake(2025, 8, 20), snowflake(2025, 8, 31, 16)]
    (tmp_path / "dua.csv").write_text("\n".join(map(link, times)))
    path = copied / "evidence" / "deliveries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["captured_at"] < "2025-08-31T12"]
    write_rows(path, rows)
    found = reconcile(read_record(copied), read_claims(tmp_path / "dua.csv", {}), OFFICE)
    partial, newer = found.found
    assert (partial.reason, newer.reason) == ("never_exported", "never_exported")
    assert "cover only a part of August 2025" in partial.detail[0]
    assert "newer than the last export" in newer.detail[0]


def test_no_export_at_all_is_missing(world: World, tmp_path: Path) -> None:
    video = (1754500000 << 32) + 9
    (tmp_path / "satu.csv").write_text(f"https://www.tiktok.com/@kemkum.jatim/video/{video}")
    claimed = read_claims(tmp_path / "satu.csv", {})
    found = reconcile(world.record, claimed, "kanwil-jawa-timur")
    assert told(found) == [(1, "never_exported")]
    assert found.found[0].detail[0].startswith("no export of kanwil-jawa-timur-tiktok covers")


def test_a_link_of_another_account_is_said_to_be_one(world: World, tmp_path: Path) -> None:
    path = tmp_path / "satu.csv"
    path.write_text(f"https://x.com/kemenkum_lain/status/{snowflake(2025, 8, 20)}")
    found = reconcile(world.record, read_claims(path, {}), OFFICE)
    assert "names the account kemenkum_lain, which is not registered" in found.found[0].detail[0]


def test_a_post_that_came_after_the_edition_is_said_to_have_come(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "satu.csv"
    path.write_text(link(snowflake(2025, 8, 20)))
    found = reconcile(
        world.record,
        read_claims(path, {}),
        OFFICE,
        known=lambda _, posts: dict.fromkeys(posts, "2025-08"),
    )
    assert told(found) == [(1, "never_exported")]
    assert "came after this edition" in found.found[0].detail[0]


def test_every_reason_has_words_in_both_languages() -> None:
    assert {telling.partition(".")[0] for telling in TELLINGS} == REASONS.keys()
    rule = (ROOT / "dbt_project" / "macros" / "scoring.sql").read_text("utf-8")
    reasons = set(re.findall(r"then '(\w+)'|else '(\w+)'", rule.partition("counting_reason")[2]))
    assert {name for pair in reasons for name in pair if name} <= REASONS.keys()
    assert len(reasons) > 10
    for telling in TELLINGS.values():
        assert all(telling)


@pytest.mark.parametrize("seed", range(20))
def test_the_sum_adds_up_whatever_a_list_holds(world: World, disputed: Edition, seed: int) -> None:
    drawn = random.Random(seed)
    record = world.record
    pool = [link(snowflake(2025, 8, day)) for day in range(1, 31)]
    pool += [str(row["permalink"]) for row in record.posts.values() if row["permalink"]]
    pool += [post_id for _, post_id in record.posts]
    pool += [link(JULY), "1.9E+18", "https://t.co/a1", "https://youtu.be/AbCd_1234-x", "menyusul"]
    pool += ["https://www.facebook.com/kemkumpapua", "https://example.org/a", "", "61", "Jumlah"]
    rows = [
        Row(None, number, tuple(drawn.choices(pool, k=drawn.choice([1, 1, 2]))))
        for number in range(1, drawn.randrange(2, 60))
    ]
    claimed = claims(rows, record.known_ids)
    found = reconcile(record, claimed, OFFICE)
    assert len(found.found) == len(claimed)
    assert adds_up(found)
    assert found.bridge[-1].count == published_count(disputed.path)
    assert sum(found.reasons.values()) == len(claimed)


def test_a_claim_never_runs_in_the_answer(world: World) -> None:
    rows = [
        Row("=cmd()", 1, (link(JULY),)),
        Row("=cmd()", 2, ("=HYPERLINK(\x1b[2J)",)),
    ]
    found = reconcile(world.record, claims(rows, {}), OFFICE)
    book = io.BytesIO(answer_book(found))
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert not any(b"<f>" in sheet or b"\x1b" in sheet for sheet in sheets)


def _bomb(path: Path) -> None:
    """A workbook of a few kilobytes that unpacks to 200 MiB."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.png", "w", force_zip64=True) as entry,
    ):
        for _ in range(200):
            entry.write(bytes(2**20))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "bomb.xlsx": (_bomb, "KURASI_MOST_UNPACKED_MIB"),
    "huge.csv": (lambda path: path.write_bytes(b"x," * 7 * 2**20), "KURASI_MOST_READ_MIB"),
    "cells.csv": (lambda path: path.write_text('"' + "a" * 2**18), "save it as XLSX"),
    "binary.csv": (lambda path: path.write_bytes(bytes(range(256)) * 9), "not UTF-8"),
    "page.csv": (lambda path: path.write_text("<!doctype html><p>x"), "a web page"),
    "list.pdf": (lambda path: path.write_bytes(b"%PDF-1.7 ..."), "a PDF"),
    "broken.xlsx": (lambda path: path.write_bytes(b"PK\x03\x04" + b"0" * 99), "damaged"),
    "empty.csv": (lambda path: path.write_text(" \n"), "empty"),
    "nothing.csv": (lambda path: path.write_text("No,Judul\n1,Halo\n"), "no link and no ID"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_list_is_refused_in_a_line(name: str, tmp_path: Path) -> None:
    make, words = HOSTILE[name]
    make(tmp_path / name)
    with pytest.raises(NoList) as refused:
        read_claims(tmp_path / name, {})
    assert words in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / name))
    assert "\n" not in str(refused.value)


def test_a_sheet_of_too_many_cells_is_refused(tmp_path: Path, set_bounds: SetBounds) -> None:
    set_bounds(cells=10)
    with xlsxwriter.Workbook(tmp_path / "wide.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["https://x.com/a"] * 20)
    with pytest.raises(NoList, match="KURASI_MOST_CELLS"):
        read_claims(tmp_path / "wide.xlsx", {})


def test_what_is_named_and_not_there_is_said(
    world: World, copied: Path, tmp_path: Path, kurasi: Kurasi
) -> None:
    (tmp_path / "satu.csv").write_text(link(JULY))
    claimed = read_claims(tmp_path / "satu.csv", {})
    with pytest.raises(NotReconcilable, match=r"no office bali in 2025-08-.*kanwil-papua"):
        reconcile(world.record, claimed, "bali")
    with pytest.raises(NotReconcilable, match=r"no policy other .*kemenkum-2025-07"):
        reconcile(world.record, claimed, OFFICE, "other")
    (copied / "evidence" / "posts.csv").write_text("platform\nx\n")
    with pytest.raises(NotAnEdition, match="kurasi verify"):
        read_record(copied)
    done = kurasi(
        world.home.root,
        *("reconcile", "-m", "2025-09", "--office", OFFICE, "--claims", str(tmp_path / "no.csv")),
    )
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "no edition of 2025-09 is published" in done.err
