"""Facebook: the content export of Meta Business Suite, from 20 to 212 columns.

Seen: English 2025-01 to 2025-04, in two capitalisations; the words of other languages are inferred.
The caption stands in `Title` or in `Description`. `Views` can stand twice (2025-03); a non-zero
duplicate wins. Some files end in records cut short (2025-04); those are rejected. One page can bear
two page IDs; that is the registry's to say.

The video export (2025-12, up to 212 columns) numbers videos, not posts, and reports no views, only
those of three seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingest.fields import numbers, values
from ingest.fields.layout import (
    Column,
    Counter,
    Layout,
    Platform,
    Prose,
    counter_headers,
    header_set,
)
from ingest.fields.values import Cell
from ingest.platforms.meta import content_columns, counters, post_kinds, post_types, publish_time

PLATFORM = Platform(
    "facebook", "Facebook", published_precision="minute", range_time_zone="America/Los_Angeles"
)

_LINKED_ID = values.text("permalink").str.extract(
    r"/(?:posts|videos|reel)/(?:[^/?]+/)?([0-9]{10,})"
)
#: What the link of a video tells of its kind.
_LINKED_KIND = values.text("permalink").str.extract(r"facebook\.com/(?:[^?]*/)?(reel|videos)/")
_PARTS = ("reactions", "comments", "shares")


def _judge_sums(frame: pl.DataFrame) -> pl.DataFrame:
    """`sum:differs`: the sum that Facebook prints is another; most of a file's are right."""
    if "sum" not in frame.columns:
        return frame
    printed, *parts = (numbers.count(field).value for field in ("sum", *_PARTS))
    differs = printed != parts[0] + parts[1] + parts[2]
    is_wrong = differs & (differs.mean().over("file") <= 0.5)
    return frame.with_columns(is_wrong.fill_null(value=False).alias("sum:differs"))


def _heal(frame: pl.DataFrame) -> pl.DataFrame:
    """`is_healed`; an export without links has nothing to heal by."""
    if "permalink" not in frame.columns:
        return frame.with_columns(is_healed=pl.lit(value=False))
    return values.healed_ids_step("post_id", _LINKED_ID, is_own=False)(frame)


_DERIVED = (
    publish_time.step("publish_time"),
    values.rounded_ids_step("post_id", "page_id"),
    _heal,
    values.cut_account_ids_step("page_id"),
    _judge_sums,
    counters.lost_reach_step("page_id", "reactions"),
)


def _read(fields: frozenset[str]) -> dict[str, Cell]:
    published = publish_time.read("publish_time")
    # The API and older exports write the ID as `page_post`; the page can be an alias, the post is
    # not.
    delivered = values.identifier("post_id", "(?:[0-9]+_)?[0-9]+")
    title = values.prose("title")
    columns = {
        "platform_account_id": values.account("page_id"),
        "post_id": _post_id(delivered, fields),
        "is_healed": Cell(pl.col("is_healed")),
        "delivered_post_id": Cell(values.text("post_id")),
        "text": Cell(title),
        "published_at": published,
        "published_precision": Cell(pl.lit("minute")),
        "published_source": Cell(pl.lit("printed")),
        "printed_at": Cell(published.value),
        "date": counters.lifetime("date"),
        "like_count": numbers.count("reactions"),
        "comment_count": numbers.count("comments"),
        "share_count": numbers.count("shares"),
    }
    if "description" in fields:
        description = values.prose("description")
        is_longer = description.str.len_chars().fill_null(0) > title.str.len_chars().fill_null(0)
        columns["text"] = Cell(pl.when(is_longer).then(description).otherwise(title))
    if "post_type" in fields:
        columns["post_type"] = Cell(values.prose("post_type"))
        columns["post_kind"] = post_kinds.of_type("post_type")
        columns["is_story"] = post_types.is_story("post_type")
    elif "permalink" in fields:
        columns["post_kind"] = Cell(_LINKED_KIND.replace({"videos": "video"}))
    if "reach" in fields:
        columns["reach_count"] = counters.reach()
    if "sum" in fields:
        columns["sum"] = _sum()
    optional: dict[str, tuple[str, Callable[[str], Cell]]] = {
        "permalink": ("permalink", _text),
        "account_name": ("page_name", _prose),
        "view_count": ("views", numbers.count),
        "is_repost": ("is_share", values.flag),
        "is_cross_post": ("is_crosspost", values.flag),
    }
    return columns | {
        column: read(field) for column, (field, read) in optional.items() if field in fields
    }


def _sum() -> Cell:
    """Facebook prints the sum of three counters; where it differs, cells moved or were changed.

    It is no counter of its own, so one that can't be read proves nothing and costs nothing.
    """
    printed, differs = numbers.count("sum"), pl.col("sum:differs")
    parts = pl.concat_str([numbers.count(field).value for field in _PARTS], separator=", ")
    return Cell(
        printed.value,
        pl.when(differs).then(pl.lit("sum_differs")),
        pl.format(
            "{} as reactions, comments and shares; their sum is said to be {}",
            parts,
            printed.value,
        ),
        ~differs,
    )


def _post_id(delivered: Cell, fields: frozenset[str]) -> Cell:
    """The post's number; its link's where that shows that the number was rounded or cut."""
    number = values.text("post_id").str.extract(r"^(?:[0-9]+_)?([0-9]+)$")
    if "permalink" not in fields:
        return Cell(number, delivered.problem, delivered.text)
    link, linked, is_healed = values.text("permalink"), _LINKED_ID, pl.col("is_healed")
    # A link may bear another number altogether; one that is nearly the same is the post's.
    is_alike = (number.str.head(15) == linked.str.head(15)) | linked.str.starts_with(number)
    differs = (number != linked) & is_alike & (number.str.len_chars() <= linked.str.len_chars())
    problem = pl.coalesce(pl.when(differs).then(pl.lit("id_differs_from_link")), delivered.problem)
    detail = pl.format("{}, permalink = {}", delivered.text, link.fill_null(""))
    post_id = pl.when(is_healed).then(linked).otherwise(number)
    return Cell(post_id, pl.when(~is_healed).then(problem), detail)


def _text(field: str) -> Cell:
    return Cell(values.text(field))


def _prose(field: str) -> Cell:
    return Cell(values.prose(field))


#: In English it was seen; working parsers show some of the Spanish words, and none of a whole
#: header in another language.
_INFERRED = ("id", "es", "pt", "de", "fr")
_COUNTERS = (
    Counter(
        "reactions",
        inferred=_INFERRED,
        en="Reactions",
        id="Reaksi",
        es="Reacciones",
        pt="Reações",
        de="Reaktionen",
        fr="Réactions",
    ),
    content_columns.COMMENTS.inferred_in(*_INFERRED),
    Counter(
        "shares",
        inferred=_INFERRED,
        en="Shares",
        id=("Dibagikan", "Frekuensi dibagikan"),
        es=("Veces que se compartió", "Veces que se ha compartido"),
        pt="Compartilhamentos",
        de="Geteilte Inhalte",
        fr="Partages",
    ),
    Counter(
        "sum",
        required=False,
        inferred=_INFERRED,
        en="Reactions, Comments and Shares",
        id=("Reaksi, komentar, dan berbagi", "Reaksi, komentar, dan frekuensi dibagikan"),
        es=(
            "Reacciones, comentarios y veces que se compartió",
            "Reacciones, comentarios y veces que se ha compartido",
        ),
        pt="Reações, comentários e compartilhamentos",
        de="Reaktionen, Kommentare und geteilte Inhalte",
        fr="Réactions, commentaires et partages",
    ),
)


def _proof(fields: frozenset[str]) -> pl.Expr:
    """The sum that Facebook prints is that of the three counters, or the link bears the post's ID.

    Without the column that marks shared posts nothing is proven: they would count as the page's.
    """
    if "is_share" not in fields:
        return pl.lit(value=False)
    is_linked = values.text("post_id").str.extract(r"([0-9]+)$") == _LINKED_ID
    if "sum" not in fields:
        return is_linked
    printed, *parts = (numbers.count(field).value for field in ("sum", *_PARTS))
    return is_linked.fill_null(value=False) | (printed == parts[0] + parts[1] + parts[2])


CONTENT = Layout(
    platform=PLATFORM,
    kind="facebook_content",
    seen="2025-01 to 2025-04",
    read=_read,
    derived=_DERIVED,
    proof=_proof,
    columns=(
        content_columns.POST_ID.inferred_in(*_INFERRED),
        Column(
            "page_id",
            inferred=_INFERRED,
            en="Page ID",
            id="ID Halaman",
            es="Identificador de la página",
            pt="Identificação da Página",
            de="Seiten-ID",
            fr="Identifiant de la Page",
        ),
        Prose(
            "page_name",
            required=False,
            inferred=_INFERRED,
            en="Page name",
            id="Nama Halaman",
            es="Nombre de la página",
            pt="Nome da Página",
            de="Seitenname",
            fr="Nom de la Page",
        ),
        Prose(
            "title",
            inferred=_INFERRED,
            en="Title",
            id="Judul",
            es="Título",
            pt="Título",
            de="Titel",
            fr="Titre",
        ),
        content_columns.DESCRIPTION.inferred_in(*_INFERRED),
        content_columns.PUBLISH_TIME.inferred_in(*_INFERRED),
        content_columns.PERMALINK.inferred_in(*_INFERRED),
        Column(
            "is_crosspost",
            required=False,
            inferred=_INFERRED,
            en="Is crosspost",
            id="Apakah postingan silang",
            es="Es publicación cruzada",
            pt="É publicação cruzada",
            de="Ist Crosspost",
            fr="Est une publication croisée",
        ),
        Column(
            "is_share",
            required=False,
            inferred=_INFERRED,
            en="Is share",
            id="Apakah dibagikan",
            es="Es contenido compartido",
            pt="É compartilhamento",
            de="Ist geteilter Inhalt",
            fr="Est un partage",
        ),
        content_columns.POST_TYPE.inferred_in(*_INFERRED),
        content_columns.DATE.inferred_in(*_INFERRED),
        content_columns.VIEWS.inferred_in(*_INFERRED),
        content_columns.REACH.inferred_in(*_INFERRED),
        *_COUNTERS,
    ),
    always_filled=counter_headers(*_COUNTERS),
    comment_headers=content_columns.DATA_COMMENT,
    ignored_headers=content_columns.DATA_COMMENT
    | content_columns.DURATION
    | header_set(
        "Caption type",
        "Jenis keterangan",
        "Languages",
        "Bahasa",
        "Custom labels",
        "Label khusus",
        "Funded content status",
        "Status konten didanai",
        "Total clicks",
        "Total klik",
        "Link Clicks",
        "Other Clicks",
        "Seconds viewed",
        "Matched Audience Targeting Consumption (Photo Click)",
        "Average Seconds viewed",
        "Estimated earnings (USD)",
        "Ad impressions",
        "Reach from Organic posts",
        "Reach from Boosted posts",
        "3-second video views",
        "1-minute video views",
        "3-Second viewers",
        "1-minute viewers",
        "3-second video views from Boosted posts",
        "3-second video views from Organic posts",
        "Negative feedback from users",
        "Unique negative feedback from users",
    ),
)

#: The export of videos was seen in English alone.
_VIDEO_COUNTERS = tuple(column.only("en") for column in _COUNTERS)

VIDEOS = Layout(
    platform=PLATFORM,
    kind="facebook_videos",
    seen="2025-12",
    read=_read,
    covers_posts=False,
    derived=_DERIVED,
    columns=(
        # Not the post's number; a reel's or a video's permalink tells both.
        Column("post_id", en="Video asset ID"),
        Column("page_id", en="Page ID"),
        Prose("page_name", required=False, en="Page name"),
        Prose("title", en="Title"),
        Prose("description", required=False, en="Description"),
        Column("publish_time", en="Publish time"),
        Column("permalink", required=False, en="Permalink"),
        Column("date", en="Date"),
        Counter("views", required=False, en="Views"),
        Counter("reach", required=False, en="Reach"),
        *_VIDEO_COUNTERS,
    ),
    always_filled=counter_headers(*_VIDEO_COUNTERS),
    comment_headers=header_set("Data comment"),
    ignored_headers=header_set(
        "Universal video ID",
        "Duration (sec)",
        "Custom labels",
        "Data comment",
        "3-second video views",
        "1-minute video views",
        "Seconds viewed",
        "Average Seconds viewed",
        "3-second viewers",
        "1-minute viewers",
        "Estimated earnings (USD)",
        "Ad CPM (USD)",
        "Ad impressions",
    ),
)

LAYOUTS = (CONTENT, VIDEOS)
