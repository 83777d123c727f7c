"""The sentences of the bulletin, each in plain Indonesian and in English.

What belongs here: how something is told, one small function or one pair of words for each. What
does not: whether it is told (`contents.py` and its rooms), the sentences of an office's card
(`card_words.py`), of what stands beside the ranking (`beside_words.py`), and the templates' fixed
words (`fixed_words.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.regular_files import shown
from orchestration.publication.bulletin.language import Language
from orchestration.publication.labels import CATEGORIES, LEAGUES, OUTCOMES, STATUSES

GAPS = {
    "missing": ("belum ada ekspor", "no export yet"),
    "partial": ("ekspor belum mencakup seluruh bulan", "exports do not cover the whole month"),
}


def status(language: Language, name: str) -> str:
    """The state of an edition, in capitals."""
    return language.pick(*STATUSES[name]).upper()


def league(language: Language, name: str) -> str:
    """A league; one that nobody worded is called as the registry calls it."""
    return language.pick(*LEAGUES[name]) if name in LEAGUES else shown(name)


def category(language: Language, name: str) -> str:
    """A category of the ranking."""
    return language.pick(*CATEGORIES[name])


def outcome(language: Language, name: str) -> str:
    """How an objection was settled."""
    return language.pick(*OUTCOMES[name])


def unit(language: Language, category: str, window_hours: int | None) -> str:
    """What a score counts."""
    if category == "active":
        return language.pick("unggahan", "posts")
    if window_hours is None:
        return language.pick("interaksi", "interactions")
    hours = language.number(window_hours)
    return language.pick(f"interaksi {hours} jam", f"interactions in {hours} hours")


# The month and its state


def coverage_line(language: Language, complete: int, total: int) -> str:
    """The coverage in few words; it stands on every picture."""
    of = f"{language.number(complete)} dari {language.accounts(total)} lengkap"
    return language.pick(of, f"{language.number(complete)} of {language.accounts(total)} complete")


def coverage(language: Language, state: Mapping[str, Any], required: int) -> str:
    """The coverage against what the policy asks, from a row of `rank_month_state`."""
    complete, total = language.number(state["complete_account_count"]), state["account_count"]
    percent, asked = language.percent(state["coverage_percent"]), language.percent(required)
    return language.pick(
        f"Ekspor {complete} dari {language.accounts(total)} resmi lengkap ({percent}); aturan "
        f"mensyaratkan {asked}.",
        f"The exports of {complete} of {language.accounts(total)} are complete ({percent}); the "
        f"policy asks for {asked}.",
    )


def lacks_coverage(language: Language, percent: int, required: int) -> str:
    """That the month is below the policy's coverage."""
    have, asked = language.percent(percent), language.percent(required)
    return language.pick(
        f"Kelengkapan data {have}, di bawah {asked} yang disyaratkan.",
        f"The data are {have} complete, below the {asked} that the policy asks for.",
    )


def lacks_evidence(language: Language, percent: int, required: int) -> str:
    """That the month is below the policy's evidence."""
    have, asked = language.percent(percent), language.percent(required)
    return language.pick(
        f"Mutu bukti {have}, di bawah {asked} yang disyaratkan.",
        f"The evidence is {have}, below the {asked} that the policy asks for.",
    )


def may_change(language: Language) -> str:
    """That the month is not settled."""
    return language.pick("Urutan masih dapat berubah.", "The order may still change.")


def published_despite(language: Language, reason: str | None) -> str:
    """That an edition is final though the month lacks something."""
    return language.pick(
        f"Ditetapkan walaupun data belum cukup. Alasan: {reason}",
        f"Settled although data are lacking. Reason: {reason}",
    )


def replaces(language: Language, edition_id: str, reason: str | None) -> str:
    """Which edition this one replaces, and why."""
    why = language.pick(f" Alasan: {reason}", f" Reason: {reason}") if reason else ""
    return language.pick(f"Menggantikan edisi {edition_id}.", f"Replaces {edition_id}.") + why


def no_policy(language: Language, title: str) -> str:
    """That no policy was in force in the month."""
    return language.pick(
        f"Tidak ada aturan yang berlaku pada bulan ini. Peringkat dihitung menurut: {title}.",
        f"No policy was in force in this month. The ranks are those under: {title}.",
    )


def picture_refused(language: Language, percent: int, required: int) -> str:
    """Why no picture of a ranking is made."""
    have, asked = language.percent(percent), language.percent(required)
    return language.pick(
        f"Gambar Akun Terpopuler tidak dibuat: mutu bukti bulan ini {have}, sedangkan aturan "
        f"mensyaratkan {asked}. Urutannya belum cukup pasti untuk disebarkan.",
        f"No picture of the most popular accounts is made: this month's evidence is {have}, "
        f"and the policy asks for {asked}. The order is not certain enough to be shared.",
    )


# Movement


def compared_with(language: Language, month: str, edition_id: str) -> str:
    """With what the ranks are compared."""
    return language.pick(
        f"Perubahan dihitung terhadap {month} (edisi {edition_id}). Perubahan hanya disebut bila "
        "rentang peringkat kedua bulan tidak bertumpang tindih dan data kantor lengkap pada "
        "keduanya; ≈ berarti perubahan belum terbukti.",
        f"Movement is against {month} ({edition_id}). It is told only where the likely ranks of "
        "the two months do not overlap and the office's data are complete in both; ≈ means that "
        "no movement is proven.",
    )


def not_compared(language: Language, month: str) -> str:
    """That there is no edition to compare with."""
    return language.pick(
        f"Perubahan tidak disebut: belum ada edisi {month} yang terbit.",
        f"No movement is told: no edition of {month} is published.",
    )


def rule_changed(language: Language, month: str, edition_id: str) -> str:
    """That the edition before was ranked by another rule, so that nothing is compared."""
    return language.pick(
        f"Perubahan tidak disebut: edisi {month} ({edition_id}) tidak memuat peringkat menurut "
        "aturan yang sama.",
        f"No movement is told: the edition of {month} ({edition_id}) has no ranks under the same "
        "rule.",
    )


# Rules side by side


def rules(language: Language, in_force: str, other: str, *, differ: bool) -> str:
    """What the two rules are."""
    told = language.pick(
        f"Berlaku bulan ini: “{in_force}”. Pembanding: “{other}”, yang tidak menentukan peringkat.",
        f"In force this month: “{in_force}”. Beside it: “{other}”, which decides no rank.",
    )
    if differ:
        return told
    same = language.pick("Urutan menurut keduanya sama.", "Both give the same order.")
    return f"{told} {same}"


def one_rule(language: Language, title: str) -> str:
    """That there is no other rule to compare with."""
    return language.pick(f"Hanya ada satu aturan: “{title}”.", f"There is one rule: “{title}”.")


# Objections


def objections(language: Language, count: int) -> str:
    """How many objections were settled since the edition before."""
    if count == 0:
        return language.pick(
            "Tidak ada keberatan yang diputus sejak edisi sebelumnya.",
            "No objection was settled since the edition before.",
        )
    objections = "objection was" if count == 1 else "objections were"
    return language.pick(
        f"{language.number(count)} keberatan diputus sejak edisi sebelumnya.",
        f"{language.number(count)} {objections} settled since the edition before.",
    )


def objection(language: Language, row: Mapping[str, Any]) -> str:
    """An objection as its office's card tells it, from a row of `objections.csv`."""
    settled, day = outcome(language, row["outcome"]), language.day(row["answered_date"])
    name = row["objection_id"]
    return language.pick(
        f"Keberatan {name}: {settled}, dijawab {day}.",
        f"Objection {name}: {settled}, answered {day}.",
    )


# How to recompute


def recompute(language: Language, edition_id: str) -> list[str]:
    """What a stranger does to recompute the ranks, step by step."""
    indonesian = [
        f"Minta folder edisi {edition_id} kepada penyelenggara; isinya boleh disebarkan.",
        "Pasang Python 3.11 atau lebih baru; tidak perlu jaringan atau program lain.",
        "Jalankan: python -I -S evidence/recompute.py",
        "Program itu menentukan ulang unggahan yang dihitung, nilainya, dan peringkatnya, lalu "
        "menyebut setiap perbedaan dengan yang diterbitkan. Aturan lengkap ada di "
        "evidence/RULE.id.md.",
        "Cocokkan SHA-256 dari manifest.json dengan yang tercetak di sini, dan kepala catatan "
        "dengan salinan yang Anda simpan (witness.py).",
    ]
    english = [
        f"Ask the publisher for the folder of {edition_id}; it may be passed on.",
        "Install Python 3.11 or later; no network and no other program is needed.",
        "Run: python -I -S evidence/recompute.py",
        "It decides anew which posts count, what they are worth and who ranks where, and tells "
        "each difference from what was published. The whole rule is in evidence/RULE.md.",
        "Compare the SHA-256 of manifest.json with the one printed here, and the log's head with "
        "the copy that you keep (witness.py).",
    ]
    return indonesian if language.code == "id" else english
