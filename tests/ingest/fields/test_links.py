"""Links and IDs as people write them: known answers, and what is no post."""

from __future__ import annotations

from datetime import datetime

import pytest

from ingest.fields import links
from ingest.fields.links import Named
from ingest.platforms import LINKS

X, INSTAGRAM = ("x", "1951059704091722736"), ("instagram", "DM4JW3GkJoi")
TIKTOK, YOUTUBE = ("tiktok", "7534542113043905898"), ("youtube", "DTnFoTIsc5m")
FACEBOOK, ENCODED = ("facebook", "1220041710001297"), ("facebook", "pfbid02UZaBcD")
POSTS = {
    "https://x.com/Kemkumpapua/status/1951059704091722736": X,
    "http://mobile.twitter.com/Kemkumpapua/status/1951059704091722736?s=20&t=abc": X,
    "x.com/i/web/status/1951059704091722736": X,
    "https://twitter.com/kemkum/statuses/1951059704091722736/photo/1": X,
    "https://fxtwitter.com/i/status/1951059704091722736": X,
    "https://nitter.example/Kemkumpapua/status/1951059704091722736#m": X,
    "https://www.instagram.com/p/DM4JW3GkJoi/?igsh=MTc0==&img_index=2": INSTAGRAM,
    "HTTPS://WWW.INSTAGRAM.COM/reel/DM4JW3GkJoi": INSTAGRAM,
    "instagram.com/kemkum_sulut/reels/DM4JW3GkJoi/": INSTAGRAM,
    "https://m.instagram.com/tv/DM4JW3GkJoi/": INSTAGRAM,
    "https://instagr.am/p/DM4JW3GkJoi": INSTAGRAM,
    "instagram.com/p/DNNpRs6X3Q_": ("instagram", "DNNpRs6X3Q_"),
    # A private account's link goes on with a key.
    "https://www.instagram.com/p/DM4JW3GkJoiAbCdEfGhIjKlMnOpQrStUvWxYz01": INSTAGRAM,
    "https://www.instagram.com/accounts/login/?next=%2Fp%2FDM4JW3GkJoi%2F": INSTAGRAM,
    "https://www.instagram.com/stories/kemkum_babel/3703073082044500262/": (
        "instagram",
        "3703073082044500262",
    ),
    "https://www.tiktok.com/@kemkum.sulut/video/7534542113043905898?is_from_webapp=1": TIKTOK,
    "https://tiktok.com/@kemkum.sulut/photo/7534542113043905898": TIKTOK,
    "https://m.tiktok.com/v/7534542113043905898.html?u_code=0": TIKTOK,
    "https://www.tiktok.com/embed/v2/7534542113043905898": TIKTOK,
    "https://www.youtube.com/watch?v=DTnFoTIsc5m": YOUTUBE,
    "https://m.youtube.com/watch?app=desktop&amp;v=DTnFoTIsc5m&amp;t=3s": YOUTUBE,
    "https://youtu.be/DTnFoTIsc5m?si=Ab3": YOUTUBE,
    "https://youtube.com/shorts/DTnFoTIsc5m?feature=share": YOUTUBE,
    "https://www.youtube.com/live/DTnFoTIsc5m?si=x": YOUTUBE,
    "https://studio.youtube.com/video/DTnFoTIsc5m/edit": YOUTUBE,
    "https://www.youtube-nocookie.com/embed/DTnFoTIsc5m": YOUTUBE,
    "https://www.facebook.com/kemkumpapua/posts/1220041710001297": FACEBOOK,
    "https://id-id.facebook.com/kemkumpapua/posts/selamat-pagi/1220041710001297/": FACEBOOK,
    "https://m.facebook.com/story.php?story_fbid=1220041710001297&id=100069418798334": FACEBOOK,
    "https://www.facebook.com/permalink.php?id=1&story_fbid=1220041710001297": FACEBOOK,
    "https://www.facebook.com/reel/1220041710001297/?s=ifu": FACEBOOK,
    "https://web.facebook.com/watch/?v=1220041710001297": FACEBOOK,
    "https://www.facebook.com/kemkumpapua/videos/judul/1220041710001297/": FACEBOOK,
    "https://www.facebook.com/kemkumpapua/photos/a.12/1220041710001297/?type=3": FACEBOOK,
    "https://www.facebook.com/photo/?fbid=1220041710001297&set=a.12": FACEBOOK,
    "https://www.facebook.com/groups/123/permalink/1220041710001297/": FACEBOOK,
    "https://www.facebook.com/100069418798334_1220041710001297": FACEBOOK,
    "https://www.facebook.com/kemkumpapua/posts/pfbid02UZaBcD?rdid=9#": ENCODED,
    "https://m.facebook.com/story.php?story_fbid=pfbid02UZaBcD&id=100": ENCODED,
    # Redirects and archives carry the link that they lead to.
    "https://l.instagram.com/?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1951059704091722736&e=A": X,
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fyoutu.be%2FDTnFoTIsc5m%3Fsi%3D1&h=AT0": YOUTUBE,
    "https://www.google.com/url?q=https://www.instagram.com/p/DM4JW3GkJoi/&sa=D": INSTAGRAM,
    "https://web.archive.org/web/2025/https://x.com/a/status/1951059704091722736": X,
}
OTHERS = {
    "https://vm.tiktok.com/ZS9abc/": "short",
    "https://vt.tiktok.com/ZS9abc/": "short",
    "https://www.tiktok.com/t/ZT9abc/": "short",
    "https://fb.watch/abc-1/": "short",
    "https://www.facebook.com/share/p/1AbCdEfG/": "short",
    "https://www.instagram.com/share/reel/BAabc_d": "short",
    "https://t.co/AbC123": "short",
    "s.id/KemenkumBali": "short",
    "https://www.instagram.com/kemkum_papua/": "page",
    "https://www.instagram.com/reels/audio/123456/": "page",
    "https://www.instagram.com/stories/highlights/17890012345678901/": "page",
    "https://x.com/Kemkumpapua": "page",
    "https://www.youtube.com/@kemkumpapua/videos": "page",
    "https://www.facebook.com/kemkumpapua": "page",
    # The number of a page.
    "https://www.facebook.com/100069418798334": "page",
    "https://kemenkum.go.id/berita/status/1": "site",
    # Nobody's: the host only begins, or ends, as a platform's does.
    "https://instagram.com.example.org/p/DM4JW3GkJoi/": "site",
    "https://notinstagram.com/p/DM4JW3GkJoi/": "site",
    "https://www.instagram.com@example.org/p/DM4JW3GkJoi/": "site",
}


def read(text: str) -> list[Named]:
    return links.find(links.clean(text), LINKS)[0]


@pytest.mark.parametrize("text", POSTS)
def test_every_spelling_of_a_link_names_its_post(text: str) -> None:
    (named,) = read(text)
    assert (named.kind, *map(tuple, named.readings)) == ("post", POSTS[text])


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_link_of_a_post_is_told_apart(text: str) -> None:
    (named,) = read(text)
    assert (named.kind, named.readings) == (OTHERS[text], ())


@pytest.mark.parametrize(
    "text",
    [
        "\u200bhttps://\u2060x.com/a/status/1951059704091722736\ufeff",
        "\u201chttps://x.com/a/status/1951059704091722736\u201d",
        "<https://x.com/a/status/1951059704091722736>.",
        "[tautan](https://x.com/a/status/1951059704091722736)",
        "https:// x.com/a/status/1951059704091722736",
        "https:\\/\\/x.com\\/a\\/status\\/1951059704091722736",
        "https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1951059704091722736",
        "htps://x.com/a/status/1951059704091722736",
        "\uff48ttps://x.com/a/status/1951059704091722736",
    ],
)
def test_what_copying_leaves_in_a_link_does_no_harm(text: str) -> None:
    assert [tuple(reading) for named in read(text) for reading in named.readings] == [X]


def test_several_links_in_a_text_stay_in_order() -> None:
    text = (
        "1) https://x.com/a/status/1951059704091722736https://youtu.be/DTnFoTIsc5m, dan\n"
        "www.instagram.com/p/DM4JW3GkJoi/; humas@facebook.com/x"
    )
    assert [tuple(named.readings[0]) for named in read(text)] == [X, YOUTUBE, INSTAGRAM]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'1951059704091722736", X),
        ('="7534542113043905898"', TIKTOK),
        ("ID: DM4JW3GkJoi", INSTAGRAM),
        # The app's number of a post encodes its shortcode.
        ("3690741048043149858_17841400000000000", INSTAGRAM),
        ("100069418798334_1220041710001297", FACEBOOK),
    ],
)
def test_an_id_alone_may_be_read_as_its_post(text: str, expected: tuple[str, str]) -> None:
    named = links.ids(links.clean(text), LINKS, {})
    assert named is not None
    assert expected in [tuple(reading) for reading in named[0].readings]


@pytest.mark.parametrize("text", ["1.95106E+18", "1,95106E+18", "1951059704091720000", "'1.95E+18"])
def test_an_id_that_a_spreadsheet_rounded_has_lost_its_digits(text: str) -> None:
    named = links.ids(links.clean(text), LINKS, {})
    assert named is not None
    assert [each.kind for each in named] == ["lost"]


@pytest.mark.parametrize(
    "text", ["Kementerian", "KANWIL-BALI", "Agustus2025", "61", "081234567890", "menyusul", ""]
)
def test_words_names_and_small_numbers_are_no_ids(text: str) -> None:
    assert links.ids(links.clean(text), LINKS, {}) is None


def test_an_id_on_record_is_one_however_it_looks() -> None:
    named = links.ids("Kementerian", LINKS, {"Kementerian": "youtube"})
    assert named is not None
    assert [tuple(reading) for reading in named[0].readings] == [("youtube", "Kementerian")]


def test_the_canonical_link_of_a_post_names_it() -> None:
    for platform, post_id in (X, INSTAGRAM, TIKTOK, YOUTUBE, FACEBOOK):
        link = LINKS[platform].link_of(post_id)
        assert link is not None
        assert tuple(links.name(link, LINKS).readings[0]) == (platform, post_id)
    # A story goes by a number, which makes no link.
    assert LINKS["instagram"].link_of("17800001358000042") is None


def test_ids_tell_when_they_were_made() -> None:
    # The published forms: milliseconds since an epoch above the lowest 22, 32 and 23 bits.
    assert LINKS["x"].time_of("1951211722106068992") == datetime(2025, 8, 1, 9, 21, 40)
    assert LINKS["tiktok"].time_of(str(1754000000 << 32)) == datetime(2025, 7, 31, 22, 13, 20)
    assert LINKS["instagram"].time_of("DM4JW3GkJoi") == datetime(2025, 8, 3, 3, 10, 39)
    assert LINKS["youtube"].time_of("DTnFoTIsc5m") is None
    assert LINKS["facebook"].time_of("1220041710001297") is None
