"""Responses of the platforms' APIs, and scrapes, as monitoring teams save them: JSON.

What belongs here: the keys of each kind, written out by hand from the platforms' references, and by
platform. What does not: how JSON is written (`json_files.py`). Their readers are in
`ingest/platforms/<platform>/api.py`, `apify.py` and `crowdtangle.py`.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.sample.formats import ExportFormat

_META_TIME = "{t:%Y-%m-%dT%H:%M:%S}+0000"
_MILLISECONDS = "{t:%Y-%m-%dT%H:%M:%S}.000Z"
_MEDIA_TYPES = {
    "IG image": "IMAGE",
    "IG reel": "VIDEO",
    "IG carousel": "CAROUSEL_ALBUM",
    "IG story": "IMAGE",
}

_MEDIA = ExportFormat(
    kind="instagram_api_media",
    locale="en",
    file_name="media.json",
    file_type="json",
    time_zone="UTC",
    time_form=_META_TIME,
    post_type_words=_MEDIA_TYPES,
    records_under="data",
    columns=(
        ("@.id", "id"),
        ("@.shortcode", "shortcode"),
        ("@.timestamp", "time"),
        ("@.caption", "text"),
        ("@.media_type", "type"),
        ("@.media_product_type", "product"),
        ("@.permalink", "link"),
        ("@.like_count", "likes"),
        ("@.comments_count", "comments"),
        ("@.username", "handle"),
        ("@.owner.id", "owner"),
        ("@.media_url", ""),
        ("$.paging", ""),
    ),
)
_DISCOVERED = replace(
    _MEDIA,
    records_under="business_discovery.media.data",
    columns=(
        ("@.id", "id"),
        ("@.permalink", "link"),
        ("@.timestamp", "time"),
        ("@.caption", "text"),
        ("@.media_type", "type"),
        ("@.media_product_type", "product"),
        ("@.like_count", "likes"),
        ("@.comments_count", "comments"),
        ("@.view_count", "views"),
        ("$.business_discovery.username", "handle"),
        ("$.business_discovery.id", "owner"),
        ("$.business_discovery.followers_count", "few"),
        ("$.business_discovery.media_count", "few"),
    ),
)
_EXPANDED = replace(
    _MEDIA,
    records_under="media.data",
    columns=(
        *[each for each in _MEDIA.columns if each[1] not in ("handle", "owner", "")],
        ("$.username", "handle"),
        ("$.id", "owner"),
        ("$.followers_count", "few"),
        ("$.media_count", "few"),
    ),
)
_APIFY = ExportFormat(
    kind="instagram_apify_posts",
    locale="en",
    file_name="dataset_instagram-scraper.json",
    file_type="json",
    time_zone="UTC",
    time_form=_MILLISECONDS,
    post_type_words={"IG image": "Image", "IG reel": "Video", "IG carousel": "Sidecar"},
    lists_stories=False,
    hidden_likes=(3,),
    columns=(
        ("@.inputUrl", ""),
        ("@.id", "id"),
        ("@.type", "type"),
        ("@.productType", ""),
        ("@.shortCode", "shortcode"),
        ("@.caption", "text"),
        ("@.url", "link"),
        ("@.commentsCount", "comments"),
        ("@.likesCount", "likes"),
        ("@.videoPlayCount", "views"),
        ("@.timestamp", "time"),
        ("@.ownerFullName", "name"),
        ("@.ownerUsername", "handle"),
        ("@.ownerId", "owner"),
    ),
)
_TANGLED = ExportFormat(
    kind="instagram_crowdtangle",
    locale="en",
    file_name="posts.json",
    post_type_words={"IG image": "photo", "IG reel": "video", "IG carousel": "album"},
    file_type="json",
    time_zone="UTC",
    time_form="{t:%Y-%m-%d %H:%M:%S}",
    lists_stories=False,
    records_under="result.posts",
    columns=(
        ("@.platformId", "id"),
        ("@.platform", ""),
        ("@.date", "time"),
        ("@.type", "type"),
        ("@.message", ""),
        ("@.description", "text"),
        ("@.postUrl", "link"),
        ("@.statistics.actual.favoriteCount", "likes"),
        ("@.statistics.actual.commentCount", "comments"),
        ("@.statistics.actual.viewCount", "views"),
        ("@.account.name", "name"),
        ("@.account.handle", "handle"),
        ("@.account.platformId", "owner"),
        ("$.status", "few"),
    ),
)
INSTAGRAM = (
    _MEDIA,
    replace(_MEDIA, columns=tuple(each for each in _MEDIA.columns if each[1] != "comments")),
    replace(_MEDIA, records_under="", is_lines=True),
    _DISCOVERED,
    _EXPANDED,
    _APIFY,
    _TANGLED,
)

_PAGE_POSTS = ExportFormat(
    kind="facebook_api_posts",
    locale="en",
    file_name="posts.json",
    post_type_words={
        "Photos": "added_photos",
        "Reels": "added_video",
        "Videos": "added_video",
    },
    file_type="json",
    time_zone="UTC",
    time_form=_META_TIME,
    records_under="data",
    columns=(
        ("@.id", "page_post"),
        ("@.message", "text"),
        ("@.story", ""),
        ("@.created_time", "time"),
        ("@.permalink_url", "link"),
        ("@.status_type", "type"),
        ("@.from.id", "owner"),
        ("@.from.name", "name"),
        ("@.shares.count", "shares"),
        ("@.reactions.summary.total_count", "likes"),
        ("@.comments.summary.total_count", "comments"),
    ),
)
FACEBOOK = (
    _PAGE_POSTS,
    replace(
        _PAGE_POSTS,
        records_under="posts.data",
        columns=(
            *[each for each in _PAGE_POSTS.columns if not each[0].startswith("@.from")],
            ("$.id", "owner"),
            ("$.name", "name"),
        ),
    ),
    ExportFormat(
        kind="facebook_crowdtangle",
        locale="en",
        file_name="posts.json",
        post_type_words={
            "Photos": "photo",
            "Reels": "native_video",
            "Videos": "native_video",
        },
        file_type="json",
        time_zone="UTC",
        time_form="{t:%Y-%m-%d %H:%M:%S}",
        records_under="result.posts",
        columns=(
            ("@.platformId", "page_post"),
            ("@.date", "time"),
            ("@.type", "type"),
            ("@.message", "text"),
            ("@.postUrl", "link"),
            ("@.statistics.actual.likeCount", "likes"),
            ("@.statistics.actual.shareCount", "shares"),
            ("@.statistics.actual.commentCount", "comments"),
            ("@.statistics.actual.loveCount", "zero"),
            ("@.statistics.actual.wowCount", "zero"),
            ("@.statistics.actual.hahaCount", "zero"),
            ("@.statistics.actual.sadCount", "zero"),
            ("@.statistics.actual.angryCount", "zero"),
            ("@.statistics.actual.thankfulCount", "zero"),
            ("@.statistics.actual.careCount", "zero"),
            ("@.account.name", "name"),
            ("@.account.handle", ""),
            ("@.account.platformId", "owner"),
        ),
    ),
)

_TWEETS = ExportFormat(
    kind="x_api_posts",
    locale="en",
    file_name="tweets.json",
    file_type="json",
    time_zone="UTC",
    time_form=_MILLISECONDS,
    records_under="data",
    references={"@.author_id": "includes.users"},
    unreported_of_reposts=("shares",),
    columns=(
        ("@.id", "id"),
        ("@.text", "text"),
        ("@.note_tweet.text", "text"),
        ("@.created_at", "time"),
        ("@.author_id", "number"),
        ("@.in_reply_to_user_id", "answered"),
        ("@.referenced_tweets", "referenced"),
        ("@.public_metrics.like_count", "likes"),
        ("@.public_metrics.reply_count", "comments"),
        ("@.public_metrics.retweet_count", "shares"),
        ("@.public_metrics.quote_count", "few"),
        ("@.public_metrics.bookmark_count", "saves"),
        ("@.public_metrics.impression_count", "impressions"),
        ("$.includes.users.username", "handle"),
        ("$.includes.users.name", "name"),
    ),
)
X = (
    _TWEETS,
    replace(
        _TWEETS,
        records_under="",
        is_lines=True,
        references={},
        columns=(
            *[each for each in _TWEETS.columns if not each[0].startswith("$.")],
            ("@.author.username", "handle"),
            ("@.author.name", "name"),
        ),
    ),
)

_DISPLAY = ExportFormat(
    kind="tiktok_api_videos",
    locale="en",
    file_name="videos.json",
    file_type="json",
    time_form="{t:%S}",  # seconds since 1970
    records_under="data.videos",
    columns=(
        ("@.id", "id"),
        ("@.create_time", "unix"),
        ("@.share_url", "link"),
        ("@.title", ""),
        ("@.video_description", "text"),
        ("@.like_count", "likes"),
        ("@.comment_count", "comments"),
        ("@.share_count", "shares"),
        ("@.view_count", "views"),
        ("$.data.cursor", "few"),
    ),
)
TIKTOK = (
    _DISPLAY,
    replace(
        _DISPLAY,
        columns=(
            *[each for each in _DISPLAY.columns if each[1] != "link"],
            ("@.username", "handle"),
            ("@.favorites_count", "saves"),
        ),
    ),
    replace(_DISPLAY, columns=(*_DISPLAY.columns, ("@.favourites_count", "saves"))),
)

_VIDEOS = ExportFormat(
    kind="youtube_api_videos",
    locale="en",
    file_name="videos.json",
    file_type="json",
    time_zone="UTC",
    time_form="{t:%Y-%m-%dT%H:%M:%S}Z",
    records_under="items",
    has_numbers_as_texts=True,
    columns=(
        ("@.kind", ""),
        ("@.id", "id"),
        ("@.snippet.publishedAt", "time"),
        ("@.snippet.channelId", "owner"),
        ("@.snippet.channelTitle", "name"),
        ("@.snippet.title", "text"),
        ("@.snippet.categoryId", "few"),
        ("@.statistics.viewCount", "views"),
        ("@.statistics.likeCount", "likes"),
        ("@.statistics.commentCount", "comments"),
    ),
)
YOUTUBE = (
    _VIDEOS,
    replace(
        _VIDEOS,
        columns=(
            ("@.id", "id"),
            ("@.snippet.publishTime", "time"),
            ("@.statistics.viewCount", "views"),
            ("@.statistics.likeCount", "likes"),
            ("@.statistics.commentCount", "comments"),
        ),
    ),
)
