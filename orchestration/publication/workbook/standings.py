"""The sheets of ranks: each ranking, what its scores are made of, what moved, other policies.

What belongs here: which columns each sheet has, at most nine, and which rows in which order. What
does not: how they look (`page.py`).

All tell the policy in force, or the first where none is; only the comparison tells the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from orchestration.publication.labels import (
    CATEGORIES,
    CAUSES,
    HEADINGS,
    MEANINGS,
    NOTES,
    Words,
    league,
    number,
)
from orchestration.publication.workbook.bulletin import Bulletin
from orchestration.publication.workbook.page import Bar, Cell, Chart, Charts, Sheet
from orchestration.publication.workbook.tables import RANK_KEY, office_names, rankings

#: How many places stand out.
_TOP = 10


def rankings_and_details(bulletin: Bulletin) -> Iterator[Sheet]:
    """Of each league and category a ranking, and behind it what its scores are made of."""
    rows = rankings(bulletin.month, bulletin.language).filter(policy_id=bulletin.policy)
    parts = rows.partition_by("league", "category", maintain_order=True, as_dict=True)
    for (of_league, category), part in parts.items():
        title = f"{CATEGORIES[str(category)].told(bulletin.language)}, "
        title += f"{league(str(of_league), bulletin.language)}, {bulletin.month_name}"
        yield _ranking(bulletin, title, str(category), str(of_league), part)
        yield _details(bulletin, title, str(category), str(of_league), part)


def _ranking(
    bulletin: Bulletin, title: str, category: str, of_league: str, part: pl.DataFrame
) -> Sheet:
    names = [
        "rank",
        "top_ten",
        "office_name",
        "score",
        "likely_ranks",
        "likely_scores",
        "post_count",
        "completeness",
        "possible_ranks",
    ]
    rows: list[list[Cell]] = [
        [
            row["rank"],
            _mark(row),
            row["office"],
            row["score"],
            row["likely_ranks"],
            row["likely_scores"],
            row["post_count"],
            row["completeness"],
            row["possible_ranks"],
        ]
        for row in part.iter_rows(named=True)
    ]
    marks = f"{HEADINGS['top_ten'].told(bulletin.language)}: "
    marks += MEANINGS["top_ten"].told(bulletin.language)
    best = part.filter(pl.col("rank") <= _TOP)
    return Sheet(
        name=_tab(bulletin, category, of_league),
        title=title,
        about=[f"{bulletin.policy} · {bulletin.state}"],
        columns=bulletin.columns(names),
        rows=rows,
        notes=[marks, *(note.told(bulletin.language) for note in NOTES)],
        top_count=best.height,
    )


def _mark(row: Mapping[str, Any]) -> str | None:
    """How sure it is that an office is among the first ten; None where it is likely not."""
    if row["rank"] <= _TOP and row["rank_likely_worst"] <= _TOP:
        return "★"
    return "☆" if min(row["rank"], row["rank_likely_best"]) <= _TOP else None


def _details(
    bulletin: Bulletin, title: str, category: str, of_league: str, part: pl.DataFrame
) -> Sheet:
    names = [
        "rank",
        "office_name",
        "rank_without_best_post",
        "possible_scores",
        "exact_score",
        "interpolated_score",
        "late_score",
        "early_score",
        "none_score",
    ]
    rows: list[list[Cell]] = [
        [row["office"] if name == "office_name" else row[name] for name in names]
        for row in part.iter_rows(named=True)
    ]
    about = bulletin.told(
        "Dari apa skor tersusun, menurut mutu buktinya, dan peringkat kantor seandainya unggahan "
        "terbaiknya tidak ada.",
        "What the scores are made of, by the evidence behind them, and the rank that an office "
        "would have without its best post.",
    )
    detail = bulletin.told("Rincian", "Details")
    return Sheet(
        name=f"{detail} {_tab(bulletin, category, of_league)}",
        title=f"{title}: {detail.lower()}",
        about=[f"{bulletin.policy} · {bulletin.state}", about],
        columns=bulletin.columns(names),
        rows=rows,
        notes=[NOTES[1].told(bulletin.language)],
        top_count=part.filter(pl.col("rank") <= _TOP).height,
    )


def _tab(bulletin: Bulletin, category: str, of_league: str) -> str:
    """The short name of a ranking."""
    categories = {
        "active": Words("Teraktif", "Active"),
        "popular": Words("Terpopuler", "Popular"),
    }
    leagues = {
        "kanwil": Words("Kanwil", "Regional"),
        "unit_utama": Words("Unit Utama", "Central"),
    }
    name = leagues[of_league].told(bulletin.language) if of_league in leagues else of_league
    return f"{categories[category].told(bulletin.language)} {name}"


def charts(bulletin: Bulletin) -> Charts:
    """The first ten of each ranking as bars with their likely ranges."""
    rows = rankings(bulletin.month, bulletin.language).filter(policy_id=bulletin.policy)
    parts = rows.partition_by("league", "category", maintain_order=True, as_dict=True)
    drawn = []
    for (of_league, category), part in parts.items():
        bars = [
            Bar(
                row["office"],
                row["score"],
                row["score_likely_low"],
                row["score_likely_high"],
            )
            for row in part.filter(pl.col("rank") <= _TOP).iter_rows(named=True)
        ]
        title = f"{CATEGORIES[str(category)].told(bulletin.language)}, "
        title += league(str(of_league), bulletin.language)
        told = "; ".join(f"{bar.label} {number(bar.value, bulletin.language)}" for bar in bars)
        drawn.append(Chart(title, f"{title}: {told}", bars))
    about = bulletin.told(
        "Skor sepuluh besar. Garis jingga: rentang kemungkinan besar; garis yang keluar dari "
        "gambar: tidak terbatas.",
        "The scores of the top ten. Orange lines: the likely ranges; a line that leaves the "
        "picture: unbounded.",
    )
    headings = [
        HEADINGS["office_name"].told(bulletin.language),
        HEADINGS["score"].told(bulletin.language),
        bulletin.told("Ke bawah", "Downwards"),
        bulletin.told("Ke atas", "Upwards"),
    ]
    return Charts(
        name=bulletin.told("Grafik", "Charts"),
        title=bulletin.told("Sepuluh besar dalam grafik, ", "The top ten as charts, ")
        + bulletin.month_name,
        about=[f"{bulletin.policy} · {bulletin.state}", about],
        headings=headings,
        charts=drawn,
    )


def changes(bulletin: Bulletin) -> Sheet:
    """What moved since the edition before; the ranges are those of this edition."""
    names = [
        "category",
        "league",
        "office_name",
        "before",
        "after",
        "likely_ranks",
        "score_before",
        "score_after",
        "causes",
    ]
    ranks = rankings(bulletin.month, bulletin.language)
    now = {tuple(row[name] for name in RANK_KEY): row for row in ranks.iter_rows(named=True)}
    named = dict(office_names(bulletin.month).select("office_id", "office").iter_rows())
    cells: list[list[Cell]] = []
    for office in bulletin.moved.get("offices", []):
        if office["policy_id"] != bulletin.policy:
            continue
        row = now.get(tuple(office[name] for name in RANK_KEY), {})
        cells.append(
            [
                CATEGORIES[office["category"]].told(bulletin.language),
                league(office["league"], bulletin.language),
                named.get(office["office_id"], office["office_id"]),
                *office["rank"],
                row.get("likely_ranks"),
                *office["score"],
                "; ".join(dict.fromkeys(_causes(bulletin, office["causes"]))),
            ]
        )
    before = bulletin.moved["before"]
    about = bulletin.told(
        "Kantor yang peringkat, skor, atau rentangnya berubah sejak {before}, menurut aturan yang "
        "berlaku. Rentang menurut edisi ini. Perubahan menurut aturan lain: difference.json.",
        "The offices of which ranks, scores or ranges moved since {before}, under the policy in "
        "force. Ranges are those of this edition. Of other policies difference.json tells.",
    )
    first = bulletin.told(
        "Ini edisi pertama bulan ini; belum ada yang dapat berubah.",
        "This is the first edition of the month; nothing can have moved yet.",
    )
    return Sheet(
        name=bulletin.told("Perubahan", "Changes"),
        title=bulletin.told(
            "Perubahan sejak edisi sebelumnya, ", "Changes since the edition before, "
        )
        + bulletin.month_name,
        about=[bulletin.state, about.format(before=before) if before else first],
        columns=bulletin.columns(names),
        rows=bulletin.rows(cells, names),
        is_landscape=True,
    )


def _causes(bulletin: Bulletin, causes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for cause in causes:
        for name in cause["cause"].split(" and "):
            yield CAUSES[name].told(bulletin.language)


def comparison(bulletin: Bulletin) -> Sheet:
    """Each office's rank under every other policy beside the one in force."""
    names = [
        "category",
        "league",
        "office_name",
        "policy_id",
        "rank",
        "likely_ranks",
        "possible_ranks",
        "official_rank",
        "rank_gain",
    ]
    ranges = rankings(bulletin.month, bulletin.language).select(
        *RANK_KEY, "office", "likely_ranks", "possible_ranks"
    )
    sensitivity = bulletin.month.tables["rank_policy_sensitivity"]
    others = sensitivity.filter(pl.col("policy_id") != bulletin.policy)
    rows = others.join(ranges, on=RANK_KEY, how="left", maintain_order="left")
    cells: list[list[Cell]] = [
        [
            CATEGORIES[row["category"]].told(bulletin.language),
            league(row["league"], bulletin.language),
            row["office"],
            row["policy_id"],
            row["rank"],
            row["likely_ranks"],
            row["possible_ranks"],
            row["official_rank"],
            row["rank_gain"],
        ]
        for row in rows.sort(
            "policy_id", "league", "category", "official_rank", "office_id", nulls_last=True
        ).iter_rows(named=True)
    ]
    about = bulletin.told(
        "Peringkat yang akan dimiliki kantor menurut aturan lain, di samping peringkat resminya. "
        "Selisih positif: kantor akan berada lebih tinggi menurut aturan lain itu.",
        "The rank that an office would have under another policy, beside the one in force. A "
        "positive difference: it would stand higher there.",
    )
    return Sheet(
        name=bulletin.told("Perbandingan Aturan", "Policies Compared"),
        title=bulletin.told("Perbandingan aturan, ", "Policies compared, ") + bulletin.month_name,
        about=[bulletin.state, about],
        columns=bulletin.columns(names),
        rows=bulletin.rows(cells, names),
        notes=[note.told(bulletin.language) for note in NOTES[:2]],
        is_landscape=True,
    )
