"""The bulletin's pages, made from a bulletin that is written by hand: what a reader finds there."""

from __future__ import annotations

import itertools
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from orchestration.publication.bulletin.fixed_words import WORDS
from orchestration.publication.bulletin.printable import for_print
from orchestration.publication.bulletin.rendering import on_screen, render
from orchestration.publication.bulletin.template_files import SHIPPED, BadTemplate
from tests.publication.bulletin.example import REGIONS, STAMP, UNITS, bulletin

NOTHING = Path("/no/templates/of/its/own")
HOSTILE = (
    "#panic() $x$ *b* @a <l> `r` \\u{41}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'&amp;{{ 7 * 7 }}{% raw %}",
    "\u202eFDP.txt\u202c \u2066x\u2069\u200b\x00\x07\x1b[31m\ud800",
    "X" * 200,
    "Kantor 🏛 עברית العربية 中文 \ue000\n\tbaris",
    "{rank} {office} {likely}",
)


class Page(HTMLParser):
    """An HTML page as a browser takes it: its elements, and its text without style sheets."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html.decode())
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] != "style":
            self.texts.append(data)


def inside(pdf: bytes) -> bytes:
    """A PDF with its packed parts unpacked, as far as they are packed by zlib."""
    parts = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(packed))
        except zlib.error:
            continue  # a picture or a text that was never packed
    return b"\n".join(parts)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", inside(pdf)))


def renamed(document: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The same bulletin with other names of offices, and the names in place of other texts."""
    for place, card in enumerate(document["cards"]):
        card["office"] = card["office_full"] = names[place % len(names)]
        card["guidance"] = names[place % len(names)]
        for post in card["top_posts"]:
            post["link"] = "javascript:alert(1)"
            post["link_text"] = names[place % len(names)]
    for league in document["leagues"]:
        for ranking in league["rankings"]:
            for place, row in enumerate(ranking["rows"]):
                row["office"] = row["office_full"] = names[place % len(names)]
    for flag in document["flags"]:
        flag.update(office=names[0], sentence=names[1], link="javascript:alert(1)")
    document["edition"]["notes"] = list(names)
    document["coverage"]["missing_offices"] = list(names)
    for gap in document["coverage"]["gaps"]:
        gap["account"] = names[4]
    return document


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(render(bulletin(), STAMP, NOTHING))


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    document = renamed(bulletin(), HOSTILE)
    document["cards"] = document["cards"][: len(HOSTILE)]
    return dict(render(document, STAMP, NOTHING))


def test_every_office_has_one_page(files: dict[str, bytes], hostile: dict[str, bytes]) -> None:
    offices = [f"kanwil-{number}" for number in range(len(REGIONS))]
    offices += [f"unit-{number}" for number in range(len(UNITS))]
    for made, expected in ((files, offices), (hostile, offices[: len(HOSTILE)])):
        cards = {name: pdf for name, pdf in made.items() if name.startswith("kartu/")}
        assert set(cards) == {f"kartu/{office}.pdf" for office in expected}
        assert {pages(pdf) for pdf in cards.values()} == {1}


def test_a_card_that_holds_too_much_stays_one_page() -> None:
    document = bulletin()
    document["cards"] = document["cards"][:1]
    document["leagues"] = []
    document["cards"][0]["flags"] = ["Unggahan ini jauh lebih banyak daripada biasanya. "] * 200
    made = dict(render(document, STAMP, NOTHING))
    assert pages(made["kartu/kanwil-0.pdf"]) == 1


def test_the_bulletin_of_41_offices_has_two_to_four_pages(files: dict[str, bytes]) -> None:
    assert 2 <= pages(files["buletin.pdf"]) <= 4


def test_the_pages_can_be_shown_on_a_screen() -> None:
    document = bulletin()
    document["cards"] = []
    long = on_screen(document, STAMP, NOTHING)
    document.update(leagues=[], followers=None)
    short = on_screen(document, STAMP, NOTHING)
    assert len(long) > len(short)
    for page in (*long, *short):
        assert page.startswith(b"\x89PNG")
        assert int.from_bytes(page[16:20]) == 661  # 210 mm


def test_the_same_input_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    document = bulletin()
    document["cards"] = document["cards"][:3]
    again = dict(render(document, STAMP, NOTHING))
    assert len(again) == 9
    assert all(made == files[name] for name, made in again.items())


def test_a_picture_that_is_refused_is_not_made(files: dict[str, bytes]) -> None:
    pictures = {name for name in files if name.startswith("gambar/")}
    assert pictures == {
        "gambar/kanwil-active.png",
        "gambar/kanwil-active.txt",
        "gambar/unit_utama-active.png",
        "gambar/unit_utama-active.txt",
    }
    assert "Gambar Akun Terpopuler tidak dibuat" in Page(files["buletin.html"]).text


def test_a_picture_is_1080_by_1350_and_changes_with_its_state_coverage_and_hash() -> None:
    def picture(**changes: str) -> bytes:
        document = bulletin()
        document["cards"] = []
        document["edition"].update(changes)
        stamp = {**STAMP, "manifest_sha256": changes.get("manifest", STAMP["manifest_sha256"])}
        return dict(render(document, stamp, NOTHING))["gambar/kanwil-active.png"]

    plain = picture()
    assert [int.from_bytes(plain[at : at + 4]) for at in (16, 20)] == [1080, 1350]
    for change in (
        {"status_label": "FINAL"},
        {"coverage_line": "128 dari 128 akun lengkap"},
        {"manifest": "0" * 64},
    ):
        assert picture(**change) != plain


def test_a_picture_names_all_who_share_a_rank_or_none_of_them() -> None:
    def picture(names: dict[int, str]) -> bytes:
        document = bulletin()
        document["cards"] = []
        rows = document["leagues"][0]["rankings"][0]["rows"]
        for place, row in enumerate(rows):
            row["rank"] = min(row["rank"], 10)
            row["office"] = names.get(place, row["office"])
        return dict(render(document, STAMP, NOTHING))["gambar/kanwil-active.png"]

    plain = picture({})
    assert picture({8: "Nomor sembilan"}) != plain
    assert picture({9: "Yang pertama dari 24", 32: "Yang terakhir dari 24"}) == plain


def test_a_pictures_alternative_text_tells_what_it_shows(files: dict[str, bytes]) -> None:
    lines = files["gambar/kanwil-active.txt"].decode().splitlines()
    assert lines[0] == "10 besar Akun Teraktif · Kantor Wilayah · Agustus 2025 · SEMENTARA"
    assert lines[1] == "1. Aceh: 64.078 unggahan (paling mungkin 1–2)"
    assert lines[10].startswith("10. Lampung: ")
    assert lines[11] == "122 dari 128 akun lengkap · Edisi 2025-08-provisional-1"
    assert lines[12] == f"SHA-256 {STAMP['manifest_sha256']}"


@pytest.mark.parametrize("name", ["buletin.pdf", "kartu/kanwil-7.pdf"])
def test_a_pdf_is_for_the_archive_and_for_who_cannot_see(
    files: dict[str, bytes], name: str
) -> None:
    pdf = inside(files[name])
    # What PDF/A-2a and PDF/UA-1 ask for that can be told from outside the program that made it.
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/OutputIntents" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Marked true", pdf)
    assert re.search(rb"/Lang ?\(id\)", pdf)
    assert re.search(rb"/DisplayDocTitle true", pdf)
    assert re.search(rb"/S ?/TH\b", pdf)
    descriptors = re.findall(rb"/Type ?/FontDescriptor.*?>>", pdf, re.DOTALL)
    assert descriptors
    assert all(b"/FontFile" in descriptor for descriptor in descriptors)
    figures = len(re.findall(rb"/S ?/Figure\b", pdf))
    assert 0 < figures == len(re.findall(rb"/Alt\b", pdf))
    assert b"/JavaScript" not in pdf


def test_the_page_tells_every_rank_and_its_range(files: dict[str, bytes]) -> None:
    text = Page(files["buletin.html"]).text
    for rank, office in enumerate(REGIONS, start=1):
        likely = f"{max(1, rank - 1)}–{min(33, rank + 1)}"
        score = "–" if office == REGIONS[-1] else f"{2 * (33 - rank)}.078"
        mark = "*" if office == REGIONS[-1] else ""
        assert re.search(
            rf"\b{rank} \S+( \d)? {re.escape(office + mark)} {re.escape(score)} {likely}", text
        )
    assert STAMP["manifest_sha256"] in text
    assert f"1204 baris, {STAMP['log']['root']}" in text


def test_the_page_needs_nothing_from_outside(files: dict[str, bytes]) -> None:
    html = files["buletin.html"].decode()
    page = Page(files["buletin.html"])
    assert ("html", {"lang": "id"}) in page.elements
    assert not {"script", "link", "iframe", "img", "form"} & {tag for tag, _ in page.elements}
    assert "default-src 'none'" in html
    assert re.findall(r"url\(\"(.{15})", html) == ["data:font/ttf;b"] * 2
    drawings = [values for tag, values in page.elements if tag == "svg"]
    assert drawings
    assert all(values["aria-label"] for values in drawings)
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(headings))


def test_hostile_texts_stay_texts(hostile: dict[str, bytes]) -> None:
    page = Page(hostile["buletin.html"])
    assert not {"script", "img", "l"} & {tag for tag, _ in page.elements}
    for told in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[6]):
        assert " ".join(told.split()) in page.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b]", page.text)
    links = [values["href"] for tag, values in page.elements if tag == "a"]
    assert all(link is not None and link.startswith("#") for link in links)
    pdfs = [inside(made) for name, made in hostile.items() if name.endswith(".pdf")]
    assert not any(b"javascript:" in pdf or b"/JavaScript" in pdf for pdf in pdfs)


def test_every_letter_that_is_printed_as_itself_has_a_drawing() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x3000))
    printed = for_print(every).replace("□", "")
    assert {*"aZ09é▲▼≈–…’“”€Žž"} <= set(printed)
    document = bulletin()
    document.update(cards=[], leagues=[])
    document["edition"]["notes"] = [printed]
    document["coverage"]["missing_offices"] = [printed]  # in bold
    assert "buletin.pdf" in dict(render(document, STAMP, NOTHING))


def luminance(colour: str) -> float:
    """The relative luminance of `rrggbb`, as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_told_from_what_it_stands_on() -> None:
    typst = (SHIPPED / "base.typ").read_text()
    printed = dict(re.findall(r'#let (\w+) = rgb\("#(\w{6})"\)', typst))
    light, dark, paper = (SHIPPED / "bulletin.css").read_text().split(":root")[1:]
    on_screen = [dict(re.findall(r"--(\w+): #(\w{6})", css)) for css in (light, dark, paper)]
    for colours in (printed | {"page": "ffffff"}, *on_screen):
        for text in ("ink", "soft", "navy", "gold", "green", "red"):
            for ground in ("page", "paper", "tint"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_both_languages_have_the_same_words_and_their_own_names_of_files() -> None:
    assert WORDS["id"].keys() == WORDS["en"].keys()
    document = bulletin("en")
    document["cards"] = document["cards"][:1]
    made = dict(render(document, {**STAMP, "log": None}, NOTHING))
    assert set(made) == {
        "bulletin.html",
        "bulletin.pdf",
        "cards/kanwil-0.pdf",
        "pictures/kanwil-active.png",
        "pictures/kanwil-active.txt",
        "pictures/unit_utama-active.png",
        "pictures/unit_utama-active.txt",
    }
    page = Page(made["bulletin.html"])
    assert ("html", {"lang": "en"}) in page.elements
    assert "not logged yet" in page.text


def test_an_edition_that_lacks_newer_words_keeps_its_own() -> None:
    document = bulletin()
    document.update(cards=[], leagues=[], words={"title": "Buletin lama"})
    page = Page(dict(render(document, STAMP, NOTHING))["buletin.html"])
    assert "Buletin lama" in page.text
    assert WORDS["id"]["coverage"] in page.text
    assert on_screen(document, STAMP, NOTHING)


def test_sections_without_anything_are_left_out() -> None:
    document = bulletin()
    document["cards"] = document["cards"][:1]
    for key in ("helps", "platforms", "uncounted", "gaps", "campaigns", "objections"):
        document["cards"][0][key] = []
    document["cards"][0].update(guidance=None, followers=None)
    document["cards"][0]["top_posts"] = [
        {**bulletin()["cards"][0]["top_posts"][0], "link": None, "link_text": None}
    ]
    document.update(campaigns=[], flags=[], followers=None, opinion=None, leagues=[])
    document["guidance"].update(claims=[], near=[], note=None)
    document["rules"]["leagues"] = []
    document["edition"]["notes"] = []
    made = dict(render(document, STAMP, NOTHING))
    assert pages(made["kartu/kanwil-0.pdf"]) == 1
    text = Page(made["buletin.html"]).text
    assert WORDS["id"]["followers"] not in text
    assert WORDS["id"]["opinion"] not in text


def test_an_office_of_two_leagues_has_a_card_for_each() -> None:
    document = bulletin()
    document["leagues"] = []
    document["cards"] = [document["cards"][0], document["cards"][-1]]
    document["cards"][1]["office_id"] = "kanwil-0"
    made = dict(render(document, STAMP, NOTHING))
    assert {"kartu/kanwil-0-kanwil.pdf", "kartu/kanwil-0-unit_utama.pdf"} <= set(made)


def test_an_id_can_not_leave_its_folder() -> None:
    document = bulletin()
    document["leagues"] = []
    document["cards"] = document["cards"][:1]
    document["cards"][0]["office_id"] = "../../x"
    assert "kartu/..%2F..%2Fx.pdf" in dict(render(document, STAMP, NOTHING))


def test_a_homes_own_template_wins_over_the_shipped_one(tmp_path: Path) -> None:
    document = bulletin()
    document.update(cards=[], leagues=[])
    (tmp_path / "bulletin.css").write_text("body { color: #123456; }")
    (tmp_path / "bulletin.typ").write_text(
        '#import "base.typ": *\n#document-page("x", "y", 2cm)[z]'
    )
    made = dict(render(document, STAMP, tmp_path))
    assert b"color: #123456" in made["buletin.html"]
    assert b"--hairline" not in made["buletin.html"]
    assert pages(made["buletin.pdf"]) == 1


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("base.typ", "#let a = b", r"base\.typ:1:9: unknown variable: b"),
        ("bulletin.html.j2", "a\n{% if %}", r"bulletin\.html\.j2, line 2: Expected an expression"),
        ("bulletin.html.j2", "{{ data.absent.at }}", r"bulletin\.html\.j2: .*'absent'"),
        ("bulletin.html.j2", "{{ 1 + 'a' }}", r"bulletin\.html\.j2: unsupported operand"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadTemplate, match=told):
        dict(render(bulletin(), STAMP, tmp_path))
