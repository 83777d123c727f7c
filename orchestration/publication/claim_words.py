"""How the outcome of a claim is told, in English and in plain Indonesian.

What belongs here: the words of each reason, in one place and both languages. What does not: which
reason a claim has (`reconcile.py`), and how a table or a workbook looks.

A telling is known by its reason and, where one reason has several, by what follows the point. The
names in braces are filled in by who decides.
"""

from __future__ import annotations

from typing import NamedTuple


class Telling(NamedTuple):
    """What is told of a claim: what was found, and what to do, in both languages."""

    detail: str
    remedy: str
    rincian: str
    tindakan: str


class Term(NamedTuple):
    """The words of a reason where posts are added up, and its name for officers."""

    words: str
    kata: str
    alasan: str


#: The reasons in the order in which they are looked for; the first that holds is told.
REASONS: dict[str, Term] = {
    "unreadable_link": Term("unreadable", "tidak terbaca", "Tautan tidak terbaca"),
    "digits_lost": Term("with lost digits", "kehilangan angka", "Angka ID hilang"),
    "short_link": Term("as short links", "berupa tautan pendek", "Tautan pendek"),
    "not_a_post": Term("that are no posts", "yang bukan unggahan", "Bukan unggahan"),
    "duplicate_of_line": Term("twice", "ganda", "Ganda"),
    "other_month": Term("of {month}", "dari {month}", "Bulan lain"),
    "belongs_to": Term("of other offices", "milik kantor lain", "Milik kantor lain"),
    "unregistered_account": Term(
        "of unregistered accounts", "dari akun tidak terdaftar", "Akun tidak terdaftar"
    ),
    "platform_not_in_policy": Term(
        "on platforms that do not count", "di platform di luar aturan", "Platform di luar aturan"
    ),
    "account_not_valid": Term(
        "of accounts not registered then",
        "saat akun belum terdaftar",
        "Akun saat itu belum terdaftar",
    ),
    "office_not_valid": Term(
        "of offices not valid then", "saat kantor belum tercatat", "Kantor saat itu belum tercatat"
    ),
    "league_not_in_policy": Term(
        "of leagues that are not ranked", "di luar kategori yang dinilai", "Kategori di luar aturan"
    ),
    "reply": Term("replies", "balasan", "Balasan"),
    "repost": Term("reposts", "unggahan ulang", "Unggahan ulang"),
    "story": Term("stories", "story", "Story"),
    "cross_post": Term("cross-posts", "unggahan silang", "Unggahan silang"),
    "seen_after_cutoff": Term(
        "seen after the cut-off", "terlihat setelah batas waktu", "Setelah batas waktu"
    ),
    "counted": Term("counted", "terhitung", "Terhitung"),
    "rejected_record": Term("rejected", "ditolak", "Rekaman ditolak"),
    "quarantined_file": Term(
        "in unreadable files", "dalam berkas tak terbaca", "Berkas dikarantina"
    ),
    "no_registered_account": Term(
        "without a registered account", "tanpa akun terdaftar", "Tidak ada akun terdaftar"
    ),
    "never_exported": Term("never exported", "belum diekspor", "Belum diekspor"),
    "not_in_any_export": Term(
        "in no export", "tidak ada di ekspor", "Tidak ada di ekspor mana pun"
    ),
}
#: The first term of the sum, the last that is added, and the result.
CLAIMED = Term("claimed", "diklaim", "Diklaim")
UNCLAIMED = Term("not listed", "tidak tercantum", "Tercatat, tidak ada dalam daftar")
TOTAL = Term("counted", "terhitung", "Terhitung pada edisi ini")

_GIVE_LINK = "give the post's link, as the app's share button copies it"
_BERI_TAUTAN = "tulis tautan unggahan seperti disalin dari tombol bagikan"
_REGISTER = "have the account registered (registry/accounts.csv); the next edition counts it"
_DAFTARKAN = "mintalah akun itu didaftarkan; edisi berikutnya akan menghitungnya"
_EXPORT = "export {accounts} for all of {month} and send the file as downloaded"
_EKSPOR = "ekspor {accounts} untuk seluruh {month}, lalu kirim berkasnya tanpa diubah"
_NOTHING, _TIDAK_ADA = "nothing to do", "tidak perlu tindakan"

TELLINGS: dict[str, Telling] = {
    "unreadable_link": Telling(
        "there is no link and no ID of a post in it",
        _GIVE_LINK,
        "tidak ada tautan atau ID unggahan di dalamnya",
        _BERI_TAUTAN,
    ),
    "unreadable_link.ambiguous": Telling(
        "the ID alone does not tell of which platform it is ({platforms})",
        _GIVE_LINK,
        "ID saja tidak menunjukkan platformnya ({platforms})",
        _BERI_TAUTAN,
    ),
    "digits_lost": Telling(
        "a spreadsheet has rounded this ID, its last digits are gone",
        "give the post's link, or the ID in a column that is formatted as text",
        "ID ini dibulatkan oleh aplikasi lembar kerja, angka terakhirnya hilang",
        "tulis tautan unggahan, atau ID dalam kolom berformat teks",
    ),
    "short_link": Telling(
        "only who made this short link knows where it leads, and the network is never asked",
        "open it and give the link that the browser then shows, or list both with --links",
        "tautan pendek hanya diketahui tujuannya oleh pembuatnya; jaringan tidak pernah dihubungi",
        "buka tautan itu dan tulis alamat lengkap yang muncul di peramban",
    ),
    "not_a_post.page": Telling(
        "it is a page of {platform} and no post",
        _GIVE_LINK,
        "tautan ini halaman {platform}, bukan unggahan",
        _BERI_TAUTAN,
    ),
    "not_a_post.site": Telling(
        "{host} is none of the platforms",
        _GIVE_LINK,
        "{host} bukan platform yang dinilai",
        _BERI_TAUTAN,
    ),
    "duplicate_of_line": Telling(
        "the same post as in line {line}",
        _NOTHING,
        "unggahan yang sama dengan baris {line}",
        _TIDAK_ADA,
    ),
    "other_month.record": Telling(
        "on record as published on {date}",
        "list it for {month}",
        "tercatat terbit pada {date}",
        "cantumkan pada daftar {month}",
    ),
    "other_month.state": Telling(
        "on record as published in {month}",
        "list it for {month}",
        "tercatat terbit pada {month}",
        "cantumkan pada daftar {month}",
    ),
    "other_month.id": Telling(
        "by its ID published at {time} ({zone})",
        "list it for {month}",
        "menurut ID-nya terbit pada {time} ({zone})",
        "cantumkan pada daftar {month}",
    ),
    "other_month.upload": Telling(
        "by its ID uploaded at {time} ({zone}); only what was scheduled is published later",
        "list it for {month}; if it was published later, send an export that lists it",
        "menurut ID-nya diunggah pada {time} ({zone}); hanya unggahan terjadwal terbit sesudahnya",
        "cantumkan pada daftar {month}; bila terbit sesudahnya, kirim ekspor yang memuatnya",
    ),
    "belongs_to": Telling(
        "its account {account} was registered to {office} on {date}",
        "if that is wrong, have registry/accounts.csv corrected",
        "akunnya, {account}, terdaftar pada {office} pada {date}",
        "bila keliru, mintalah daftar akun diperbaiki",
    ),
    "unregistered_account": Telling(
        "on record, but its account is not registered",
        _REGISTER,
        "tercatat, tetapi akunnya tidak terdaftar",
        _DAFTARKAN,
    ),
    "platform_not_in_policy": Telling(
        "{policy} does not count {platform}",
        _NOTHING,
        "{policy} tidak menghitung {platform}",
        _TIDAK_ADA,
    ),
    "account_not_valid": Telling(
        "on record, but its account {account} was registered to no office on {date}",
        "if that is wrong, have registry/accounts.csv corrected",
        "tercatat, tetapi akunnya, {account}, tidak terdaftar pada kantor mana pun pada {date}",
        "bila keliru, mintalah daftar akun diperbaiki",
    ),
    "office_not_valid": Telling(
        "on record, but its office was not in the registry on {date}",
        "if that is wrong, have registry/offices.csv corrected",
        "tercatat, tetapi kantornya tidak ada dalam daftar pada {date}",
        "bila keliru, mintalah daftar kantor diperbaiki",
    ),
    "league_not_in_policy": Telling(
        "on record, but {policy} does not rank the league {league}",
        _NOTHING,
        "tercatat, tetapi {policy} tidak menilai kategori {league}",
        _TIDAK_ADA,
    ),
    "reply": Telling(
        "on record, but it answers another account, and {policy} does not count replies",
        _NOTHING,
        "tercatat, tetapi merupakan balasan kepada akun lain, yang tidak dihitung {policy}",
        _TIDAK_ADA,
    ),
    "repost": Telling(
        "on record, but it repeats another account's post, which {policy} does not count",
        _NOTHING,
        "tercatat, tetapi mengulang unggahan akun lain, yang tidak dihitung {policy}",
        _TIDAK_ADA,
    ),
    "story": Telling(
        "on record, but it is a story, and {policy} does not count stories",
        _NOTHING,
        "tercatat, tetapi merupakan story, yang tidak dihitung {policy}",
        _TIDAK_ADA,
    ),
    "cross_post": Telling(
        "on record, but it repeats the office's own post, which {policy} does not count",
        _NOTHING,
        "tercatat, tetapi mengulang unggahan sendiri, yang tidak dihitung {policy}",
        _TIDAK_ADA,
    ),
    "seen_after_cutoff": Telling(
        "on record, but first seen at {time} (UTC), after the cut-off",
        "nothing to do for this month; export sooner",
        "tercatat, tetapi baru terlihat pada {time} (UTC), setelah batas waktu",
        "untuk bulan ini tidak ada; lakukan ekspor lebih awal",
    ),
    "counted": Telling("counted", _NOTHING, "terhitung", _TIDAK_ADA),
    "rejected_record": Telling(
        "record {record_number} of {name} holds it and was rejected: {rule}",
        "export it again and send the file as downloaded; `kurasi rejects` says what is wrong",
        "rekaman {record_number} pada {name} memuatnya tetapi ditolak: {rule}",
        "ekspor ulang, lalu kirim berkasnya tanpa diubah",
    ),
    "quarantined_file": Telling(
        "{name} holds it, but could not be read",
        "export it again and send the file as downloaded; `kurasi deliveries` says what is wrong",
        "{name} memuatnya, tetapi berkas itu tidak dapat dibaca",
        "ekspor ulang, lalu kirim berkasnya tanpa diubah",
    ),
    "no_registered_account": Telling(
        "no account of the office on {platform} was registered {when}",
        _REGISTER,
        "tidak ada akun kantor di {platform} yang terdaftar {when_id}",
        _DAFTARKAN,
    ),
    "never_exported.missing": Telling(
        "no export of {accounts} covers a day of {month}",
        _EXPORT,
        "tidak ada ekspor {accounts} yang mencakup satu hari pun pada {month}",
        _EKSPOR,
    ),
    "never_exported.partial": Telling(
        "exports of {accounts} cover only a part of {month}",
        _EXPORT,
        "ekspor {accounts} hanya mencakup sebagian {month}",
        _EKSPOR,
    ),
    "never_exported.older": Telling(
        "by its ID of {time} ({zone}), before all that the exports of {accounts} cover",
        _EXPORT,
        "menurut ID-nya dari {time} ({zone}), sebelum semua yang dicakup ekspor {accounts}",
        _EKSPOR,
    ),
    "never_exported.newer": Telling(
        "by its ID of {time} ({zone}), newer than the last export of {accounts}",
        _EXPORT,
        "menurut ID-nya dari {time} ({zone}), lebih baru daripada ekspor terakhir {accounts}",
        _EKSPOR,
    ),
    "never_exported.between": Telling(
        "by its ID of {time} ({zone}), between what two exports of {accounts} cover",
        _EXPORT,
        "menurut ID-nya dari {time} ({zone}), di antara cakupan dua ekspor {accounts}",
        _EKSPOR,
    ),
    "never_exported.since": Telling(
        "an export that came after this edition holds it",
        "nothing to do: the next edition tells what becomes of it",
        "ekspor yang datang setelah edisi ini memuatnya",
        "tidak perlu tindakan: edisi berikutnya akan memuat hasilnya",
    ),
    "not_in_any_export": Telling(
        "exports of {accounts} cover all of {month} and none holds it: it was deleted before the "
        "first one, is of another account, or the link is wrong",
        "open the link; if the post is there, export {accounts} anew and send the file",
        "ekspor {accounts} mencakup seluruh {month} dan tidak memuatnya: sudah dihapus sebelum "
        "ekspor pertama, milik akun lain, atau tautannya keliru",
        "buka tautannya; bila unggahan ada, ekspor ulang {accounts} dan kirim berkasnya",
    ),
    "not_in_any_export.then": Telling(
        "by its ID of {time} ({zone}), which exports of {accounts} cover, and none holds it: it "
        "was deleted before the first one, is of another account, or the link is wrong",
        "open the link; if the post is there, export {accounts} anew and send the file",
        "menurut ID-nya dari {time} ({zone}), yang dicakup ekspor {accounts}, tetapi tidak ada di "
        "dalamnya: sudah dihapus sebelum ekspor pertama, milik akun lain, atau tautannya keliru",
        "buka tautannya; bila unggahan ada, ekspor ulang {accounts} dan kirim berkasnya",
    ),
}
#: What is added to a telling: to be read after it, in both languages.
SEVERAL_LINKS = (
    ". Facebook writes several links for one post; look whether it is one that is not listed",
    ". Facebook memberi beberapa tautan untuk satu unggahan; periksa unggahan yang tidak tercantum",
)
OTHER_ACCOUNT = (
    ". The link names the account {handle}, which is not registered to the office",
    ". Tautan menyebut akun {handle}, yang tidak terdaftar pada kantor ini",
)
NOT_SEARCHED = (
    ". {files} files and {records} records of the office that could not be read were not searched: "
    "that takes the delivered files",
    ". {files} berkas dan {records} rekaman kantor ini yang tidak terbaca belum diperiksa: untuk "
    "itu diperlukan berkas kiriman aslinya",
)
