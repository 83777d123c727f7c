"""The words of what people read in an edition, in Indonesian and in English.

What belongs here: headings, the meanings of columns that no model has, and the words for codes of
the tables. What does not: the meanings of the models' columns, which stand beside them
(`dictionary.py`), texts of one sheet alone (`workbook/`), and anything programs rely on.
"""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The same in both languages."""

    indonesian: str
    english: str

    def told(self, language: str) -> str:
        """In a language, `id` or `en`."""
        return self.english if language == "en" else self.indonesian


#: Column to its heading.
HEADINGS = {
    "month": Words("Bulan", "Month"),
    "policy_id": Words("Aturan", "Policy"),
    "is_official": Words("Resmi", "In force"),
    "league": Words("Kategori satuan kerja", "League"),
    "category": Words("Jenis peringkat", "Ranking"),
    "rank": Words("Peringkat", "Rank"),
    "top_ten": Words("10 besar", "Top ten"),
    "rank_best": Words("Peringkat terbaik", "Best rank"),
    "rank_worst": Words("Peringkat terburuk", "Worst rank"),
    "rank_likely_best": Words("Peringkat terbaik (kemungkinan besar)", "Best rank (likely)"),
    "rank_likely_worst": Words("Peringkat terburuk (kemungkinan besar)", "Worst rank (likely)"),
    "likely_ranks": Words("Peringkat (kemungkinan besar)", "Rank (likely)"),
    "possible_ranks": Words("Peringkat (masih mungkin)", "Rank (possible)"),
    "rank_without_best_post": Words("Tanpa unggahan terbaik", "Without its best post"),
    "office_id": Words("Kode kantor", "Office code"),
    "office_name": Words("Kantor", "Office"),
    "score": Words("Skor", "Score"),
    "score_low": Words("Skor terendah", "Lowest score"),
    "score_high": Words("Skor tertinggi", "Highest score"),
    "score_likely_low": Words("Skor terendah (kemungkinan besar)", "Lowest score (likely)"),
    "score_likely_high": Words("Skor tertinggi (kemungkinan besar)", "Highest score (likely)"),
    "likely_scores": Words("Skor (kemungkinan besar)", "Score (likely)"),
    "possible_scores": Words("Skor (masih mungkin)", "Score (possible)"),
    "is_complete": Words("Data lengkap", "Complete"),
    "completeness": Words("Kelengkapan data", "Completeness"),
    "edition_id": Words("Edisi", "Edition"),
    "status": Words("Status", "Status"),
    "coverage_percent": Words("Kelengkapan bulan (%)", "Coverage of the month (%)"),
    "evidence_percent": Words("Mutu bukti bulan (%)", "Evidence of the month (%)"),
    "post_count": Words("Unggahan", "Posts"),
    "exact_score": Words("Skor tepat", "Exact score"),
    "interpolated_score": Words("Skor antara", "Score in between"),
    "late_score": Words("Skor terlambat", "Late score"),
    "early_score": Words("Skor dini", "Early score"),
    "none_score": Words("Skor tanpa bukti", "Score without evidence"),
    "complete_account_count": Words("Akun lengkap", "Complete accounts"),
    "partial_account_count": Words("Akun sebagian", "Partial accounts"),
    "missing_account_count": Words("Akun tanpa data", "Accounts without data"),
    "official_rank": Words("Peringkat resmi", "Rank in force"),
    "rank_gain": Words("Selisih peringkat", "Difference of ranks"),
    "platform": Words("Platform", "Platform"),
    "account_id": Words("Kode akun", "Account code"),
    "handle": Words("Akun", "Account"),
    "post_id": Words("ID unggahan", "Post ID"),
    "permalink": Words("Tautan", "Link"),
    "published_local": Words("Waktu terbit", "Published"),
    "first_published": Words("Terbit pertama", "First published"),
    "last_published": Words("Terbit terakhir", "Last published"),
    "is_counted": Words("Terhitung", "Counted"),
    "reason": Words("Alasan", "Reason"),
    "value": Words("Nilai", "Value"),
    "value_low": Words("Nilai terendah", "Lowest value"),
    "value_high": Words("Nilai tertinggi", "Highest value"),
    "value_likely_low": Words("Nilai terendah (kemungkinan besar)", "Lowest value (likely)"),
    "value_likely_high": Words("Nilai tertinggi (kemungkinan besar)", "Highest value (likely)"),
    "likely_values": Words("Nilai (kemungkinan besar)", "Value (likely)"),
    "possible_values": Words("Nilai (masih mungkin)", "Value (possible)"),
    "grade": Words("Mutu bukti", "Evidence"),
    "is_incomplete": Words("Ada komponen tanpa bukti", "Components without evidence"),
    "state": Words("Keadaan data", "State of the data"),
    "before": Words("Sebelum", "Before"),
    "after": Words("Sesudah", "After"),
    "score_before": Words("Skor sebelum", "Score before"),
    "score_after": Words("Skor sesudah", "Score after"),
    "causes": Words("Sebab", "Causes"),
    "objection_id": Words("Nomor keberatan", "Objection"),
    "filed_date": Words("Tanggal diajukan", "Filed"),
    "deadline_date": Words("Batas waktu jawaban", "To be answered by"),
    "outcome": Words("Putusan", "Outcome"),
    "answered_date": Words("Tanggal dijawab", "Answered"),
    "answer_number": Words("Jawaban ke-", "Answer number"),
    "claim_count": Words("Unggahan yang diklaim", "Claimed posts"),
    "reasons": Words("Hasil per unggahan", "What became of the claims"),
}
#: The meanings of the columns that no model has, and of those whose codes are words here.
MEANINGS = {
    "top_ten": Words(
        "★: peringkatnya 10 atau lebih baik, juga pada ujung terburuk rentang kemungkinan besar. "
        "☆: belum pasti, rentang kemungkinan besarnya melintasi batas peringkat 10.",
        "★: its rank is 10 or better, also at the worst end of the likely range. "
        "☆: not certain, the likely range lies on both sides of the tenth place.",
    ),
    "likely_ranks": Words(
        "Peringkat yang kemungkinan besar dimiliki kantor, menurut kurva pertumbuhan dalam aturan. "
        "Tidak memperhitungkan data yang belum ada.",
        "The ranks that the office probably has, by the policy's growth curve. It says nothing of "
        "what is missing.",
    ),
    "possible_ranks": Words(
        "Peringkat yang tidak dikesampingkan oleh satu pun data.",
        "The ranks that no record rules out.",
    ),
    "likely_scores": Words(
        "Skor yang kemungkinan besar dimiliki kantor. Tidak memperhitungkan data yang belum ada.",
        "What the score probably is. It says nothing of what is missing.",
    ),
    "possible_scores": Words(
        "Skor yang tidak dikesampingkan oleh satu pun data.",
        "The scores that no record rules out.",
    ),
    "likely_values": Words(
        "Nilai yang kemungkinan besar dimiliki unggahan. Satuan: interaksi berbobot.",
        "What the post's value probably is. Unit: weighted interactions.",
    ),
    "possible_values": Words(
        "Nilai yang tidak dikesampingkan oleh satu pun data. Satuan: interaksi berbobot.",
        "The values that no record rules out. Unit: weighted interactions.",
    ),
    "score": Words(
        "Yang diperingkatkan: jumlah unggahan terhitung (Akun Teraktif) atau jumlah nilainya (Akun "
        "Terpopuler).",
        "What is ranked: the number of counted posts (most active) or the sum of their values "
        "(most popular).",
    ),
    "score_high": Words(
        "Batas atas skor; tidak terbatas juga jika data suatu akun kantor itu tidak lengkap.",
        "Upper bound of the score; unbounded also where an account of the office is not complete.",
    ),
    "score_likely_high": Words(
        "Batas atas skor yang kemungkinan besar benar. Tidak memperhitungkan data yang belum ada.",
        "Upper bound of what the score probably is. It says nothing of what is missing.",
    ),
    "value_high": Words(
        "Batas atas nilai. Satuan: interaksi berbobot.",
        "Upper bound of the value. Unit: weighted interactions.",
    ),
    "value_likely_high": Words(
        "Batas atas nilai yang kemungkinan besar benar. Satuan: interaksi berbobot.",
        "Upper bound of what the value probably is. Unit: weighted interactions.",
    ),
    "evidence_percent": Words(
        "Bagian komponen berbobot dari unggahan terhitung yang bermutu tepat atau antara, dalam "
        "persen bulat, dibulatkan ke bawah; 100 jika tidak ada.",
        "Share of the counted posts' weighted components whose evidence is exact or in between, in "
        "whole percent, rounded down; 100 where there are none.",
    ),
    "completeness": Words(
        "belum lengkap: ekspor kantor ini ada yang belum diterima atau tidak utuh, sehingga "
        "skornya bisa lebih tinggi.",
        "incomplete: exports of the office are missing or have gaps, so it may have more than is "
        "counted.",
    ),
    "category": Words(
        "Akun Teraktif: menurut jumlah unggahan terhitung. Akun Terpopuler: menurut jumlah nilai "
        "interaksinya.",
        "Most active: by the number of counted posts. Most popular: by the sum of the values of "
        "their interactions.",
    ),
    "edition_id": Words(
        "Edisi yang memuat baris ini: bulan, status, dan nomor.",
        "The edition that the row is of: month, status and number.",
    ),
    "status": Words(
        "sementara: bulan ini belum ditetapkan; final: sudah ditetapkan; perbaikan: koreksi "
        "setelah penetapan.",
        "provisional: the month is not settled; final: it is; revised: a correction of a final "
        "edition.",
    ),
    "exact_score": Words(
        "Bagian skor yang bermutu tepat: diamati tepat pada akhir jendela waktu, atau dinilai "
        "tanpa jendela waktu.",
        "The part of the score that was seen at the window's end, or that is valued without a "
        "window.",
    ),
    "interpolated_score": Words(
        "Bagian skor yang bermutu antara: dihitung di antara pengamatan sebelum dan sesudah akhir "
        "jendela waktu.",
        "The part of the score that was seen before and after the window's end.",
    ),
    "late_score": Words(
        "Bagian skor yang bermutu terlambat: hanya diamati setelah jendela waktu berakhir.",
        "The part of the score that was seen only after the window's end.",
    ),
    "early_score": Words(
        "Bagian skor yang bermutu dini: hanya diamati sebelum jendela waktu berakhir.",
        "The part of the score that was seen only before the window's end.",
    ),
    "none_score": Words(
        "Bagian skor tanpa bukti; pada Akun Terpopuler selalu 0.",
        "The part of the score without evidence; 0 for the most popular.",
    ),
    "published_local": Words(
        "Waktu terbit menurut zona waktu aturan.",
        "When the post was published, in the policy's time zone.",
    ),
    "first_published": Words(
        "Hari terbit unggahan yang paling awal.", "The day of the earliest post."
    ),
    "last_published": Words(
        "Hari terbit unggahan yang paling akhir.", "The day of the latest post."
    ),
    "reason": Words(
        "terhitung; selain itu, ketentuan pertama yang mengecualikan unggahan.",
        "counted, or the first rule that excludes the post.",
    ),
    "grade": Words(
        "Mutu bukti suatu nilai: tepat, antara, terlambat, dini, atau tanpa bukti.",
        "How good the evidence of a value is: exact, in between, late, early, or none.",
    ),
    "state": Words(
        "Apakah ekspor akun mencakup bulan ini: lengkap, sebagian, atau tidak ada data.",
        "Whether exports of the account cover the month: complete, partial, or no data.",
    ),
    "platform": Words("Platform tempat unggahan terbit.", "Where the post was published."),
    "before": Words("Peringkat pada edisi sebelumnya.", "The rank in the edition before."),
    "after": Words("Peringkat pada edisi ini.", "The rank in this edition."),
    "score_before": Words("Skor pada edisi sebelumnya.", "The score in the edition before."),
    "score_after": Words("Skor pada edisi ini.", "The score in this edition."),
    "causes": Words(
        "Mengapa kantor berpindah; perubahan setiap unggahan ada dalam difference.json.",
        "Why the office moved; what each post changed stands in difference.json.",
    ),
    "objection_id": Words(
        "Nomor keberatan: bulan yang dipersoalkan, lalu nomor urut.",
        "The objection: the month that it is about, and its number.",
    ),
    "filed_date": Words("Tanggal keberatan diajukan.", "When the objection was filed."),
    "deadline_date": Words(
        "Batas waktu keberatan harus dijawab.", "Until when it was to be answered."
    ),
    "outcome": Words(
        "diterima, diterima sebagian, ditolak; dicabut: kantor menarik keberatannya.",
        "accepted, accepted in part, rejected, or withdrawn by the office.",
    ),
    "answered_date": Words("Tanggal keberatan dijawab.", "When it was answered."),
    "answer_number": Words(
        "Jawaban keberapa; jawaban terakhir yang berlaku.",
        "Which answer it is; the last one holds.",
    ),
    "claim_count": Words(
        "Jumlah unggahan dalam daftar kantor yang dicocokkan.",
        "How many posts the office's list claims.",
    ),
    "reasons": Words(
        "Hasil pencocokan, dengan jumlah unggahan untuk setiap hasil.",
        "What became of the claims: how many have which reason.",
    ),
}

CATEGORIES = {
    "active": Words("Akun Teraktif", "Most active accounts"),
    "popular": Words("Akun Terpopuler", "Most popular accounts"),
}
#: Of leagues that are not among these people read the code.
LEAGUES = {
    "kanwil": Words("Kantor Wilayah", "Regional offices"),
    "unit_utama": Words("Unit Utama", "Central units"),
    "upt": Words("Unit Pelaksana Teknis", "Technical units"),
}
STATUSES = {
    "provisional": Words("sementara", "provisional"),
    "final": Words("final", "final"),
    "revised": Words("perbaikan", "revised"),
}
STATES = {
    "missing": Words("tidak ada data", "no data"),
    "partial": Words("sebagian", "partial"),
    "complete": Words("lengkap", "complete"),
}
GRADES = {
    "exact": Words("tepat waktu", "at the right time"),
    "interpolated": Words("dari dua ekspor", "from two exports"),
    "late": Words("ekspor terlambat", "export too late"),
    "early": Words("ekspor terlalu dini", "export too early"),
    "none": Words("tanpa hitungan", "no count"),
}
#: Why a post counts or not.
REASONS = {
    "counted": Words("terhitung", "counted"),
    "unregistered_account": Words("akun tidak terdaftar", "account not registered"),
    "platform_not_in_policy": Words("platform di luar aturan", "platform that does not count"),
    "account_not_valid": Words("akun saat itu belum terdaftar", "account not registered then"),
    "office_not_valid": Words("kantor saat itu belum tercatat", "office not registered then"),
    "league_not_in_policy": Words("kategori di luar aturan", "league that is not ranked"),
    "reply": Words("balasan", "reply"),
    "repost": Words("unggahan ulang", "repost"),
    "story": Words("story", "story"),
    "cross_post": Words("unggahan silang", "cross-post"),
    "seen_after_cutoff": Words("terlihat setelah batas waktu", "seen after the cut-off"),
}
OUTCOMES = {
    "accepted": Words("diterima", "accepted"),
    "partly": Words("diterima sebagian", "accepted in part"),
    "rejected": Words("ditolak", "rejected"),
    "withdrawn": Words("dicabut", "withdrawn"),
}
#: Why an office moved since the edition before (`difference.py`).
CAUSES = {
    "late_delivery": Words("kiriman terlambat", "late delivery"),
    "gone_delivery": Words("kiriman hilang atau dihapus", "delivery gone or erased"),
    "corrected_delivery": Words(
        "waktu ekspor atau pengirim kiriman diperbaiki",
        "time or sender of a delivery corrected",
    ),
    "corrected_reading": Words("pembacaan diperbaiki", "reading corrected"),
    "corrected_registry": Words("daftar akun diperbaiki", "registry corrected"),
    "changed_policy": Words("aturan berubah", "policy changed"),
    "definition_changed": Words("cara menghitung berubah", "definition changed"),
    "post_excluded": Words("unggahan dikeluarkan", "post excluded"),
    "post_readmitted": Words("unggahan dimasukkan kembali", "post readmitted"),
    "changed_coverage": Words("kelengkapan data berubah", "coverage changed"),
    "other_offices": Words("skor kantor lain berubah", "other offices' scores changed"),
}
COMPONENTS = {
    "like": Words("suka", "likes"),
    "comment": Words("komentar", "comments"),
    "share": Words("bagikan", "shares"),
    "save": Words("simpan", "saves"),
}
COMPLETE = Words("lengkap", "complete")
INCOMPLETE = Words("belum lengkap", "incomplete")
#: In the place of a bound that there is not.
UNBOUNDED = Words("tidak terbatas", "unbounded")
#: What stands under each table of ranks.
NOTES = (
    Words(
        "Kemungkinan besar: perkiraan peringkat atau skor kantor. Angka yang terlihat sebelum atau "
        "sesudah jendela waktu dihitung menurut kurva pertumbuhan dalam aturan. Data yang belum "
        "ada tidak diperhitungkan.",
        "Likely: the ranks and scores that the office probably has. What was seen before or after "
        "the policy's window is reckoned along its growth curve. It says nothing of missing "
        "exports.",
    ),
    Words(
        "Masih mungkin: peringkat atau skor yang tidak dikesampingkan oleh satu pun data.",
        "Possible: the ranks and scores that no record rules out.",
    ),
    Words(
        "Belum lengkap: ekspor kantor ini ada yang belum diterima atau tidak utuh, sehingga "
        "skornya bisa lebih tinggi daripada yang terhitung.",
        "Incomplete: exports of this office are missing or have gaps; it may have more than is "
        "counted.",
    ),
)


def league(code: str, language: str) -> str:
    """A league's name; of one that has none its code."""
    return LEAGUES[code].told(language) if code in LEAGUES else code


def between(low: int, high: int | None, language: str = "id") -> str:
    """A range as officers write it; without `high` it has no upper end."""
    to = Words("s.d.", "to").told(language)
    if low == high:
        return number(low, language)
    end = UNBOUNDED.told(language) if high is None else number(high, language)
    return f"{number(low, language)} {to} {end}"


def number(value: int, language: str = "id") -> str:
    """A whole number with the language's mark between thousands."""
    text = f"{value:,}"
    return text if language == "en" else text.replace(",", ".")
