"""The words of the bulletin: each column's heading in Indonesian.

What belongs here: headings of what people read in the workbook and in `people/`, and the meanings
of columns that no model has. What does not: the meanings of the models' columns, which stand beside
them (`dictionary.py`), and anything programs rely on.
"""

from __future__ import annotations

#: Column to its heading.
HEADINGS = {
    "month": "Bulan",
    "policy_id": "Aturan",
    "policy_sha256": "Sidik aturan",
    "is_official": "Resmi",
    "league": "Kategori satuan kerja",
    "category": "Jenis peringkat",
    "rank": "Peringkat",
    "rank_best": "Peringkat terbaik",
    "rank_worst": "Peringkat terburuk",
    "rank_without_best_post": "Tanpa unggahan terbaik",
    "office_id": "Kode kantor",
    "office_name": "Kantor",
    "score": "Skor",
    "score_low": "Skor terendah",
    "score_high": "Skor tertinggi",
    "post_count": "Unggahan",
    "exact_score": "Skor tepat",
    "interpolated_score": "Skor interpolasi",
    "late_score": "Skor terlambat",
    "early_score": "Skor dini",
    "none_score": "Skor tanpa bukti",
    "complete_account_count": "Akun lengkap",
    "partial_account_count": "Akun sebagian",
    "missing_account_count": "Akun tanpa data",
    "official_policy_id": "Aturan resmi",
    "official_rank": "Peringkat resmi",
    "rank_gain": "Selisih peringkat",
    "platform": "Platform",
    "account_id": "Akun",
    "permalink": "Tautan",
    "published_local": "Waktu terbit",
    "is_counted": "Terhitung",
    "reason": "Alasan",
    "value": "Nilai",
    "value_low": "Nilai terendah",
    "value_high": "Nilai tertinggi",
    "grade": "Mutu bukti",
    "state": "Keadaan data",
    "before": "Sebelum",
    "after": "Sesudah",
    "score_before": "Skor sebelum",
    "score_after": "Skor sesudah",
    "causes": "Sebab",
}
#: Meanings in Indonesian of the columns that no model has.
INDONESIAN = {
    "published_local": "Waktu terbit menurut zona waktu aturan.",
    "before": "Pada edisi sebelumnya.",
    "after": "Pada edisi ini.",
    "score_before": "Skor pada edisi sebelumnya.",
    "score_after": "Skor pada edisi ini.",
    "causes": "late_delivery: kiriman terlambat; corrected_registry: daftar akun diperbaiki; "
    "changed_policy: aturan berubah; corrected_reading: pembacaan diperbaiki; "
    "post_excluded, post_readmitted: unggahan dikeluarkan, dimasukkan kembali; "
    "other_offices: skor kantor lain berubah.",
}
#: Meanings in English of the columns that no model has.
ENGLISH = {
    "published_local": "When the post was published, in the policy's time zone.",
    "before": "The rank in the edition before.",
    "after": "The rank in this edition.",
    "score_before": "The score in the edition before.",
    "score_after": "The score in this edition.",
    "causes": "Why the office moved; what each post changed stands in difference.json.",
}
CATEGORIES = {"active": "Akun Teraktif", "popular": "Akun Terpopuler"}
STATUSES = {"provisional": "sementara", "final": "final", "revised": "perbaikan"}
