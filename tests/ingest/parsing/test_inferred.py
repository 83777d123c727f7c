"""Words that nobody has seen have to be proven, and tables that hold no posts to be known."""

from __future__ import annotations

import pytest

from tests.ingest.exports import (
    FACEBOOK,
    INSTAGRAM,
    YOUTUBE,
    Record,
    export,
    observations,
    quarantine,
    read,
)

#: Facebook's content export in Indonesian; one of its links bears the post's ID.
FACEBOOK_ID: Record = {
    "ID Postingan": "122100000000000001",
    "ID Halaman": "100064000000001",
    "Nama Halaman": "Kemenkum Jawa Barat",
    "Judul": "Halo",
    "Deskripsi": "",
    "Waktu penerbitan": "07/31/2025 10:30",
    "Permalink": "https://www.facebook.com/100064000000001/posts/pfbid02abc",
    "Apakah dibagikan": "0",
    "Jenis postingan": "Foto",
    "Tanggal": "Sepanjang Masa",
    "Reaksi, komentar, dan berbagi": "89",
    "Reaksi": "75",
    "Komentar": "8",
    "Dibagikan": "6",
}
INSTAGRAM_FR: Record = {
    "Identifiant de la publication": "17900000000000001",
    "Identifiant du compte": "17841400000000001",
    "Nom d’utilisateur du compte": "kemenkum_jabar",
    "Description": "Halo",
    "Heure de publication": "07/31/2025 10:30",
    "Permalien": "https://www.instagram.com/p/DMx9S9rgAAF/",
    "Type de publication": "Image",
    "Date": "Durée de vie",
    "Mentions J’aime": "75",
    "Partages": "6",
    "Commentaires": "8",
    "Enregistrements": "4",
}


def _without(record: Record, column: str) -> Record:
    return {name: cell for name, cell in record.items() if name != column}


def test_a_sum_or_a_link_proves_facebook_s_columns() -> None:
    (row,) = observations(export(FACEBOOK_ID))
    assert (row["like_count"], row["comment_count"], row["share_count"]) == (75, 8, 6)
    linked = {
        **_without(FACEBOOK_ID, "Reaksi, komentar, dan berbagi"),
        "Permalink": "https://www.facebook.com/kemenkum/posts/122100000000000001",
    }
    assert len(observations(export(linked))) == 1


def test_without_proof_the_file_is_quarantined_and_says_so() -> None:
    unproven = _without(FACEBOOK_ID, "Reaksi, komentar, dan berbagi")
    reason = quarantine(export(unproven))
    assert "facebook_content in the language id" in reason
    assert "only 0 of 1 records prove it" in reason
    assert "export it in English" in reason
    # What is shared from others would count as the page's own.
    assert "0 of 1" in quarantine(export(_without(FACEBOOK_ID, "Apakah dibagikan")))
    assert "0 of 0" in quarantine(",".join(f'"{name}"' for name in FACEBOOK_ID).encode() + b"\n")


def test_four_in_five_records_are_enough() -> None:
    wrong = {"Reaksi, komentar, dan berbagi": "90"}
    assert len(observations(export(FACEBOOK_ID, {}, {}, {}, {}, wrong))) == 4
    assert "only 3 of 4" in quarantine(export(FACEBOOK_ID, {}, {}, {}, wrong))


def test_the_time_in_the_shortcode_proves_instagram_s_columns() -> None:
    (row,) = observations(export(INSTAGRAM_FR))
    assert (row["like_count"], row["save_count"]) == (75, 4)
    # Uploaded on 1 August 2025 at 22:29:50 in Los Angeles.
    other = {**INSTAGRAM_FR, "Permalien": "https://www.instagram.com/p/DM10fRrgAAA/"}
    assert "only 0 of 1 records prove it" in quarantine(export(other))


def test_words_that_were_seen_need_no_proof() -> None:
    plain = {**FACEBOOK, "Permalink": "https://www.facebook.com/x/posts/pfbid02abc"}
    assert len(observations(export(_without(plain, "Reactions, comments and shares")))) == 1


# Titled tables.


def test_an_export_under_a_title_and_a_summary_is_not_set_aside() -> None:
    summary = b"Laporan Juli\nUnggahan,Reaksi\n1,75\n\nRincian\n"
    reason = quarantine(summary + export(FACEBOOK))
    assert "a known export stands under the title 'Rincian'" in reason
    assert "take the rows around it away" in reason


def test_tables_under_titles_that_nobody_knows_are_not_set_aside() -> None:
    salaries = b"Gaji\nNama,Rupiah\nBudi,5\n\nLembur\nNama,Jam\nBudi,7\n"
    assert "of which nobody knows 'Gaji'" in quarantine(salaries)


# Headers that are like none.


@pytest.mark.parametrize("header", ["Date,Likes,Comments,Shares,Views", "Type,Date,Likes,Comments"])
def test_words_that_every_platform_has_make_no_layout_the_nearest(header: str) -> None:
    assert quarantine(f"{header}\n1,2,3,4\n".encode()) == (
        "unknown layout: its header is like none of those that are understood"
    )


# YouTube's cap.


@pytest.mark.parametrize(
    "notice",
    [
        "Showing top 500 results",
        "Menampilkan 500 hasil teratas",
        "Mostrando os primeiros 500 resultados",
        "Se muestran los 500 primeros resultados",
        "Die 500 bes\u00adten Er\u00adgeb\u00adnis\u00adse wer\u00adden an\u00adge\u00adzeigt",
        "Affichage des 500 premiers résultats",
    ],
)
def test_the_notice_of_youtube_s_cap_is_known_in_every_language(notice: str) -> None:
    blank = dict.fromkeys(YOUTUBE, "")
    records, rows = read(export(YOUTUBE, {}, {**blank, "Content": notice}))
    assert rows.set_aside["reason"].to_list() == ["notice that the platform cut the list"]
    assert (records.count, rows.observations.height, rows.rejects.height) == (2, 1, 0)


def test_an_id_that_is_none_is_no_notice() -> None:
    for cell in ("Halo semua", "500 hasil", "dQw4w9WgXc", "Video 2"):
        _, rows = read(export(YOUTUBE, {"Content": cell}))
        assert rows.rejects["rule"].to_list() == ["unreadable_id"], cell


# Soft hyphens.


def test_soft_hyphens_in_a_header_are_none_of_its_letters() -> None:
    hyphened = {f"{name[:3]}\u00ad{name[3:]}": cell for name, cell in INSTAGRAM.items()}
    assert observations(export(hyphened)) == observations(export(INSTAGRAM))
