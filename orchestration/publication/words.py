"""The words of the bulletin: each column's heading and meaning in Indonesian.

What belongs here: columns that people read in the workbook and in `people/`. What does not: English
meanings, which are those of the warehouse's models, and anything programs rely on.
"""

from __future__ import annotations

#: Column to its heading and its meaning.
COLUMNS: dict[str, tuple[str, str]] = {
    "month": ("Bulan", "Hari pertama bulan kalender menurut zona waktu aturan."),
    "policy_id": ("Aturan", "Aturan penilaian yang berlaku bagi baris ini."),
    "policy_sha256": ("Sidik aturan", "SHA-256 berkas aturan."),
    "is_official": ("Resmi", "Aturan ini berlaku resmi pada bulan tersebut."),
    "league": ("Kategori satuan kerja", "Kelompok tempat kantor bersaing."),
    "category": (
        "Jenis peringkat",
        "active: Akun Teraktif (jumlah unggahan); popular: Akun Terpopuler (jumlah interaksi).",
    ),
    "rank": (
        "Peringkat",
        "1 ditambah banyaknya kantor sekategori dengan skor lebih tinggi; seri berbagi tempat.",
    ),
    "rank_best": ("Peringkat terbaik", "Peringkat terbaik yang dimungkinkan oleh bukti."),
    "rank_worst": ("Peringkat terburuk", "Peringkat terburuk yang dimungkinkan oleh bukti."),
    "rank_without_best_post": (
        "Tanpa unggahan terbaik",
        "Peringkat kantor seandainya unggahan terbaiknya tidak dihitung.",
    ),
    "office_id": ("Kode kantor", "Kode kantor pada daftar resmi."),
    "office_name": ("Kantor", "Nama kantor."),
    "score": (
        "Skor",
        "Yang diperingkatkan: jumlah unggahan terhitung atau jumlah nilai interaksinya.",
    ),
    "score_low": ("Skor terendah", "Batas bawah skor."),
    "score_high": ("Skor tertinggi", "Batas atas skor; kosong: tidak terbatas."),
    "post_count": ("Unggahan", "Jumlah unggahan yang terhitung."),
    "exact_score": ("Skor tepat", "Bagian skor yang diamati tepat pada akhir jendela waktu."),
    "interpolated_score": (
        "Skor interpolasi",
        "Bagian skor yang dihitung di antara pengamatan sebelum dan sesudah akhir jendela.",
    ),
    "late_score": ("Skor terlambat", "Bagian skor yang baru diamati setelah akhir jendela."),
    "early_score": ("Skor dini", "Bagian skor yang hanya diamati sebelum akhir jendela."),
    "none_score": ("Skor tanpa bukti", "Bagian skor dari unggahan tanpa pengamatan yang berguna."),
    "complete_account_count": ("Akun lengkap", "Jumlah akun dengan data sebulan penuh."),
    "partial_account_count": ("Akun sebagian", "Jumlah akun dengan data sebagian bulan."),
    "missing_account_count": ("Akun tanpa data", "Jumlah akun tanpa data pada bulan itu."),
    "official_policy_id": ("Aturan resmi", "Aturan yang berlaku resmi; kosong: tidak ada."),
    "official_rank": ("Peringkat resmi", "Peringkat kantor menurut aturan resmi."),
    "rank_gain": (
        "Selisih peringkat",
        "Peringkat resmi dikurangi peringkat ini; positif: lebih baik menurut aturan ini.",
    ),
    "platform": ("Platform", "instagram, facebook, x, tiktok, atau youtube."),
    "account_id": ("Akun", "Kode akun pada daftar resmi; kosong: akun tidak terdaftar."),
    "permalink": ("Tautan", "Alamat unggahan."),
    "published_local": ("Waktu terbit", "Waktu terbit menurut zona waktu aturan."),
    "is_counted": ("Terhitung", "Apakah unggahan dihitung untuk bulan ini."),
    "reason": ("Alasan", "counted: terhitung; selain itu, aturan pertama yang mengecualikannya."),
    "value": ("Nilai", "Interaksi berbobot pada akhir jendela waktu; kosong: tidak diketahui."),
    "value_low": ("Nilai terendah", "Batas bawah nilai."),
    "value_high": ("Nilai tertinggi", "Batas atas nilai; kosong: tidak terbatas."),
    "grade": (
        "Mutu bukti",
        "exact: tepat; interpolated: interpolasi; late: terlambat; early: dini; none: tanpa bukti.",
    ),
    "state": ("Keadaan data", "complete: lengkap; partial: sebagian; missing: tidak ada."),
    "before": ("Sebelum", "Pada edisi sebelumnya."),
    "after": ("Sesudah", "Pada edisi ini."),
    "score_before": ("Skor sebelum", "Skor pada edisi sebelumnya."),
    "score_after": ("Skor sesudah", "Skor pada edisi ini."),
    "causes": (
        "Sebab",
        "late_delivery: kiriman terlambat; corrected_registry: daftar akun diperbaiki; "
        "changed_policy: aturan berubah; corrected_reading: pembacaan diperbaiki; "
        "post_excluded, post_readmitted: unggahan dikeluarkan, dimasukkan kembali; "
        "other_offices: skor kantor lain berubah.",
    ),
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
