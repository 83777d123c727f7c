"""The fixed text of the bulletin's templates, in both languages: `words` of `bulletin.json`.

What belongs here: headings, column heads, captions, legends, footers and the patterns of
alternative texts, which a template names by their key. What does not: anything that depends on the
month; that is worded where the bulletin is made.

A pattern holds places in braces, which the templates fill: `{office}`, `{rank}`, `{size}`,
`{likely}`, `{possible}`, `{category}`, `{most}`, `{count}`.
"""

from __future__ import annotations

from typing import Final

_INDONESIAN: Final = {
    # The head and foot of each page
    "title": "Buletin Pemantauan Media Sosial",
    "card_title": "Kartu satuan kerja",
    "skip": "Langsung ke isi",
    "contents": "Isi",
    "read_with": "Bacalah dengan ini:",
    "edition": "Edisi",
    "manifest": "SHA-256 manifes",
    "log_head": "Kepala catatan",
    "log_lines": "baris",
    "no_log": "belum tercatat",
    "recompute_hint": "hitung ulang sendiri: python3 evidence/recompute.py",
    "page": "Halaman",
    # Rankings
    "top_ten": "Sepuluh besar",
    "rank": "#",
    "rank_full": "Peringkat",
    "movement": "±",
    "office": "Satuan kerja",
    "likely": "paling mungkin",
    "possible": "masih mungkin",
    "all_offices": "Semua satuan kerja",
    "rankings_legend": (
        "Kotak: peringkat yang tercatat. Pita biru dan angka di sampingnya: peringkat yang paling "
        "mungkin menurut bukti, pada garis dari peringkat 1 sampai peringkat terakhir. Garis "
        "gelap: peringkat yang masih mungkin. "
        "Makin sering ekspor diunduh, makin pendek pitanya. ±: perubahan dari bulan sebelumnya."
    ),
    "mark_legend": (
        "* ekspor belum lengkap: peringkat yang sebenarnya bisa lebih baik daripada yang tercetak."
    ),
    "alt_range": (
        "{office}: peringkat {rank} dari {size}; paling mungkin {likely}, masih mungkin {possible}."
    ),
    # Sections of the bulletin
    "coverage": "Kelengkapan data",
    "gaps": "Yang belum lengkap",
    "missing_offices": "Satuan kerja yang belum mengirim ekspor:",
    "platform": "Platform",
    "account": "Akun",
    "why": "Sebab",
    "rules": "Dua aturan berdampingan",
    "rule_new": "berlaku",
    "rule_old": "pembanding",
    "typical": "Nilai khas satu unggahan",
    "posts": "unggahan",
    "lower": "batas seperempat terbawah",
    "median": "tengah (median)",
    "upper": "batas seperempat teratas",
    "guidance": "Panduan konten: apa yang terbukti",
    "claims": "Yang terbukti",
    "near": "Yang paling dekat dengan bukti, tetapi belum cukup",
    "compared": "Dibanding unggahan lain akun itu",
    "ratio": "nilai",
    "range": "mungkin antara",
    "offices": "satuan kerja",
    "campaigns": "Kampanye",
    "finding": "Temuan",
    "share": "bagian",
    "flags": "Yang menonjol",
    "date": "Tanggal",
    "flag": "Apa yang terlihat",
    "link": "tautan",
    "followers": "Pengikut",
    "follower_count": "pengikut",
    "per_thousand": "interaksi per 1.000",
    "opinion": "Nada komentar",
    "labelled": "komentar dilabeli",
    "labels": "perkiraan bagian",
    "objections": "Keberatan",
    "objection": "Nomor",
    "outcome": "Hasil",
    "answered": "Dijawab",
    "recompute": "Hitung ulang sendiri",
    # The card
    "helps": "Yang paling berguna bulan depan",
    "no_helps": "Tidak terlihat kekurangan pada ekspor atau akun Anda bulan ini.",
    "platforms": "Unggahan Anda di antara satuan kerja sejenis",
    "platforms_legend": (
        "Pita: separuh tengah unggahan semua satuan kerja sejenis; garis: mediannya; "
        "lingkaran: median Anda. Empat angka: unggahan Anda di seperempat terbawah sampai teratas."
    ),
    "own_median": "median Anda",
    "quarters": "tiap seperempat",
    "quartiles": "separuh tengah dan median",
    "scale": "dari 0 sampai {most}",
    "top_posts": "Unggahan teratas Anda",
    "value": "nilai",
    "evidence": "bukti",
    "uncounted": "Yang tidak dihitung, dan sebabnya",
    "nothing_uncounted": "Tidak ada unggahan yang terlihat tetapi tidak dihitung.",
    "card_gaps": "Ekspor yang belum lengkap",
    "card_guidance": "Panduan konten",
    "card_more": "Catatan lain",
    "card_footer": "Ada yang keliru? Kirim daftar tautan unggahan Anda; setiap baris dijawab.",
    # The picture
    "picture_title": "10 besar {category}",
    "picture_likely": "paling mungkin",
    "picture_more": "{count} satuan kerja bersama di peringkat {rank}",
}

_ENGLISH: Final = {
    "title": "Social media bulletin",
    "card_title": "Office card",
    "skip": "Skip to the content",
    "contents": "Contents",
    "read_with": "Read this first:",
    "edition": "Edition",
    "manifest": "SHA-256 of the manifest",
    "log_head": "Head of the log",
    "log_lines": "lines",
    "no_log": "not logged yet",
    "recompute_hint": "recompute it yourself: python3 evidence/recompute.py",
    "page": "Page",
    "top_ten": "Top ten",
    "rank": "#",
    "rank_full": "Rank",
    "movement": "±",
    "office": "Office",
    "likely": "likely",
    "possible": "still possible",
    "all_offices": "All offices",
    "rankings_legend": (
        "Box: the rank as recorded. Blue band and the numbers beside it: the ranks that are likely "
        "by the evidence, on a line from rank 1 to the last rank. Dark line: the ranks that are "
        "still possible. "
        "The more often exports are downloaded, the shorter the band. ±: change since the month "
        "before."
    ),
    "mark_legend": (
        "* the exports are not complete: the true rank could be better than what is printed."
    ),
    "alt_range": ("{office}: rank {rank} of {size}; likely {likely}, still possible {possible}."),
    "coverage": "Coverage",
    "gaps": "Not complete yet",
    "missing_offices": "Offices that have sent no export yet:",
    "platform": "Platform",
    "account": "Account",
    "why": "Reason",
    "rules": "Two rules side by side",
    "rule_new": "in force",
    "rule_old": "beside it",
    "typical": "What one post typically gains",
    "posts": "posts",
    "lower": "lowest quarter up to",
    "median": "middle (median)",
    "upper": "highest quarter from",
    "guidance": "Guidance: what is proven",
    "claims": "Proven",
    "near": "Nearest to being proven, but not enough",
    "compared": "Compared with the account's other posts",
    "ratio": "value",
    "range": "could lie between",
    "offices": "offices",
    "campaigns": "Campaigns",
    "finding": "Finding",
    "share": "share",
    "flags": "What stands out",
    "date": "Date",
    "flag": "What was seen",
    "link": "link",
    "followers": "Followers",
    "follower_count": "followers",
    "per_thousand": "interactions per 1,000",
    "opinion": "Tone of comments",
    "labelled": "comments labelled",
    "labels": "estimated shares",
    "objections": "Objections",
    "objection": "Number",
    "outcome": "Outcome",
    "answered": "Answered",
    "recompute": "Recompute it yourself",
    "helps": "What would help most next month",
    "no_helps": "Nothing was seen to mend in your exports or accounts this month.",
    "platforms": "Your posts among offices of your league",
    "platforms_legend": (
        "Band: the middle half of all posts of the league; line: its median; circle: your median. "
        "Four numbers: your posts in the lowest to the highest quarter."
    ),
    "own_median": "your median",
    "quarters": "in each quarter",
    "quartiles": "middle half and medians",
    "scale": "from 0 to {most}",
    "top_posts": "Your top posts",
    "value": "value",
    "evidence": "evidence",
    "uncounted": "What was not counted, and why",
    "nothing_uncounted": "No post was seen that does not count.",
    "card_gaps": "Exports that are not complete",
    "card_guidance": "Guidance",
    "card_more": "Also",
    "card_footer": "Something wrong? Send the list of links to your posts; each line is answered.",
    "picture_title": "Top ten: {category}",
    "picture_likely": "likely",
    "picture_more": "{count} offices share rank {rank}",
}

#: By the language of the bulletin; both have the same keys.
WORDS: Final = {"id": _INDONESIAN, "en": _ENGLISH}
