"""The sentences of what stands beside the ranking, each in plain Indonesian and in English.

What belongs here: how guidance, campaigns, flags, followers and tone are told. What does not:
whether they are (`beside.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orchestration.publication.bulletin.language import Language

KINDS = {
    "image": ("gambar", "images"),
    "carousel": ("korsel", "carousels"),
    "reel": ("reel", "reels"),
    "video": ("video", "videos"),
    "story": ("story", "stories"),
    "text": ("teks", "text posts"),
    "link": ("tautan", "links"),
    "live": ("siaran langsung", "live videos"),
    "unknown": ("jenis tidak diketahui", "posts of unknown kind"),
}
#: How a post carries what a campaign asks for.
FINDINGS = {
    "exact": ("tepat", "exact"),
    "case": ("huruf", "other capitals"),
    "misspelt": ("ejaan", "misspelt"),
    "joined": ("sambung", "joined"),
    "spaced": ("spasi", "spaced"),
    "without_hash": ("tanpa tagar", "without #"),
    "absent": ("tidak ada", "absent"),
    "unknown": ("tidak diketahui", "unknown"),
}
LABELS = {
    "positive": ("positif", "positive"),
    "neutral": ("netral", "neutral"),
    "negative": ("negatif", "negative"),
    "question_or_complaint": ("pertanyaan atau pengaduan", "question or complaint"),
    "not_about_office": ("bukan tentang kantor", "not about the office"),
}


# Guidance


def compared(language: Language, feature: str, level: str, post_kind: str | None) -> str:
    """What a statement of the guidance compares with the account's other posts."""
    span = level.replace("-", "–")
    said = {
        "kind": language.pick(*KINDS[level]) if level in KINDS else level,
        "hour_band": language.pick(f"terbit pukul {span}", f"published from {span} o'clock"),
        "weekend": language.pick("terbit pada akhir pekan", "published at the weekend"),
        "caption_length": language.pick(f"teks {span} karakter", f"text of {span} characters"),
        "hashtag": language.pick("memakai tagar", "with a hashtag"),
        "question": language.pick("teks memuat pertanyaan", "text that asks a question"),
    }[feature]
    if post_kind is None:
        return said
    kind = language.pick(*KINDS[post_kind]) if post_kind in KINDS else post_kind
    return language.pick(f"{kind}: {said}", f"{kind}: {said}")


def no_guidance(language: Language) -> str:
    """That nothing was tested."""
    return language.pick(
        "Belum ada cukup unggahan dan satuan kerja untuk menguji cara mengunggah apa pun.",
        "There are not enough posts and offices yet to test any way of posting.",
    )


def guidance(language: Language, tested: int, offices: int, proven: int, months: str) -> str:
    """What was tested and how much of it is proven.

    Args:
        language: of the sentence.
        tested: how many statements.
        offices: the most that one of them rests on.
        proven: how many are.
        months: the months of the posts.
    """
    number = language.number
    indonesian = (
        f"{number(tested)} pernyataan diuji pada paling banyak {number(offices)} satuan kerja "
        f"({months}), masing-masing dibanding unggahan lain dari akun yang sama. "
    )
    english = (
        f"{number(tested)} statements were tested on up to {number(offices)} offices ({months}), "
        "each against other posts of the same account. "
    )
    if proven == 0:
        indonesian += "Tidak ada cara mengunggah yang terbukti lebih baik atau lebih buruk."
        english += "No way of posting is proven to do better or worse."
    else:
        indonesian += f"{number(proven)} di antaranya terbukti."
        english += f"{number(proven)} of them {'is' if proven == 1 else 'are'} proven."
    return language.pick(indonesian, english)


def guidance_note(
    language: Language, hours: int, window: Sequence[str], last: Sequence[str]
) -> str:
    """What may be made of the guidance, and on which values it rests.

    Args:
        language: of the sentence.
        hours: the policy's window.
        window: the platforms compared by the value at its end.
        last: those compared by the last count.
    """
    parts = [
        language.pick(
            "Yang belum terbukti tidak boleh dijadikan pedoman; belum terbukti tidak berarti tidak "
            "berpengaruh.",
            "What is not proven is no advice; not proven does not mean without effect.",
        )
    ]
    if window:
        parts.append(
            language.pick(
                f"Dasar: nilai pada umur {language.number(hours)} jam "
                f"({language.listing(window)}).",
                f"Basis: the value after {language.number(hours)} hours "
                f"({language.listing(window)}).",
            )
        )
    if last:
        parts.append(
            language.pick(
                f"Dasar: hitungan terakhir, umur 7 hari atau lebih ({language.listing(last)}).",
                f"Basis: the last count, after 7 days or more ({language.listing(last)}).",
            )
        )
    return " ".join(parts)


def ratio(language: Language, value: Decimal) -> str:
    """How many times as much."""
    return f"{language.hundredths(value)} ×"


# Campaigns


def campaign(language: Language, label: str, carrying: int, known: int, unknown: int) -> str:
    """How many posts carry what a campaign asks for."""
    number = language.number
    sentences = [
        language.pick(
            f"{number(carrying)} dari {language.posts(known)} memuat {label} "
            f"({_share(language, carrying, known)}).",
            f"{number(carrying)} of {language.posts(known)} carry {label} "
            f"({_share(language, carrying, known)}).",
        )
    ]
    if unknown:
        sentences.append(
            language.pick(
                f"{language.posts(unknown)} tidak dapat dinilai: ekspornya tidak memuat teks.",
                f"{language.posts(unknown)} can't be judged: their exports hold no text.",
            )
        )
    return " ".join(sentences)


def campaign_of_office(
    language: Language, label: str, own: tuple[int, int], all_offices: tuple[int, int]
) -> str:
    """The same of one office beside all; each of the two is carrying and known posts."""
    carrying, known = own
    share, of_all = _share(language, *own), _share(language, *all_offices)
    return language.pick(
        f"{label}: {language.number(carrying)} dari {language.posts(known)} memuatnya ({share}); "
        f"seluruh satuan kerja {of_all}.",
        f"{label}: {language.number(carrying)} of {language.posts(known)} carry it ({share}); all "
        f"offices {of_all}.",
    )


def share(language: Language, part: int, whole: int) -> str:
    """A part in percent, rounded down; a dash of nothing."""
    return _share(language, part, whole)


def _share(language: Language, part: int, whole: int) -> str:
    return language.percent(part * 100 // whole) if whole else "–"


# Flags


def flag(language: Language, name: str, size: Decimal | None) -> str:
    """What stands out about a post, neutrally; `size` is in the unit of its flag."""
    number = "–" if size is None else language.number(size.normalize())
    hours = _hours(language, size or Decimal(0))
    indonesian, english = {
        "outstanding": (
            "Jauh di atas seratus unggahan terakhir akunnya sendiri.",
            "Far above the last hundred posts of its own account.",
        ),
        "interactions_above_views": (
            f"Interaksinya {number} lebih banyak daripada tayangannya.",
            f"It has {number} more interactions than views.",
        ),
        "interactions_above_reach": (
            f"Interaksinya {number} lebih banyak daripada jangkauannya.",
            f"It has {number} more interactions than reach.",
        ),
        "counter_fell": (
            f"Sebuah hitungannya turun {number}%.",
            f"One of its counters fell by {number}%.",
        ),
        "late_burst": (
            f"Sesudah jendela waktu hitungannya {number} kali dari yang terbanyak menurut kurva.",
            f"After the window it has {number} times the most that the curve tells.",
        ),
        "post_vanished": (
            "Tidak ada lagi dalam ekspor yang lebih baru.",
            "It is not in a later export any more.",
        ),
        "same_text_after_vanishing": (
            f"Teksnya sama dengan unggahan yang hilang, {hours} sebelumnya.",
            f"Its text is that of a post that vanished, {hours} before.",
        ),
        "same_text_within_day": (
            f"Teksnya sama dengan unggahan {hours} sebelumnya.",
            f"Its text is that of a post {hours} before.",
        ),
    }.get(name, (name, name))
    return language.pick(indonesian, english)


def _hours(language: Language, hours: Decimal) -> str:
    """A time in whole hours, rounded down."""
    whole = int(hours)
    if whole == 0:
        return language.pick("kurang dari satu jam", "less than an hour")
    one = "hour" if whole == 1 else "hours"
    return language.pick(f"{language.number(whole)} jam", f"{language.number(whole)} {one}")


def rank_without(language: Language, category: str, rank: int, without: int) -> str:
    """What the post is to its office's rank."""
    now, then = language.number(rank), language.number(without)
    if rank == without:
        return language.pick(
            f"{category}: peringkat {now}, tanpa unggahan ini tetap.",
            f"{category}: rank {now}, without this post the same.",
        )
    return language.pick(
        f"{category}: peringkat {now}, tanpa unggahan ini {then}.",
        f"{category}: rank {now}, without this post {then}.",
    )


def flag_of_card(language: Language, day: str, platform: str, sentence: str) -> str:
    """A flag as its office's card tells it."""
    return f"{day}, {platform}: {sentence}"


# Followers


def followers(language: Language) -> str:
    """What the figure is."""
    return language.pick(
        "Interaksi per seribu pengikut pada saat unggahan terbit, dari unggahan yang jumlah "
        "pengikut akunnya diketahui. Angka ini tidak memengaruhi peringkat; yang tidak tercantum "
        "tidak diketahui pengikutnya.",
        "Interactions per thousand followers at the time of posting, of the posts whose account's "
        "followers are known. It is no part of the rank; of offices that are not listed no "
        "followers are known.",
    )


def followers_of_office(
    language: Language, followers: int, per_thousand: Decimal, middle: Decimal, posts: str
) -> str:
    """The same of one office beside the middle office of its league; `posts` says of which."""
    number, own = language.number(followers), language.hundredths(per_thousand)
    of_league = language.hundredths(middle)
    return language.pick(
        f"{number} pengikut; {own} interaksi per seribu pengikut, menurut {posts} (satuan kerja "
        f"tengah: {of_league}). Tidak memengaruhi peringkat.",
        f"{number} followers; {own} interactions per thousand followers, by {posts} (the middle "
        f"office: {of_league}). No part of the rank.",
    )


def known_posts(language: Language, known: int, posts: int) -> str:
    """Of how many posts the account's followers are known."""
    part, whole = language.number(known), language.posts(posts)
    return language.pick(f"{part} dari {whole}", f"{part} of {whole}")


# Tone


def opinion(language: Language, kappa: Decimal) -> str:
    """Where the figures come from, and that they rank nobody."""
    agreement = language.hundredths(kappa)
    return language.pick(
        "Dari contoh komentar yang diundi dan dibaca orang; rentangnya memuat bagian yang "
        f"sebenarnya dalam 95 dari 100 undian. Kesepakatan dua pembaca (kappa): {agreement}. Tidak "
        "diperingkat.",
        "From comments that were drawn and read by people; the range holds the true share in 95 of "
        f"100 draws. Agreement of two readers (kappa): {agreement}. Never ranked.",
    )


def labelled(language: Language, drawn: int, comments: int) -> str:
    """How many comments were read, of how many."""
    part, whole = language.number(drawn), language.number(comments)
    return language.pick(f"{part} dari {whole}", f"{part} of {whole}")


def share_range(language: Language, low: int, high: int, whole: int) -> str:
    """From which to which share, in percent: the lower end rounded down, the upper one up."""
    least, most = low * 100 // whole, -(-high * 100 // whole)
    if least == most:
        return language.percent(least)
    return f"{language.percent(least)}–{language.percent(most)}"


def opinion_of_office(language: Language, read: str, shares: Sequence[tuple[str, str]]) -> str:
    """The tone of the comments to an office, as its card tells it."""
    listed = ", ".join(f"{label} {share}" for label, share in shares)
    return language.pick(
        f"Dari {read} komentar yang dibaca: {listed}. Tidak diperingkat.",
        f"Of {read} comments read: {listed}. Never ranked.",
    )
