"""The sheets of what a month is made from: coverage, posts, and what was objected to.

What belongs here: which columns each sheet has, at most nine, and which rows in which order. What
does not: how they look (`page.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from orchestration.publication.claim_words import REASONS as CLAIM_REASONS
from orchestration.publication.labels import (
    GRADES,
    HEADINGS,
    OUTCOMES,
    REASONS,
    STATES,
    between,
    league,
    number,
)
from orchestration.publication.workbook.bulletin import Bulletin
from orchestration.publication.workbook.page import Cell, Column, Link, Sheet
from orchestration.publication.workbook.tables import (
    coverage,
    office_names,
    platform_names,
    posts,
    rankings,
)


def offices(bulletin: Bulletin) -> Sheet:
    """How complete the exports of each office are."""
    names = [
        "league",
        "office_name",
        "completeness",
        "complete_account_count",
        "partial_account_count",
        "missing_account_count",
        "office_id",
    ]
    # Coverage is the same in both categories.
    part = rankings(bulletin.month, bulletin.language).filter(
        policy_id=bulletin.policy, category="active"
    )
    ordered = part.sort("is_complete", "league", "office_name", "office_id")
    rows: list[list[Cell]] = [
        [
            league(row["league"], bulletin.language),
            row["office"],
            *(row[name] for name in names[2:]),
        ]
        for row in ordered.iter_rows(named=True)
    ]
    return Sheet(
        name=bulletin.told("Kelengkapan Kantor", "Offices"),
        title=bulletin.told("Kelengkapan data kantor, ", "Completeness by office, ")
        + bulletin.month_name,
        about=[
            bulletin.state,
            bulletin.told(
                "Kantor yang datanya belum lengkap tercantum lebih dahulu.",
                "Offices that lack data come first.",
            ),
        ],
        columns=bulletin.columns(names),
        rows=rows,
        top_count=ordered.filter(~pl.col("is_complete")).height,
    )


def accounts(bulletin: Bulletin) -> Sheet:
    """Whether exports cover each registered account."""
    names = ["office_name", "platform", "handle", "account_id", "state"]
    order = {state: place for place, state in enumerate(STATES)}
    rows = coverage(bulletin.month).filter(policy_id=bulletin.policy)
    ordered = rows.sort(
        pl.col("state").replace_strict(order), "office_id", "account_id", nulls_last=True
    )
    platforms = platform_names(bulletin.month)
    cells: list[list[Cell]] = [
        [
            row["office"],
            platforms[row["platform"]],
            row["handle"],
            row["account_id"],
            STATES[row["state"]].told(bulletin.language),
        ]
        for row in ordered.iter_rows(named=True)
    ]
    return Sheet(
        name=bulletin.told("Kelengkapan Akun", "Accounts"),
        title=bulletin.told("Kelengkapan data akun, ", "Completeness by account, ")
        + bulletin.month_name,
        about=[
            bulletin.state,
            bulletin.told(
                "Apakah ekspor setiap akun terdaftar mencakup seluruh bulan. Akun tanpa data "
                "tercantum lebih dahulu.",
                "Whether exports of each registered account cover the whole month. Accounts "
                "without data come first.",
            ),
        ],
        columns=bulletin.columns(names),
        rows=bulletin.rows(cells, names),
        top_count=ordered.filter(pl.col("state") != "complete").height,
    )


def all_posts(bulletin: Bulletin) -> Sheet:
    """Each post of a registered account, with its link and its value."""
    names = [
        "office_name",
        "platform",
        "published_local",
        "post_id",
        "reason",
        "value",
        "likely_values",
        "possible_values",
        "grade",
    ]
    rows = posts(bulletin.month, [bulletin.policy])
    known = rows.filter(pl.col("account_id").is_not_null())
    platforms = platform_names(bulletin.month)
    zone = bulletin.month.tables["dim_policy"].filter(policy_id=bulletin.policy)["time_zone"].item()
    about = bulletin.told(
        "Setiap unggahan dari akun terdaftar; nama platformnya tautan ke unggahan itu. Waktu "
        "terbit menurut zona {zone}; tanpa jam: hanya harinya yang diketahui. +: ada komponen "
        "tanpa bukti, nilainya bisa lebih tinggi.",
        "Each post of a registered account; the platform's name leads to it. Times are of the zone "
        "{zone}; without an hour: only the day is known. +: components without evidence, it may "
        "have more.",
    )
    return Sheet(
        name=bulletin.told("Unggahan", "Posts"),
        title=bulletin.told("Unggahan, ", "Posts, ") + bulletin.month_name,
        about=[f"{bulletin.policy} · {bulletin.state}", about.format(zone=zone)],
        columns=bulletin.columns(names),
        rows=bulletin.rows(
            [_post(bulletin, row, platforms) for row in known.iter_rows(named=True)], names
        ),
        is_landscape=True,
    )


def _post(bulletin: Bulletin, row: Mapping[str, Any], platforms: Mapping[str, str]) -> list[Cell]:
    published: datetime | date = row["published_local"] or row["local_date"]
    likely = between(row["value_likely_low"], row["value_likely_high"], bulletin.language)
    grade = GRADES[row["grade"]].told(bulletin.language)
    return [
        row["office"],
        Link(platforms[row["platform"]], row["permalink"]),
        published,
        row["post_id"],
        REASONS[row["reason"]].told(bulletin.language),
        row["value"],
        likely,
        between(row["value_low"], row["value_high"], bulletin.language),
        f"{grade} +" if row["is_incomplete"] else grade,
    ]


def tally(bulletin: Bulletin) -> Sheet:
    """How many posts count, and how many do not by which reason."""
    names = ["reason", "platform", "post_count"]
    rows = bulletin.month.tables["fct_post_month"].filter(policy_id=bulletin.policy)
    order = {reason: place for place, reason in enumerate(REASONS)}
    counts = (
        rows.group_by("reason", "platform")
        .agg(post_count=pl.len())
        .sort(pl.col("reason").replace_strict(order), "platform")
    )
    platforms = platform_names(bulletin.month)
    cells: list[list[Cell]] = [
        [REASONS[reason].told(bulletin.language), platforms[platform], count]
        for reason, platform, count in counts.iter_rows()
    ]
    about = bulletin.told(
        "{all} unggahan tercatat, {counted} terhitung. Unggahan yang tidak terhitung dihitung di "
        "sini menurut ketentuan pertama yang mengecualikannya.",
        "{all} posts on record, {counted} counted. The others are added up here by the first rule "
        "that excludes them.",
    )
    told = about.format(
        all=number(rows.height, bulletin.language),
        counted=number(rows.filter("is_counted").height, bulletin.language),
    )
    return Sheet(
        name=bulletin.told("Terhitung dan Tidak", "Counted and Not"),
        title=bulletin.told("Unggahan terhitung dan tidak, ", "Posts counted and not, ")
        + bulletin.month_name,
        about=[f"{bulletin.policy} · {bulletin.state}", told],
        columns=[
            Column(HEADINGS["reason"].told(bulletin.language), 45),
            Column(HEADINGS["platform"].told(bulletin.language), 25),
            Column(HEADINGS["post_count"].told(bulletin.language), 15, "right"),
        ],
        rows=bulletin.rows(cells, names),
    )


def unregistered(bulletin: Bulletin) -> Sheet:
    """The posts of accounts that are not registered, without names."""
    names = ["platform", "post_count", "first_published", "last_published"]
    rows = bulletin.month.tables["fct_post_month"].filter(
        pl.col("account_id").is_null(), policy_id=bulletin.policy
    )
    counts = (
        rows.group_by("platform")
        .agg(
            post_count=pl.len(),
            first=pl.col("local_date").min(),
            last=pl.col("local_date").max(),
        )
        .sort("platform")
    )
    platforms = platform_names(bulletin.month)
    cells: list[list[Cell]] = [
        [platforms[platform], count, first, last]
        for platform, count, first, last in counts.iter_rows()
    ]
    about = bulletin.told(
        "Unggahan dari akun yang tidak ada pada daftar akun resmi. Unggahan itu tidak dihitung, "
        "dan namanya tidak diterbitkan karena pemiliknya bisa orang pribadi. Kantor yang "
        "kehilangan akunnya: mintalah akun itu didaftarkan; edisi berikutnya akan menghitungnya.",
        "Posts of accounts that are not in the registry. They do not count, and their names are "
        "not published, for they may be of private persons. An office that misses its account has "
        "it registered; the next edition then counts it.",
    )
    return Sheet(
        name=bulletin.told("Tidak Terdaftar", "Not Registered"),
        title=bulletin.told("Akun tidak terdaftar, ", "Accounts not registered, ")
        + bulletin.month_name,
        about=[bulletin.state, about],
        columns=[column._replace(width=23) for column in bulletin.columns(names)],
        rows=bulletin.rows(cells, names),
    )


def objections(bulletin: Bulletin) -> Sheet:
    """The objections that the edition tells."""
    names = [
        "objection_id",
        "office_name",
        "filed_date",
        "deadline_date",
        "outcome",
        "answered_date",
        "answer_number",
        "claim_count",
        "reasons",
    ]
    told = bulletin.objections.join(
        office_names(bulletin.month), on="office_id", how="left", maintain_order="left"
    )
    cells: list[list[Cell]] = [
        [
            row["objection_id"],
            row["office"],
            row["filed_date"],
            row["deadline_date"],
            OUTCOMES[row["outcome"]].told(bulletin.language),
            row["answered_date"],
            row["answer_number"],
            row["claim_count"],
            _results(bulletin, row["reasons"] or ""),
        ]
        for row in told.iter_rows(named=True)
    ]
    about = bulletin.told(
        "Keberatan yang dijawab sejak edisi sebelumnya, tanpa nama orang.",
        "The objections that were answered since the edition before, without names of people.",
    )
    return Sheet(
        name=bulletin.told("Keberatan", "Objections"),
        title=bulletin.told("Keberatan, ", "Objections, ") + bulletin.month_name,
        about=[bulletin.state, about],
        columns=bulletin.columns(names),
        rows=bulletin.rows(cells, names),
        is_landscape=True,
    )


def _results(bulletin: Bulletin, reasons: str) -> str:
    """`counted=5 other_month=2` in words."""
    told = []
    for each in reasons.split():
        name, _, count = each.partition("=")
        reason = CLAIM_REASONS[name]
        told.append(f"{bulletin.told(reason.alasan, name.replace('_', ' '))} {count}")
    return ", ".join(told)
