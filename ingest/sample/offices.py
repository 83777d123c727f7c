"""The offices of the sample world: the ministry's 33 regional offices and 8 central units.

What belongs here: their names and zones. What does not: their accounts (`world.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ingest.sample.truth import OfficeRow

# Names, each with the short form that stands in handles.
_KANWIL_NAME = "Kantor Wilayah Kementerian Hukum "
_KANWIL = {
    "Asia/Jakarta": {
        "Aceh": "aceh",
        "Sumatera Utara": "sumut",
        "Sumatera Barat": "sumbar",
        "Riau": "riau",
        "Jambi": "jambi",
        "Kepulauan Riau": "kepri",
        "Sumatera Selatan": "sumsel",
        "Kepulauan Bangka Belitung": "babel",
        "Lampung": "lampung",
        "Bengkulu": "bengkulu",
        "DKI Jakarta": "dki",
        "Jawa Barat": "jabar",
        "Banten": "banten",
        "Jawa Tengah": "jateng",
        "Daerah Istimewa Yogyakarta": "diy",
        "Jawa Timur": "jatim",
        "Kalimantan Barat": "kalbar",
        "Kalimantan Tengah": "kalteng",
    },
    "Asia/Makassar": {
        "Bali": "bali",
        "Nusa Tenggara Barat": "ntb",
        "Nusa Tenggara Timur": "ntt",
        "Kalimantan Selatan": "kalsel",
        "Kalimantan Timur": "kaltim",
        "Sulawesi Utara": "sulut",
        "Gorontalo": "gorontalo",
        "Sulawesi Barat": "sulbar",
        "Sulawesi Tengah": "sulteng",
        "Sulawesi Selatan": "sulsel",
        "Sulawesi Tenggara": "sultra",
    },
    "Asia/Jayapura": {
        "Maluku": "maluku",
        "Maluku Utara": "malut",
        "Papua": "papua",
        "Papua Barat": "pabar",
    },
}
_UNIT_UTAMA = {
    "Sekretariat Jenderal": "setjen",
    "Direktorat Jenderal Peraturan Perundang-undangan": "ditjenpp",
    "Direktorat Jenderal Administrasi Hukum Umum": "ditjenahu",
    "Inspektorat Jenderal": "itjen",
    "Direktorat Jenderal Kekayaan Intelektual": "djki",
    "Badan Pembinaan Hukum Nasional": "bphn",
    "Badan Strategi Kebijakan Hukum": "bsk",
    "Badan Pengembangan Sumber Daya Manusia Hukum": "bpsdm",
}
#: Hours that a zone is ahead of UTC, without daylight saving.
HOURS_AHEAD = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


def all_or_some(count: int | None, valid_from: date) -> list[OfficeRow]:
    """So many of the 41, or all; evenly spread, so that a few have several zones and leagues."""
    rows = list(_all(valid_from))
    count = count or len(rows)
    return [rows[(n + 1) * len(rows) // count - 1] for n in range(count)]


def short_name(office: OfficeRow) -> str:
    """As it stands in handles."""
    return _SHORT[office.name.removeprefix(_KANWIL_NAME)]


def display_name(office: OfficeRow) -> str:
    """As its accounts show it."""
    return office.name.replace(_KANWIL_NAME, "Kemenkum ")


def _all(valid_from: date) -> Iterator[OfficeRow]:
    for zone, places in _KANWIL.items():
        for place in places:
            office_id = f"kanwil-{place.lower().replace(' ', '-')}"
            yield OfficeRow(office_id, _KANWIL_NAME + place, "kanwil", zone, valid_from)
    for name, short in _UNIT_UTAMA.items():
        yield OfficeRow(short, name, "unit_utama", "Asia/Jakarta", valid_from)


_SHORT = dict(_UNIT_UTAMA)
for _places in _KANWIL.values():
    _SHORT |= _places
