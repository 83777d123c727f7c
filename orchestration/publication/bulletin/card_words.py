"""The sentences of an office's card, each in plain Indonesian and in English.

What belongs here: how one office is told of its month. What does not: which of it is told
(`cards.py`, `helps.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.publication.bulletin.language import Language


def of_size(language: Language, size: int) -> str:
    """Of how many offices a rank is."""
    return language.pick(f"dari {language.number(size)}", f"of {language.number(size)}")


def counted(language: Language, score: int, unit: str) -> str:
    """A score with what it counts."""
    return f"{language.number(score)} {unit}"


def rank(language: Language, likely: Sequence[int], possible: Sequence[int]) -> str:
    """How sure a rank is, by its likely and its possible ranks."""
    likely_text, possible_text = language.range(*likely), language.range(*possible)
    if possible[0] == possible[1]:
        return language.pick(
            "Pasti menurut ekspor yang diterima.", "Certain by the exports that arrived."
        )
    if list(likely) == list(possible):
        return language.pick(
            f"Menurut bukti peringkat {possible_text}.", f"By the evidence rank {possible_text}."
        )
    if likely[0] == likely[1]:
        return language.pick(
            f"Kemungkinan besar tepat; menurut bukti masih mungkin {possible_text}.",
            f"Probably right; the evidence still allows {possible_text}.",
        )
    return language.pick(
        f"Kemungkinan besar peringkat {likely_text}; menurut bukti masih mungkin {possible_text}.",
        f"Probably rank {likely_text}; the evidence still allows {possible_text}.",
    )


def undecided(language: Language, platforms: Sequence[str], possible: Sequence[int]) -> str:
    """That nobody can say how sure a rank is, for exports of these platforms are missing."""
    listed, ranks = language.listing(platforms), language.range(*possible)
    return language.pick(
        f"Belum dapat dipastikan: ekspor {listed} belum lengkap, sehingga skor bisa lebih tinggi. "
        f"Menurut bukti masih mungkin peringkat {ranks}.",
        f"Not settled: exports of {listed} are not complete, so the score may be higher. The "
        f"evidence still allows rank {ranks}.",
    )


def without_a_post(language: Language, category: str, rank: int) -> str:
    """The rank without the office's best post, and so with one post less."""
    text = language.number(rank)
    if category == "active":
        return language.pick(
            f"Dengan satu unggahan lebih sedikit: peringkat {text}.",
            f"With one post less: rank {text}.",
        )
    return language.pick(
        f"Tanpa unggahan terbaiknya: peringkat {text}.", f"Without its best post: rank {text}."
    )


# The three things that would help most


def send_missing(language: Language, platforms: Sequence[str]) -> tuple[str, str]:
    """That exports of accounts are missing altogether."""
    listed = language.listing(platforms)
    return (
        language.pick("Kirim ekspor yang belum ada", "Send the exports that are missing"),
        language.pick(
            f"Belum ada ekspor {listed} untuk bulan ini. Tanpa itu unggahannya tidak terlihat, dan "
            "batas atas skor Anda tidak diketahui.",
            f"No export of {listed} arrived for this month. Without it its posts are not seen, and "
            "your score has no known upper bound.",
        ),
    )


def send_whole(language: Language, platforms: Sequence[str]) -> tuple[str, str]:
    """That exports do not cover the whole month."""
    listed = language.listing(platforms)
    return (
        language.pick("Lengkapi ekspor sebulan penuh", "Export the whole month"),
        language.pick(
            f"Ekspor {listed} belum mencakup setiap hari bulan ini. Pilih tanggal 1 sampai akhir "
            "bulan, dan unduh sesudah bulan berakhir.",
            f"Exports of {listed} do not cover every day of the month. Choose the 1st to the last "
            "day, and export after the month has ended.",
        ),
    )


def export_daily(
    language: Language, sound: int, total: int, hours: int, likely: Sequence[int]
) -> tuple[str, str]:
    """That posts were not seen on both sides of the window's end, which makes the ranks wide.

    Args:
        language: of the sentence.
        sound: of how many posts the value is exact or lies between two exports.
        total: the posts that count.
        hours: the policy's window.
        likely: the ranks that the office probably has.
    """
    few, age = language.number(sound), language.number(hours)
    ranks = language.range(likely[0], likely[1])
    wide = likely[0] != likely[1]
    title = language.pick("Unduh ekspor setiap hari", "Export every day")
    indonesian = (
        f"{few} dari {language.posts(total)} terlihat di sekitar umur {age} jam; nilai yang lain "
        "diperkirakan dari hitungan yang terlalu dini atau terlambat."
    )
    english = (
        f"{few} of {language.posts(total)} were seen around the age of {age} hours; the value of "
        "the others is estimated from counts that are too early or too late."
    )
    if wide:
        indonesian += (
            f" Peringkat Terpopuler Anda kemungkinan besar {ranks}; ekspor harian mempersempitnya."
        )
        english += (
            f" Your rank among the most popular is probably {ranks}; daily exports narrow that."
        )
    return title, language.pick(indonesian, english)


def export_sooner(language: Language, count: int) -> tuple[str, str]:
    """That posts were seen after the cut-off only."""
    posts = language.posts(count)
    return (
        language.pick("Kirim ekspor sebelum batas waktu", "Send exports before the cut-off"),
        language.pick(
            f"{posts} tidak dihitung karena baru terlihat setelah batas waktu.",
            f"{posts} did not count, first seen after the cut-off.",
        ),
    )


def register_account(language: Language, count: int) -> tuple[str, str]:
    """That posts were published while their account was not registered."""
    posts = language.posts(count)
    return (
        language.pick("Periksa daftar akun resmi", "Check the list of official accounts"),
        language.pick(
            f"{posts} tidak dihitung karena akunnya saat itu belum terdaftar. Bila keliru, "
            "mintalah daftar akun diperbaiki.",
            f"{posts} did not count, for the account was not registered then. If that is wrong, "
            "have the list of accounts corrected.",
        ),
    )


def no_account(language: Language) -> tuple[str, str]:
    """That the office has no registered account."""
    return (
        language.pick("Daftarkan akun resmi", "Register the official accounts"),
        language.pick(
            "Tidak ada akun kantor ini yang terdaftar; hanya akun terdaftar yang dihitung.",
            "No account of this office is registered; only registered accounts count.",
        ),
    )


def mend_tags(language: Language, label: str, count: int) -> tuple[str, str]:
    """That posts have a campaign's tag in a wrong form."""
    posts = language.posts(count)
    return (
        language.pick(f"Periksa penulisan {label}", f"Check how {label} is written"),
        language.pick(
            f"{posts} memuat tagar itu dengan ejaan atau bentuk yang keliru, sehingga tidak "
            "terhitung dalam kampanye.",
            f"{posts} have the tag misspelt or in a wrong form, so the campaign does not count "
            "them.",
        ),
    )


def incomplete_components(
    language: Language, count: int, platforms: Sequence[str]
) -> tuple[str, str]:
    """That exports lack a counter that weighs."""
    posts, listed = language.posts(count), language.listing(platforms)
    return (
        language.pick("Kirim ekspor dengan semua hitungan", "Send exports with all counters"),
        language.pick(
            f"Pada {posts} ({listed}) ada hitungan suka, komentar, atau bagikan yang tidak dimuat "
            "ekspor.",
            f"Of {posts} ({listed}) the exports lack likes, comments or shares.",
        ),
    )


# Posts


def platform_picture(
    language: Language,
    platform: str,
    quartiles: Sequence[int],
    median: int,
    quarters: Sequence[int],
) -> str:
    """What the picture of an office's posts in its league's quartiles shows, for who can't see it.

    Args:
        language: of the sentence.
        platform: its name.
        quartiles: lower quartile, median and upper quartile of the league.
        median: of the office.
        quarters: how many posts of the office lie in each quarter of the league, lowest first.
    """
    lower, middle, upper = (language.number(value) for value in quartiles)
    own = language.number(median)
    counts = ", ".join(language.number(count) for count in quarters)
    return language.pick(
        f"{platform}: median Anda {own}; separuh unggahan sejenis bernilai {lower} sampai {upper}, "
        f"mediannya {middle}. Unggahan Anda per seperempat, dari terbawah: {counts}.",
        f"{platform}: your median is {own}; half of the league's posts are worth {lower} to "
        f"{upper}, their median is {middle}. Your posts by quarter, lowest first: {counts}.",
    )


def guidance(language: Language, *, is_tested: bool, claim_count: int) -> str:
    """What is said of how to post: nothing that is not proven."""
    if not is_tested:
        return language.pick(
            "Belum ada cukup unggahan dan satuan kerja untuk menguji cara mengunggah apa pun.",
            "There are not enough posts and offices yet to test any way of posting.",
        )
    if claim_count == 0:
        return language.pick(
            "Belum ada cara mengunggah yang terbukti lebih baik, jadi tidak ada yang dianjurkan. "
            "Kami menyebut sesuatu hanya bila sebagian besar satuan kerja mengalami hal yang sama.",
            "No way of posting is proven to do better, so none is advised. Something is told only "
            "if most offices see the same.",
        )
    return language.pick(
        "Yang terbukti di antara semua satuan kerja ada di buletin, bagian Panduan konten; untuk "
        "satu kantor saja sebulan terlalu singkat untuk membuktikan apa pun.",
        "What is proven over all offices is in the bulletin's guidance; of one office alone a "
        "month is too short to prove anything.",
    )
