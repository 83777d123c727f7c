"""Whether posts carry what a campaign asks for: captions by hand and planted, and who is asked."""

from __future__ import annotations

from typing import Any

from tests import variants
from tests.lakes import account, ask, day, delivery, lake, office, record
from tests.models import Models
from tests.reference import Row

BY_POST = "select post_key, finding from fct_post_campaign order by all"


def campaign(campaign_id: str = "C1", **more: Any) -> Row:
    """A campaign that asks everybody for #KementerianHukum, always."""
    return {
        "campaign_id": campaign_id,
        "hashtag": "#KementerianHukum",
        "keyword": None,
        "valid_from": day("2025-01-01"),
        "valid_to": None,
        "leagues": None,
        "platforms": None,
        **more,
    }


def post(text: str | None, post_id: str = "P1", **more: Any) -> Row:
    """A record with this caption; None: its export has none."""
    return record(post_id, text=text, caption_length=None if text is None else len(text), **more)


CAPTIONS = {
    "Layanan kami. #KementerianHukum": "exact",
    "＃KementerianHukum, hari ini": "exact",
    "#Humas#KementerianHukum": "exact",
    "#KementrianHukum, ralat: #KementerianHukum": "exact",
    "\u200f#KementerianHukum\u200f": "exact",
    "#kementerianhukum": "case",
    "#KEMENTERIANHUKUM #KementrianHukum": "case",
    "#KementrianHukum": "misspelt",
    "#KementerianHukam": "misspelt",
    "#KementeriaHuukum": "misspelt",
    "#KEMENTERIAN_HUKUM": "misspelt",
    "#KementérianHukum": "misspelt",
    "#𝗞𝗲𝗺𝗲𝗻𝘁𝗲𝗿𝗶𝗮𝗻𝗛𝘂𝗸𝘂𝗺": "misspelt",
    "#ＫementerianＨukum": "misspelt",
    "#Kementerian\u200dHukum": "misspelt",
    "#KementerianHukumRI": "joined",
    "#AyoKementerianHukum": "joined",
    "#KementerianHukum2025": "joined",
    "warga#KementerianHukum": "joined",
    "# KementerianHukum": "spaced",
    "#Kementerian Hukum melayani": "spaced",
    "KementerianHukum melayani": "without_hash",
    "di Kementerian\u00a0Hukum.": "without_hash",
    "#KementerianHAM": "absent",
    "#Kemenkumham #Hukum": "absent",
    "@kementerianhukum, kementerianhukum.go.id": "absent",
    "https://contoh.go.id/#KementerianHukum": "absent",
    "": "absent",
}


def test_the_best_finding_of_a_caption_holds(models: Models) -> None:
    records = [post(text, f"P{number:02}") for number, text in enumerate(CAPTIONS)]
    found = ask(models, BY_POST, delivery("2025-07-11", *records), campaigns=[campaign()])
    assert dict(zip(CAPTIONS, [finding for _, finding in found], strict=True)) == CAPTIONS


WORDS = {
    "Kini ada Pos Bantuan Hukum!": "exact",
    "pos bantuan\nhukum": "case",
    "Pos Bantuan Hukm": "misspelt",
    "Pos Bantuan Hukumm": "misspelt",
    "#PosBantuanHukum": "joined",
    "PosBantuan Hukum": "joined",
    "Pos Ban tuan Hukum": "spaced",
    "Bantuan Hukum": "absent",
    "kompos bantuan hukuman": "absent",
}


def test_a_keyword_is_words_without_a_sign(models: Models) -> None:
    records = [post(text, f"P{number:02}") for number, text in enumerate(WORDS)]
    asked = campaign(hashtag=None, keyword="Pos Bantuan Hukum")
    found = ask(models, BY_POST, delivery("2025-07-11", *records), campaigns=[asked])
    assert dict(zip(WORDS, [finding for _, finding in found], strict=True)) == WORDS


def test_where_a_hashtag_and_a_keyword_are_asked_for_either_will_do(models: Models) -> None:
    records = [post("Pos Bantuan Hukum", "P1"), post("#KementerianHukum", "P2"), post("", "P3")]
    asked = campaign(keyword="Pos Bantuan Hukum")
    found = ask(models, BY_POST, delivery("2025-07-11", *records), campaigns=[asked])
    assert [finding for _, finding in found] == ["exact", "exact", "absent"]


#: A caption, and its findings for #KemenkumNTT and #KemenkumNTB.
ALIKE = {
    "#KemenkumNTB": ("absent", "exact"),
    "#kemenkumntb": ("absent", "case"),
    "#KemenkumNTTT": ("misspelt", "absent"),
    # As near to the one as to the other, so it is nobody's.
    "#KemenkumNT": ("absent", "absent"),
    "#KemenkumNTBHebat": ("absent", "joined"),
}


def test_a_tag_that_is_another_registered_one_is_no_misspelling(models: Models) -> None:
    campaigns = [
        campaign("ntt", hashtag="#KemenkumNTT"),
        campaign("ntb", hashtag="#KemenkumNTB"),
        # The longer ones begin with it, and so it is joined to nothing.
        campaign("all", hashtag="#Kemenkum"),
    ]
    records = [post(text, f"P{number}") for number, text in enumerate(ALIKE)]
    sql = """
        select
            max(finding) filter (where campaign_id = 'ntt'),
            max(finding) filter (where campaign_id = 'ntb'),
            max(finding) filter (where campaign_id = 'all')
        from fct_post_campaign
        group by post_key
        order by post_key
    """
    found = ask(models, sql, delivery("2025-07-11", *records), campaigns=campaigns)
    assert found == [(*findings, "absent") for findings in ALIKE.values()]


def test_a_tag_that_is_registered_later_changes_nothing_before(models: Models) -> None:
    files = [
        delivery("2025-07-12", post("#KemenkumNTB", "P1")),
        delivery("2025-09-12", post("#KemenkumNTB", "P2", at="2025-09-10 00:00")),
    ]
    campaigns = [
        campaign(hashtag="#KemenkumNTT"),
        campaign("C2", hashtag="#KemenkumNTB", valid_from=day("2025-08-15"), platforms=["x"]),
    ]
    found = ask(models, BY_POST, *files, campaigns=campaigns)
    assert found == [("instagram:P1", "misspelt"), ("instagram:P2", "absent")]


def test_only_posts_that_are_asked_and_count_are_told(models: Models) -> None:
    files = delivery(
        "2025-08-02",
        post("#KementerianHukum", "P1", at="2025-07-09 16:59"),
        post("#KementerianHukum", "P2", at="2025-07-09 17:00"),  # the 10th in Jakarta
        post("#KementrianHukum", "P3", at="2025-07-20 16:59"),
        post("#KementerianHukum", "P4", at="2025-07-20 17:00"),
        post("#KementerianHukum", "P5", is_story=True),
        post("#KementerianHukum", "P6", platform_account_id="A2"),
        post("#KementerianHukum", "P7", platform_account_id="A3", platform="x"),
        post(None, "P8"),
    )
    asked = campaign(
        valid_from=day("2025-07-10"),
        valid_to=day("2025-07-21"),
        leagues=["kanwil"],
        platforms=["instagram"],
    )
    found = lake(
        files,
        offices=[office(), office("O2", league="unit_utama")],
        accounts=[account(), account("A2", "O2"), account("A3", platform="x")],
        campaigns=[asked],
    )
    with models.build(found) as warehouse:
        assert warehouse.execute(BY_POST).fetchall() == [
            ("instagram:P2", "exact"),
            ("instagram:P3", "misspelt"),
            ("instagram:P8", "unknown"),
        ]
        told = warehouse.execute(
            "select month, hashtag, keyword, league, office_id, platform, finding, post_count "
            "from agg_campaign order by finding"
        ).fetchall()
    place = (day("2025-07-01"), "#KementerianHukum", None, "kanwil", "O1", "instagram")
    assert told == [(*place, finding, 1) for finding in ("exact", "misspelt", "unknown")]


def test_a_title_that_lacks_the_tag_proves_nothing(models: Models) -> None:
    youtube = {"platform": "youtube", "platform_account_id": "A2"}
    records = [post("Judul", "P1", **youtube), post("Judul #KementerianHukum", "P2", **youtube)]
    found = ask(
        models,
        BY_POST,
        delivery("2025-07-11", *records),
        accounts=[account("A2", platform="youtube")],
        campaigns=[campaign()],
    )
    assert found == [("youtube:P1", "unknown"), ("youtube:P2", "exact")]


def test_a_campaign_that_is_added_judges_the_months_since_it_began_anew(models: Models) -> None:
    files = [
        delivery(
            "2025-09-02",
            post("#KementerianHukum", "P1", at="2025-05-10 00:00"),
            post("#KementerianHukum", "P2", at="2025-08-10 00:00"),
        )
    ]
    models.write(lake(*files))
    with models.run() as warehouse:
        assert warehouse.execute("from agg_campaign").fetchall() == []
        models.write(lake(*files, campaigns=[campaign(valid_from=day("2025-07-10"))]))
        models.update(warehouse)
        rebuilt = "select post_month from int_months where is_rebuilt"
        assert warehouse.execute(rebuilt).fetchall() == [(day("2025-08-01"),)]
        assert warehouse.execute(BY_POST).fetchall() == [("instagram:P2", "exact")]
        models.write(lake(*files))
        models.update(warehouse)
        assert warehouse.execute("from agg_campaign").fetchall() == []


def test_planted_captions_are_told_as_what_they_are(models: Models) -> None:
    records, truth = variants.posts(seed=7, count=600)
    campaigns = [wanted.row() for wanted in variants.CAMPAIGNS]
    sql = "select split_part(post_key, ':', 2), campaign_id, finding from fct_post_campaign"
    found = ask(models, sql, delivery("2025-07-12", *records), campaigns=campaigns)
    right = sum(truth[post_id] == (campaign_id, finding) for post_id, campaign_id, finding in found)
    assert right >= 0.97 * len(truth)
    slips = ("misspelt", "joined", "spaced", "without_hash")
    elsewhere = [row for row in found if row[2] in slips and truth[row[0]][0] != row[1]]
    assert len(elsewhere) <= 0.001 * len(found)
