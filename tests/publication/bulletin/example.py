"""A bulletin written by hand, of the shape that the templates are promised: 33 and 8 offices with
the longest names there are, one of which nothing arrived, ranges without an end, every section.
"""

from __future__ import annotations

from typing import Any

from orchestration.publication.bulletin.fixed_words import WORDS

REGIONS = (
    "Aceh",
    "Sumatera Utara",
    "Sumatera Barat",
    "Riau",
    "Kepulauan Riau",
    "Jambi",
    "Sumatera Selatan",
    "Kepulauan Bangka Belitung",
    "Bengkulu",
    "Lampung",
    "DKI Jakarta",
    "Jawa Barat",
    "Banten",
    "Jawa Tengah",
    "Daerah Istimewa Yogyakarta",
    "Jawa Timur",
    "Bali",
    "Nusa Tenggara Barat",
    "Nusa Tenggara Timur",
    "Kalimantan Barat",
    "Kalimantan Tengah",
    "Kalimantan Selatan",
    "Kalimantan Timur",
    "Sulawesi Utara",
    "Gorontalo",
    "Sulawesi Tengah",
    "Sulawesi Selatan",
    "Sulawesi Barat",
    "Sulawesi Tenggara",
    "Maluku",
    "Maluku Utara",
    "Papua",
    "Papua Barat",
)
UNITS = (
    "Sekretariat Jenderal",
    "Inspektorat Jenderal",
    "Direktorat Jenderal Peraturan Perundang-undangan",
    "Direktorat Jenderal Administrasi Hukum Umum",
    "Direktorat Jenderal Kekayaan Intelektual",
    "Badan Pembinaan Hukum Nasional",
    "Badan Strategi Kebijakan Hukum",
    "Badan Pengembangan Sumber Daya Manusia Hukum",
)
PLATFORMS = ("Instagram", "Facebook", "X", "TikTok", "YouTube")
MISSING = "Papua Barat"
REFUSAL = (
    "Gambar Akun Terpopuler tidak dibuat: mutu bukti bulan ini 9 %, sedangkan aturan mensyaratkan "
    "50 %. Urutannya belum cukup pasti untuk disebarkan."
)
STAMP = {
    "manifest_sha256": "8911066356cbec86" * 4,
    "log": {"size": 1204, "root": "T8/IzqOOtcCd" * 3 + "VXM4tMU="},
}


def bulletin(language: str = "id") -> dict[str, Any]:
    """The content of `bulletin.json`, of `bulletin.en.json` with the other language's words."""
    regions = [_office(f"kanwil-{number}", region) for number, region in enumerate(REGIONS)]
    units = [_office(f"unit-{number}", unit) for number, unit in enumerate(UNITS)]
    for office in regions:
        office["office_full"] = f"Kantor Wilayah Kementerian Hukum {office['office']}"
    leagues = [
        _league("kanwil", "Kantor Wilayah", regions),
        _league("unit_utama", "Unit Utama", units),
    ]
    return {
        "bulletin_format": 1,
        "language": language,
        "edition": {
            "edition_id": "2025-08-provisional-1",
            "status": "provisional",
            "status_label": "SEMENTARA",
            "month": "2025-08",
            "month_label": "Agustus 2025",
            "month_end": "2025-08-31",
            "policy_id": "kemenkum-2025-07",
            "policy_title": "Penilaian 24 jam",
            "notes": [
                "Kelengkapan data 95 %, di bawah 100 % yang disyaratkan.",
                "Mutu bukti 9 %, di bawah 50 % yang disyaratkan.",
                "Urutan masih dapat berubah.",
            ],
            "coverage_line": "122 dari 128 akun lengkap",
        },
        "words": dict(WORDS[language]),
        "totals": [
            {"label": "satuan kerja", "value": "41"},
            {"label": "akun resmi", "value": "128"},
            {"label": "unggahan dihitung", "value": "1.527"},
        ],
        "movement_sentence": "Perubahan dihitung terhadap Juli 2025 (edisi 2025-07-final-1).",
        "leagues": leagues,
        "typical": [_typical(league["label"]) for league in leagues],
        "coverage": {
            "sentence": "Ekspor 122 dari 128 akun resmi lengkap (95 %); aturan mensyaratkan 100 %.",
            "gaps": [_gap(number) for number in range(6)],
            "missing_offices": [MISSING],
        },
        "rules": {
            "sentence": "Baru: nilai pada umur 24 jam. Lama: nilai yang terakhir tercatat.",
            "leagues": [_rules(league) for league in leagues],
        },
        "guidance": {
            "sentence": "Bulan ini satu dari 46 pernyataan terbukti pada 41 satuan kerja.",
            "claims": [_guide("Instagram", "korsel (beberapa gambar)", "1,52 ×", "1,21–1,88")],
            "near": [
                _guide("Facebook", "reel", "0,76 ×", "0,63–1,09"),
                _guide("Facebook", "unggahan akhir pekan", "0,75 ×", "0,59–1,15"),
                _guide("Instagram", "pukul 18.00–23.59 waktu setempat", "0,91 ×", "0,67–1,19"),
            ],
            "note": "Baris yang rentangnya memuat 1,00 tidak boleh dijadikan pedoman.",
        },
        "campaigns": [_campaign()],
        "flags": [
            {
                "office": "Kepulauan Bangka Belitung",
                "platform": "Instagram",
                "date": "17 Agustus 2025",
                "link": "https://www.instagram.com/p/DNdZk3yTq1x/",
                "sentence": "Unggahan ini 9,4 kali lebih banyak daripada biasanya akun itu. Tanpa "
                "unggahan ini peringkat kantor 12, bukan 9.",
            }
        ],
        "followers": {
            "sentence": "Di samping peringkat; tidak ikut menentukan peringkat.",
            "leagues": [_followers(league) for league in leagues],
        },
        "opinion": {
            "sentence": "Perkiraan dari 60 komentar tiap kantor yang dilabeli orang.",
            "offices": [
                {
                    "office": "Bali",
                    "labelled": "60 dari 812",
                    "rows": [
                        {"label": "positif", "range": "31–55 %"},
                        {"label": "netral", "range": "22–44 %"},
                        {"label": "negatif", "range": "4–17 %"},
                        {"label": "pertanyaan atau pengaduan", "range": "6–21 %"},
                        {"label": "bukan tentang kantor", "range": "1–10 %"},
                    ],
                }
            ],
        },
        "objections": {
            "sentence": "1 keberatan diputus sejak edisi sebelumnya.",
            "rows": [
                {
                    "objection_id": "2025-08-001",
                    "office": "Jawa Tengah",
                    "outcome": "diterima sebagian",
                    "answered": "9 September 2025",
                }
            ],
        },
        "recompute": [
            "Minta folder edisi 2025-08-provisional-1 kepada penyelenggara.",
            "Pasang Python 3.11 atau lebih baru; tidak perlu jaringan atau program lain.",
            "Jalankan: python -I -S evidence/recompute.py",
        ],
        "cards": [_card(office, league) for league in leagues for office in league["offices"]],
    }


def _office(office_id: str, name: str) -> dict[str, Any]:
    return {"office_id": office_id, "office": name, "office_full": name}


def _league(name: str, label: str, offices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "league": name,
        "label": label,
        "size": len(offices),
        "offices": offices,
        "rankings": [
            {
                "category": "active",
                "label": "Akun Teraktif",
                "unit": "unggahan",
                "picture_refused": None,
                "rows": [
                    _row(office, rank, len(offices), spread=1)
                    for rank, office in enumerate(offices, start=1)
                ],
            },
            {
                "category": "popular",
                "label": "Akun Terpopuler",
                "unit": "interaksi 24 jam",
                "picture_refused": REFUSAL,
                "rows": [
                    _row(office, rank, len(offices), spread=40)
                    for rank, office in enumerate(offices[-2::-1] + offices[-1:], start=1)
                ],
            },
        ],
    }


def _row(office: dict[str, Any], rank: int, size: int, spread: int) -> dict[str, Any]:
    likely = [max(1, rank - spread), min(size, rank + spread)]
    missing = office["office"] == MISSING
    movements = (("up", "▲ 3"), ("down", "▼ 1"), ("same", "="), ("unproven", "≈"), ("new", "baru"))
    sign, text = movements[rank % len(movements)]
    return {
        **office,
        "rank": rank,
        "score": "–" if missing else f"{2 * (size - rank)}.078",
        "score_permille": 0 if missing else 1000 * (size - rank + 1) // size,
        "likely": likely,
        "possible": [1, size],
        "likely_text": f"{likely[0]}–{likely[1]}",
        "possible_text": f"1–{size}",
        "movement": {"sign": sign, "text": text},
        "is_complete": not missing,
        "mark": "*" if missing else "",
        "old_rank": str(size - rank + 1),
    }


def _typical(label: str) -> dict[str, Any]:
    rows = [
        {"platform": name, "posts": "633", "lower": "9", "median": "17", "upper": "1.036"}
        for name in PLATFORMS
    ]
    return {"league": label, "label": label, "rows": rows}


def _gap(number: int) -> dict[str, Any]:
    return {
        "office": UNITS[number],
        "platform": PLATFORMS[number % len(PLATFORMS)],
        "account": "@kemenkum.direktoratjenderal.peraturan",
        "why": "ekspor belum mencakup seluruh bulan",
    }


def _rules(league: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"office": row["office"], "new": str(row["rank"]), "old": row["old_rank"]}
        for row in league["rankings"][1]["rows"]
    ]
    return {"label": league["label"], "rows": rows}


def _guide(platform: str, what: str, ratio: str, interval: str) -> dict[str, Any]:
    return {
        "platform": platform,
        "what": what,
        "ratio": ratio,
        "range": interval,
        "posts": "187",
        "offices": "28",
    }


def _campaign() -> dict[str, Any]:
    labels = ("tepat", "huruf", "ejaan", "sambung", "spasi", "tanpa tagar", "tidak ada")
    findings = [{"label": label, "posts": "232", "share": "16 %"} for label in labels]
    findings.append({"label": "tidak diketahui", "posts": "94", "share": "–"})
    return {
        "campaign_id": "pasti",
        "label": "#KemenkumPasti",
        "sentence": "232 dari 1.433 unggahan (16 %) memuat tagar.",
        "findings": findings,
    }


def _followers(league: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"office": office["office"], "followers": "12.418", "per_thousand": "3,1"}
        for office in league["offices"]
    ]
    return {"label": league["label"], "rows": rows}


def _card(office: dict[str, Any], league: dict[str, Any]) -> dict[str, Any]:
    missing = office["office"] == MISSING
    return {
        **office,
        "league": league["league"],
        "league_label": league["label"],
        "tiles": [_tile(ranking, office, league["size"]) for ranking in league["rankings"]],
        "helps": [
            {
                "title": "Unduh ekspor setiap hari",
                "sentence": "Hanya 2 dari 41 unggahan Anda terlihat sebelum dan sesudah umur 24 "
                "jam; selebihnya dinilai dari hitungan yang datang terlambat.",
            },
            {"title": "Kirim ekspor yang belum ada", "sentence": "X, YouTube."},
            {"title": "Pakai #KemenkumPasti", "sentence": "8 dari 41 unggahan memuatnya."},
        ],
        "platforms": [] if missing else [_platform(name) for name in PLATFORMS],
        "top_posts": [] if missing else [_top_post(number) for number in range(3)],
        "uncounted": [
            {"posts": "3", "why": "bagikan ulang"},
            {"posts": "2", "why": "terlihat setelah batas"},
        ],
        "gaps": [
            {"platform": name, "why": "ekspor belum mencakup seluruh bulan"}
            for name in PLATFORMS[: 5 if missing else 2]
        ],
        "guidance": "Belum ada cara mengunggah yang terbukti lebih baik di kantor Anda.",
        "campaigns": ["#KemenkumPasti: 8 dari 41 unggahan memuat tagar dengan tepat."],
        "flags": [],
        "followers": "12.418 pengikut; 3,1 interaksi tiap 1.000 pengikut.",
        "opinion": [],
        "objections": ["Keberatan 2025-08-001 diterima sebagian pada 9 September 2025."],
    }


def _tile(ranking: dict[str, Any], office: dict[str, Any], size: int) -> dict[str, Any]:
    (row,) = [row for row in ranking["rows"] if row["office_id"] == office["office_id"]]
    return {
        "category": ranking["category"],
        "label": ranking["label"],
        "rank": str(row["rank"]),
        "of": f"dari {size}",
        "movement": row["movement"],
        "score": f"{row['score']} {ranking['unit']}",
        "rank_at": row["rank"],
        "size": size,
        "likely": row["likely"],
        "possible": row["possible"],
        "sentence": f"Menurut bukti peringkat {row['likely_text']}, paling jauh "
        f"{row['possible_text']}. Tanpa unggahan terbaiknya: {row['rank'] + 1}.",
    }


def _platform(name: str) -> dict[str, Any]:
    return {
        "platform": name,
        "posts": "15",
        "median": "17",
        "median_value": 17,
        "lower": 9,
        "middle": 21,
        "upper": 36,
        "most": 50,
        "quarters": [4, 6, 3, 2],
        "alt": f"{name}: median Anda 17; separuh tengah 9 sampai 36, median 21.",
    }


def _top_post(number: int) -> dict[str, Any]:
    identifier = 7_543_234_377_765_175_631 + number
    return {
        "date": f"{27 - number} Agu 2025",
        "platform": "TikTok",
        "value": "230",
        "grade": "ekspor terlambat",
        "range": "190–230",
        "possible_range": "0–tidak terbatas",
        "link": f"https://www.tiktok.com/@kemenkum.kepulauanbangkabelitung/video/{identifier}",
        "link_text": f"tiktok.com/@kemenkum.kepulauanbangkabelitung/video/{identifier}",
    }
