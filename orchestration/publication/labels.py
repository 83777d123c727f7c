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
    "rank_likely_best": "Peringkat terbaik (kemungkinan besar)",
    "rank_likely_worst": "Peringkat terburuk (kemungkinan besar)",
    "likely_ranks": "Peringkat (kemungkinan besar)",
    "possible_ranks": "Peringkat (masih mungkin)",
    "rank_without_best_post": "Tanpa unggahan terbaik",
    "office_id": "Kode kantor",
    "office_name": "Kantor",
    "score": "Skor",
    "score_low": "Skor terendah",
    "score_high": "Skor tertinggi",
    "score_likely_low": "Skor terendah (kemungkinan besar)",
    "score_likely_high": "Skor tertinggi (kemungkinan besar)",
    "likely_scores": "Skor (kemungkinan besar)",
    "possible_scores": "Skor (masih mungkin)",
    "is_complete": "Data lengkap",
    "completeness": "Kelengkapan data",
    "edition_id": "Edisi",
    "status": "Status",
    "coverage_percent": "Kelengkapan bulan (%)",
    "evidence_percent": "Mutu bukti bulan (%)",
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
    "value_likely_low": "Nilai terendah (kemungkinan besar)",
    "value_likely_high": "Nilai tertinggi (kemungkinan besar)",
    "grade": "Mutu bukti",
    "is_incomplete": "Ada komponen tanpa bukti",
    "state": "Keadaan data",
    "before": "Sebelum",
    "after": "Sesudah",
    "score_before": "Skor sebelum",
    "score_after": "Skor sesudah",
    "causes": "Sebab",
}
#: Meanings in Indonesian of the columns that no model has.
INDONESIAN = {
    "likely_ranks": "Peringkat yang kemungkinan besar dimiliki kantor, menurut kurva pertumbuhan "
    "dalam aturan. Tidak memperhitungkan data yang belum ada.",
    "possible_ranks": "Peringkat yang tidak dikesampingkan oleh satu pun data.",
    "likely_scores": "Skor yang kemungkinan besar dimiliki kantor. Tidak memperhitungkan data yang "
    "belum ada.",
    "possible_scores": "Skor yang tidak dikesampingkan oleh satu pun data.",
    "completeness": "belum lengkap: ekspor kantor ini ada yang belum diterima atau tidak utuh, "
    "sehingga skornya bisa lebih tinggi.",
    "edition_id": "Edisi yang memuat baris ini: bulan, status, dan nomor.",
    "status": "sementara: bulan ini belum ditetapkan; final: sudah ditetapkan; perbaikan: koreksi "
    "setelah penetapan.",
    "published_local": "Waktu terbit menurut zona waktu aturan.",
    "before": "Pada edisi sebelumnya.",
    "after": "Pada edisi ini.",
    "score_before": "Skor pada edisi sebelumnya.",
    "score_after": "Skor pada edisi ini.",
    "causes": "late_delivery: kiriman terlambat; gone_delivery: kiriman hilang atau dihapus; "
    "corrected_delivery: waktu ekspor atau pengirim kiriman diperbaiki; "
    "corrected_registry: daftar akun diperbaiki; "
    "changed_policy: aturan berubah; corrected_reading: pembacaan diperbaiki; "
    "post_excluded, post_readmitted: unggahan dikeluarkan, dimasukkan kembali; "
    "other_offices: skor kantor lain berubah.",
}
#: Meanings in English of the columns that no model has.
ENGLISH = {
    "likely_ranks": "The ranks that the office probably has, by the policy's growth curve. It says "
    "nothing of what is missing.",
    "possible_ranks": "The ranks that no record rules out.",
    "likely_scores": "What the score probably is. It says nothing of what is missing.",
    "possible_scores": "The scores that no record rules out.",
    "completeness": "belum lengkap: exports of the office are missing or have gaps, so it may have "
    "more than is counted.",
    "edition_id": "The edition that the row is of: month, status and number.",
    "status": "sementara: provisional; final: final; perbaikan: a correction of a final edition.",
    "published_local": "When the post was published, in the policy's time zone.",
    "before": "The rank in the edition before.",
    "after": "The rank in this edition.",
    "score_before": "The score in the edition before.",
    "score_after": "The score in this edition.",
    "causes": "Why the office moved; what each post changed stands in difference.json.",
}
CATEGORIES = {"active": "Akun Teraktif", "popular": "Akun Terpopuler"}
STATUSES = {"provisional": "sementara", "final": "final", "revised": "perbaikan"}
#: What stands under each table of ranks.
NOTES = (
    "Kemungkinan besar: perkiraan peringkat atau skor kantor. Angka yang terlihat sebelum atau "
    "sesudah jendela waktu dihitung menurut kurva pertumbuhan dalam aturan. Data yang belum ada "
    "tidak diperhitungkan.",
    "Masih mungkin: peringkat atau skor yang tidak dikesampingkan oleh satu pun data.",
    "Belum lengkap: ekspor kantor ini ada yang belum diterima atau tidak utuh, sehingga skornya "
    "bisa lebih tinggi daripada yang terhitung.",
)


def between(low: int, high: int | None) -> str:
    """A range as officers write it; without `high` it has no upper end."""
    if high is None:
        return f"{number(low)} atau lebih"
    return number(low) if low == high else f"{number(low)} s.d. {number(high)}"


def number(value: int) -> str:
    """A whole number with Indonesian points between thousands."""
    return f"{value:,}".replace(",", ".")
