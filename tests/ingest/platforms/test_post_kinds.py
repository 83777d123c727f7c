"""One word for a kind of post, whatever its platform and the language of its export say."""

from __future__ import annotations

import pytest

from tests.ingest.exports import (
    FACEBOOK,
    FACEBOOK_VIDEO,
    INSTAGRAM,
    TIKTOK_STUDIO,
    export,
    only,
)

_REEL = "https://www.facebook.com/reel/4388000000000001/"
_VIDEO = "https://www.facebook.com/kemenkumjabar/videos/4388000000000001/"
_PHOTO = "https://www.tiktok.com/@kemenkum.jabar/photo/7533299687164477449"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("IG image", "image"),
        ("Gambar IG", "image"),
        ("Imagen de Instagram", "image"),
        ("Imagem do Instagram", "image"),
        ("IG-Bild", "image"),
        ("IG carousel", "carousel"),
        ("Secuencia de Instagram", "carousel"),
        ("Carrossel do Instagram", "carousel"),
        ("IG-Ka\u00adrus\u00adsell", "carousel"),
        ("Carrousel Instagram", "carousel"),
        ("IG reel", "reel"),
        ("Reel IG", "reel"),
        ("Reel do Instagram", "reel"),
        ("Cerita IG", "story"),
        ("Historia de Instagram", "story"),
        ("IG video", "video"),
        # Nobody knows these, so nobody guesses.
        ("IG collage", "unknown"),
        ("Not a reel", "unknown"),
        ("", "unknown"),
    ],
)
def test_instagram_s_words(told: str, kind: str) -> None:
    assert only(export({**INSTAGRAM, "Post type": told}))["post_kind"] == kind


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Photos", "image"),
        ("Videos", "video"),
        ("Reels", "reel"),
        ("Links", "link"),
        ("Live", "live"),
        ("Siaran Langsung", "live"),
        ("Text", "text"),
        ("Tautan", "link"),
        ("Other", "unknown"),
    ],
)
def test_facebook_s_words(told: str, kind: str) -> None:
    assert only(export({**FACEBOOK, "Post type": told}))["post_kind"] == kind


@pytest.mark.parametrize(("link", "kind"), [(_REEL, "reel"), (_VIDEO, "video")])
def test_a_link_tells_what_a_video_of_facebook_is(link: str, kind: str) -> None:
    assert only(export({**FACEBOOK_VIDEO, "Permalink": link}))["post_kind"] == kind


def test_a_link_tells_a_photo_of_tiktok() -> None:
    assert only(export({**TIKTOK_STUDIO, "Video link": _PHOTO}))["post_kind"] == "image"
