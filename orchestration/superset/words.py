"""The headings of the reports' columns, in Indonesian.

What belongs here: headings that the workbook does not have. What does not: those that it has
(`publication/labels.py`), and what columns mean (`columns_id.md`).
"""

from __future__ import annotations

from orchestration.publication.labels import HEADINGS

_OF_REPORTS = {
    "account_name": "Nama akun",
    "active_rank": "Peringkat Akun Teraktif",
    "active_rank_likely_best": "Akun Teraktif: terbaik (kemungkinan besar)",
    "active_rank_likely_worst": "Akun Teraktif: terburuk (kemungkinan besar)",
    "category_name": "Jenis peringkat",
    "category": "Kode jenis peringkat",
    "comment_count": "Komentar",
    "completeness_name": "Kelengkapan data",
    "counted_at": "Dibaca pada (UTC)",
    "early_percent": "Dini (%)",
    "exact_percent": "Tepat (%)",
    "follower_count": "Pengikut",
    "grade": "Kode mutu bukti",
    "grade_name": "Mutu bukti",
    "high_count": "Paling banyak",
    "interaction_score": "Skor Akun Terpopuler",
    "interaction_score_likely_high": "Akun Terpopuler: skor tertinggi (kemungkinan besar)",
    "interaction_score_likely_low": "Akun Terpopuler: skor terendah (kemungkinan besar)",
    "interpolated_percent": "Antara (%)",
    "is_month_complete": "Bulan memenuhi syarat",
    "kappa_ratio": "Kesepakatan pembaca (kappa)",
    "label": "Kode label",
    "label_count": "Komentar berlabel ini",
    "label_name": "Label",
    "late_percent": "Terlambat (%)",
    "league": "Kode kategori satuan kerja",
    "league_name": "Kategori satuan kerja",
    "like_count": "Suka",
    "local_date": "Tanggal terbit",
    "local_hour": "Jam terbit",
    "low_count": "Paling sedikit",
    "none_percent": "Tanpa bukti (%)",
    "office_name": "Nama lengkap kantor",
    "office_short_name": "Kantor",
    "per_thousand_ratio": "Interaksi per seribu pengikut",
    "places_gained_count": "Naik (+) atau turun (-)",
    "platform": "Kode platform",
    "platform_name": "Platform",
    "popular_rank": "Peringkat Akun Terpopuler",
    "popular_rank_likely_best": "Akun Terpopuler: terbaik (kemungkinan besar)",
    "popular_rank_likely_worst": "Akun Terpopuler: terburuk (kemungkinan besar)",
    "post_key": "Kunci unggahan",
    "post_type": "Jenis unggahan",
    "previous_rank": "Peringkat bulan lalu",
    "published_at": "Waktu terbit (UTC)",
    "sampled_count": "Komentar terpilih",
    "save_count": "Simpan",
    "share_count": "Bagikan",
    "state": "Kode keadaan data",
    "state_name": "Kelengkapan ekspor",
    "status": "Kode status",
    "status_name": "Status edisi",
    "title": "Judul aturan",
    "view_count": "Tayangan",
    "weekday_number": "Hari (1 = Senin)",
}


def heading(column: str) -> str:
    """What stands above a column; reports have a name beside each code, so theirs come first.

    Raises:
        KeyError: nobody wrote it.
    """
    if column in _OF_REPORTS:
        return _OF_REPORTS[column]
    return HEADINGS[column].indonesian
