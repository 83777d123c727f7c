"""What Meta calls the kinds of posts, on Instagram and on Facebook, in each of its languages.

What belongs here: the words of `Post type` (of the old Insights, `Type`) for each kind. What does
not: whether a post is a story, by which policies decide (`post_types.py`).

English and Spanish words were seen in exports, Indonesian ones in working parsers; Portuguese,
German and French ones are what these languages call the thing (inferred). The platform's name
beside a word (`IG image`, `Imagen de Instagram`) says nothing of the kind.
"""

from __future__ import annotations

import polars as pl

from ingest.fields import post_kinds
from ingest.fields.values import Cell

_WORDS = {
    "image": (
        "image",  # English, French
        "images",
        "photo",
        "photos",
        "gambar",  # Indonesian
        "foto",  # and Spanish, Portuguese, German
        "fotos",
        "imagen",  # Spanish
        "imágenes",
        "imagem",  # Portuguese
        "imagens",
        "bild",  # German
        "bilder",
    ),
    "carousel": (
        "carousel",  # English, Indonesian
        "carousels",
        "secuencia",  # Spanish
        "secuencias",
        "carrusel",
        "carrossel",  # Portuguese
        "karussell",  # German
        "carrousel",  # French
    ),
    "reel": ("reel", "reels"),
    "video": (
        "video",  # English, Indonesian, German, Spanish
        "videos",
        "vídeo",  # Spanish, Portuguese
        "vídeos",
        "vidéo",  # French
        "vidéos",
        "sharedvideo",  # the old Insights
    ),
    "story": (
        "story",
        "stories",
        "storys",  # German
        "cerita",  # Indonesian
        "historia",  # Spanish
        "historias",
    ),
    "text": (
        "text",  # English, German
        "status",  # the old Insights
        "teks",  # Indonesian
        "texto",  # Spanish, Portuguese
        "texte",  # French
    ),
    "link": (
        "link",  # English, Portuguese, German
        "links",
        "tautan",  # Indonesian
        "enlace",  # Spanish
        "enlaces",
        "lien",  # French
        "liens",
    ),
    "live": (
        "live",
        "live video",
        "live videos",
        "siaran langsung",  # Indonesian
        "video langsung",
        "en vivo",  # Spanish
        "en directo",
        "ao vivo",  # Portuguese
        "en direct",  # French
    ),
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words}
_PASSED_BY = frozenset({"ig", "instagram", "facebook", "de", "do"})


def of_type(field: str) -> Cell:
    """The kind of post that the field of the post's type names."""
    return post_kinds.of_word(pl.col(field), _KINDS, _PASSED_BY)
