"""The sheets of words: the summary in front, how the numbers come about, what each column means.

What belongs here: what a reader must know of the edition and of the rule. What does not: rows of
the month (`standings.py`, `records.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.dates import format_date

from orchestration.publication.dictionary import indonesian
from orchestration.publication.labels import (
    COMPONENTS,
    GRADES,
    HEADINGS,
    MEANINGS,
    NOTES,
    REASONS,
    STATUSES,
    UNBOUNDED,
    Words,
    number,
)
from orchestration.publication.workbook.bulletin import Bulletin
from orchestration.publication.workbook.page import Cell, Column, Link, Section, Sheet
from orchestration.publication.workbook.tables import platform_names, rankings

_STATUS_MEANINGS = {
    "provisional": Words(
        "Bulan ini belum ditetapkan; peringkat masih dapat berubah.",
        "The month is not settled; ranks may still change.",
    ),
    "final": Words("Bulan ini sudah ditetapkan.", "The month is settled."),
    "revised": Words(
        "Koreksi atas edisi yang sudah ditetapkan.", "A correction of a settled edition."
    ),
}
_GRADE_MEANINGS = {
    "exact": Words(
        "Angkanya terlihat tepat pada akhir jendela waktu, atau aturan tidak memakai jendela.",
        "The number was seen at the window's end, or the policy has no window.",
    ),
    "interpolated": Words(
        "Angkanya terlihat sebelum dan sesudah akhir jendela waktu; nilainya dihitung di "
        "antaranya.",
        "The number was seen before and after the window's end; its value is reckoned in between.",
    ),
    "late": Words(
        "Angkanya hanya terlihat setelah jendela waktu berakhir; nilainya dihitung mundur menurut "
        "kurva pertumbuhan.",
        "The number was seen only after the window's end; its value is reckoned back along the "
        "growth curve.",
    ),
    "early": Words(
        "Angkanya hanya terlihat sebelum jendela waktu berakhir; yang dihitung hanya yang "
        "terlihat.",
        "The number was seen only before the window's end; what was seen is what counts.",
    ),
    "none": Words(
        "Tidak ada angka yang dapat dipakai; unggahan tetap terhitung, nilainya 0.",
        "There is no number that can be used; the post counts, and its value is 0.",
    ),
}
_REASON_MEANINGS = {
    "counted": Words("Unggahan ini dihitung.", "The post counts."),
    "unregistered_account": Words(
        "Akunnya tidak ada pada daftar akun resmi.", "Its account is not in the registry."
    ),
    "platform_not_in_policy": Words(
        "Aturan tidak menghitung platformnya.", "The policy does not count its platform."
    ),
    "account_not_valid": Words(
        "Pada hari terbit, akunnya tidak terdaftar pada kantor mana pun.",
        "On that day its account was registered to no office.",
    ),
    "office_not_valid": Words(
        "Pada hari terbit, kantornya tidak ada dalam daftar kantor.",
        "On that day its office was not in the registry.",
    ),
    "league_not_in_policy": Words(
        "Aturan tidak menilai kategori satuan kerjanya.",
        "The policy does not rank its office's league.",
    ),
    "reply": Words("Menjawab akun lain.", "It answers another account."),
    "repost": Words("Mengulang unggahan akun lain.", "It repeats another account's post."),
    "story": Words("Story, yang hilang setelah sehari.", "A story, which is gone after a day."),
    "cross_post": Words("Mengulang unggahan sendiri.", "It repeats the office's own post."),
    "seen_after_cutoff": Words(
        "Baru terlihat setelah batas waktu ekspor.", "First seen after the cut-off."
    ),
}


def summary(bulletin: Bulletin, contents: Mapping[str, str]) -> Sheet:
    """The cover: what this is, in which state, what lacks, how it is read, and what is where.

    Args:
        bulletin: what is told.
        contents: the name of each sheet behind this one to its title.
    """
    sheets: list[list[Cell]] = [[Link(name, sheet=name), title] for name, title in contents.items()]
    rows: list[list[Cell]] = [
        *_edition(bulletin),
        *_what_there_is(bulletin),
        [Section(bulletin.told("Cara membaca", "How to read it")), None],
        *_how_to_read(bulletin),
        [Section(bulletin.told("Lembar-lembar", "Sheets")), None],
        *sheets,
    ]
    about = bulletin.told(
        "Peringkat kantor menurut jumlah unggahan (Akun Teraktif) dan menurut interaksinya (Akun "
        "Terpopuler), dihitung dari ekspor platform media sosial.",
        "Offices ranked by their number of posts (most active accounts) and by the interactions "
        "of these (most popular accounts), reckoned from the exports of social media platforms.",
    )
    title = bulletin.told(
        "Akun Teraktif dan Akun Terpopuler", "Most active and most popular accounts"
    )
    return Sheet(
        name=bulletin.told("Ringkasan", "Summary"),
        title=f"{title}, {bulletin.month_name}",
        about=[about],
        columns=[
            Column(bulletin.told("Hal", "About"), 29),
            Column(bulletin.told("Keterangan", "What it is"), 68),
        ],
        rows=rows,
        is_table=False,
    )


def _edition(bulletin: Bulletin) -> list[list[Cell]]:
    manifest = bulletin.manifest
    status = STATUSES[manifest["status"]].told(bulletin.language).upper()
    meaning = _STATUS_MEANINGS[manifest["status"]].told(bulletin.language)
    despite = bulletin.told(
        "Diterbitkan walaupun bulan ini belum memenuhi syarat; alasannya di atas.",
        "Published although the month lacks something; the reason stands above.",
    )
    entries = {
        bulletin.told("Edisi", "Edition"): manifest["edition_id"],
        "Status": f"{status}. {meaning}",
        bulletin.told("Menggantikan", "Replaces"): manifest["replaces"],
        bulletin.told("Alasan", "Reason"): manifest["reason"],
        bulletin.told("Walaupun kurang", "Despite that"): despite if manifest["despite"] else None,
        bulletin.told("Aturan yang berlaku", "Policy in force"): manifest["official_policy"]
        or bulletin.told(
            f"Tidak ada aturan yang berlaku pada bulan ini; yang ditampilkan: {bulletin.policy}",
            f"No policy is in force in this month; shown is {bulletin.policy}",
        ),
    }
    heading: list[Cell] = [Section(bulletin.told("Edisi ini", "This edition")), None]
    told: list[list[Cell]] = [[name, text] for name, text in entries.items() if text]
    return [heading, *told]


def _what_there_is(bulletin: Bulletin) -> list[list[Cell]]:
    """What the month has, and what lacks."""
    state = bulletin.month_state
    policy = _policy(bulletin)
    minima = (
        (
            state["coverage_percent"],
            policy["minimum_coverage_percent"],
            bulletin.told("Kelengkapan ekspor", "Complete exports"),
        ),
        (
            state["evidence_percent"],
            policy["minimum_evidence_percent"],
            bulletin.told("Mutu bukti", "Evidence"),
        ),
    )
    of = bulletin.told("{what} {has} % dari {needs} %", "{what} {has} % of {needs} %")
    lacks = [
        of.format(what=what, has=has, needs=needs) for has, needs, what in minima if has < needs
    ]
    nothing = bulletin.told(
        "Tidak ada: bulan ini memenuhi syarat aturan.",
        "Nothing: the month is as complete as the policy asks.",
    )
    offices = rankings(bulletin.month, bulletin.language).filter(
        policy_id=bulletin.policy, category="active", is_complete=False
    )
    names = offices["office"].sort().to_list()
    none = bulletin.told("Tidak ada.", "None.")
    return [
        [Section(bulletin.told("Kelengkapan", "Completeness")), None],
        [bulletin.told("Kelengkapan bulan", "The month has"), bulletin.completeness],
        [bulletin.told("Kekurangan", "It lacks"), "; ".join(lacks) or nothing],
        [
            bulletin.told("Kantor yang belum lengkap", "Incomplete offices"),
            f"{len(names)}: {', '.join(names)}" if names else none,
        ],
    ]


def _how_to_read(bulletin: Bulletin) -> list[list[Cell]]:
    """Each note has its word before a colon."""
    notes = [note.told(bulletin.language).partition(": ") for note in NOTES]
    unbounded = bulletin.told(
        "Dengan data yang ada, batas atasnya tidak dapat dinyatakan.",
        "What is on record does not give an upper bound.",
    )
    ten = bulletin.told("Berlatar kuning. ", "On yellow. ") + MEANINGS["top_ten"].told(
        bulletin.language
    )
    told: list[list[Cell]] = [[word, _capital(text)] for word, _, text in notes]
    return [
        *told,
        [UNBOUNDED.told(bulletin.language).capitalize(), unbounded],
        [HEADINGS["top_ten"].told(bulletin.language), ten],
    ]


def methods(bulletin: Bulletin) -> Sheet:
    """How the numbers come about, and how anybody reckons them anew."""
    grades: list[list[Cell]] = [
        [GRADES[grade].told(bulletin.language), text.told(bulletin.language)]
        for grade, text in _GRADE_MEANINGS.items()
    ]
    reasons: list[list[Cell]] = [
        [REASONS[reason].told(bulletin.language), text.told(bulletin.language)]
        for reason, text in _REASON_MEANINGS.items()
    ]
    rows: list[list[Cell]] = [
        *_rule(bulletin),
        [Section(bulletin.told("Mutu bukti", "Evidence")), None],
        *grades,
        [
            Section(bulletin.told("Mengapa unggahan terhitung atau tidak", "Why a post counts")),
            None,
        ],
        *reasons,
        [Section(bulletin.told("Menghitung ulang", "Reckoning it anew")), None],
        *_recompute(bulletin),
    ]
    return Sheet(
        name=bulletin.told("Cara Menghitung", "Methods"),
        title=bulletin.told("Cara menghitung, ", "Methods, ") + bulletin.month_name,
        about=[
            bulletin.told(
                "Ringkasan aturan. Aturan selengkapnya, kalimat demi kalimat: evidence/RULE.id.md.",
                "The rule in short. The whole of it, sentence by sentence: evidence/RULE.md.",
            )
        ],
        columns=[
            Column(bulletin.told("Hal", "About"), 29),
            Column(bulletin.told("Keterangan", "What it is"), 68),
        ],
        rows=rows,
        is_table=False,
    )


def _policy(bulletin: Bulletin) -> dict[str, Any]:
    return bulletin.month.tables["dim_policy"].filter(policy_id=bulletin.policy).row(0, named=True)


def _rule(bulletin: Bulletin) -> list[list[Cell]]:
    policy = _policy(bulletin)
    window = bulletin.told(
        "Unggahan dinilai {hours} jam setelah terbit.",
        "A post is valued {hours} hours after it was published.",
    )
    no_window = bulletin.told(
        "Tanpa jendela waktu: angka terakhir sampai batas waktu.",
        "No window: the last numbers up to the cut-off.",
    )
    cutoff = bulletin.told(
        "Ekspor sampai {days} hari setelah akhir bulan masih berlaku.",
        "Exports up to {days} days after the month's end count.",
    )
    no_cutoff = bulletin.told("Tanpa batas waktu.", "No cut-off.")
    minima = bulletin.told(
        "Kelengkapan ekspor {coverage} %, mutu bukti {evidence} %; di bawah itu bulan tetap "
        "sementara.",
        "Complete exports {coverage} %, evidence {evidence} %; below that the month stays "
        "provisional.",
    )
    since = format_date(policy["effective_from_date"], "d MMMM y", locale=bulletin.language)
    scores = bulletin.told(
        "Akun Teraktif: jumlah unggahan terhitung. Akun Terpopuler: jumlah nilai unggahannya. "
        "Kantor dengan skor sama berbagi peringkat.",
        "Most active: the number of counted posts. Most popular: the sum of their values. Offices "
        "of the same score share a rank.",
    )
    hours, days = policy["window_hours"], policy["cutoff_days"]
    return [
        [Section(bulletin.told("Aturan", "Policy")), None],
        [bulletin.told("Nama", "Name"), f"{policy['title']} ({bulletin.policy})"],
        [bulletin.told("Berlaku sejak", "In force since"), str(since)],
        [bulletin.told("Skor", "Scores"), scores],
        *_weights(bulletin),
        [
            bulletin.told("Jendela waktu", "Window"),
            no_window if hours is None else window.format(hours=hours),
        ],
        [
            bulletin.told("Batas waktu", "Cut-off"),
            no_cutoff if days is None else cutoff.format(days=days),
        ],
        [bulletin.told("Zona waktu", "Time zone"), policy["time_zone"]],
        [
            bulletin.told("Syarat bulan", "What a month must have"),
            minima.format(
                coverage=policy["minimum_coverage_percent"],
                evidence=policy["minimum_evidence_percent"],
            ),
        ],
    ]


def _weights(bulletin: Bulletin) -> list[list[Cell]]:
    """What an interaction weighs on each platform."""
    platforms = platform_names(bulletin.month)
    weights = bulletin.month.tables["dim_policy_weights"].filter(policy_id=bulletin.policy)
    rows: list[list[Cell]] = []
    for row in weights.sort("platform").iter_rows(named=True):
        told = [
            f"{words.told(bulletin.language)} × {number(row[f'{name}_weight'], bulletin.language)}"
            for name, words in COMPONENTS.items()
            if row[f"{name}_weight"]
        ]
        none = bulletin.told("tidak ada interaksi yang berbobot", "no interaction weighs anything")
        name = platforms.get(row["platform"], row["platform"])
        rows.append(
            [bulletin.told(f"Nilai di {name}", f"Value on {name}"), " + ".join(told) or none]
        )
    return rows


def _recompute(bulletin: Bulletin) -> list[list[Cell]]:
    return [
        [
            bulletin.told("Tanpa program kami", "Without our software"),
            bulletin.told(
                "Dengan Python saja, di dalam folder edisi ini: python -I -S evidence/recompute.py",
                "With Python alone, in this edition's folder: python -I -S evidence/recompute.py",
            ),
        ],
        [
            bulletin.told("Berkas edisi", "The edition's files"),
            bulletin.told("kurasi verify FOLDER", "kurasi verify FOLDER"),
        ],
        [
            bulletin.told("Data selengkapnya", "All the data"),
            bulletin.told(
                "people/ (CSV untuk lembar kerja), tables/ dan kurasi.duckdb (untuk program).",
                "people/ (CSV for spreadsheets, in Indonesian), tables/ and kurasi.duckdb (for "
                "programs).",
            ),
        ],
    ]


def columns(bulletin: Bulletin, descriptions: Mapping[str, Mapping[str, str]]) -> Sheet:
    """What each column of the workbook and of `people/` means.

    Args:
        bulletin: what is told.
        descriptions: table to column to its meaning in English.
    """
    english = {column: text for table in descriptions.values() for column, text in table.items()}
    rows: list[list[Cell]] = []
    for name, heading in HEADINGS.items():
        if name in MEANINGS:
            meaning = MEANINGS[name].told(bulletin.language)
        else:
            meaning = bulletin.told(indonesian(name), english.get(name, ""))
        rows.append([heading.told(bulletin.language), meaning, name])
    return Sheet(
        name=bulletin.told("Kolom", "Columns"),
        title=bulletin.told("Arti setiap kolom, ", "What each column means, ")
        + bulletin.month_name,
        about=[
            bulletin.told(
                "Kolom buku ini dan berkas-berkas people/.",
                "The columns of this workbook and of the files of people/.",
            )
        ],
        columns=[
            Column(bulletin.told("Judul", "Heading"), 28),
            Column(bulletin.told("Arti", "Meaning"), 47),
            Column(bulletin.told("Nama dalam data", "Name in the data"), 22),
        ],
        rows=rows,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
