"""Small responses for the tests of JSON: one good record per kind, written by hand.

Every post was published on 31 July 2025 at 17:30:15 UTC; the IDs are those of `exports.py`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from tests.ingest.exports import CAPTION

Json = dict[str, Any]

MEDIA: Json = {
    "id": "17900000000000001",
    "shortcode": "DMx9S9rgAAF",
    "timestamp": "2025-07-31T17:30:15+0000",
    "caption": CAPTION,
    "media_type": "VIDEO",
    "media_product_type": "REELS",
    "permalink": "https://www.instagram.com/reel/DMx9S9rgAAF/",
    "like_count": 75,
    "comments_count": 8,
}
PAGE_POST: Json = {
    "id": "100064000000001_122100000000000001",
    "message": CAPTION,
    "created_time": "2025-07-31T17:30:15+0000",
    "permalink_url": "https://www.facebook.com/100064000000001/posts/pfbid02abc",
    "shares": {"count": 6},
    "reactions": {"data": [], "summary": {"total_count": 75}},
    "comments": {"data": [], "summary": {"order": "ranked", "total_count": 8}},
}
VIDEO: Json = {
    "kind": "youtube#video",
    "etag": "abc",
    "id": "dQw4w9WgXcQ",
    "snippet": {
        "publishedAt": "2025-07-31T17:30:15Z",
        "channelId": "UC0000000000000000000001",
        "channelTitle": "Kemenkum Jawa Barat",
        "title": CAPTION,
        "thumbnails": {"default": {"url": "https://i.ytimg.com/vi/x.jpg", "width": 120}},
        "tags": ["hukum"],
        "categoryId": "22",
    },
    "statistics": {
        "viewCount": "1200",
        "likeCount": "75",
        "favoriteCount": "0",
        "commentCount": "8",
    },
}
TWEET: Json = {
    "id": "1950972286718705671",
    "text": CAPTION,
    "created_at": "2025-07-31T17:30:15.000Z",
    "author_id": "4400000001",
    "edit_history_tweet_ids": ["1950972286718705671"],
    "public_metrics": {
        "retweet_count": 6,
        "reply_count": 8,
        "like_count": 75,
        "quote_count": 1,
        "bookmark_count": 4,
        "impression_count": 1200,
    },
}
USER: Json = {"id": "4400000001", "name": "Kemenkum Jabar", "username": "KemenkumJabar"}
TIKTOK_VIDEO: Json = {
    "id": "7533299687164477449",
    "create_time": 1753983015,
    "share_url": "https://www.tiktok.com/@Kemenkum.Jabar/video/7533299687164477449?utm_source=x",
    "video_description": CAPTION,
    "title": "",
    "duration": 31,
    "like_count": 75,
    "comment_count": 8,
    "share_count": 6,
    "view_count": 1200,
}
SCRAPED: Json = {
    "inputUrl": "https://www.instagram.com/kemenkum_jabar/",
    "id": "3689106254081984517",
    "type": "Video",
    "shortCode": "DMx9S9rgAAF",
    "caption": CAPTION,
    "hashtags": [],
    "url": "https://www.instagram.com/p/DMx9S9rgAAF/",
    "commentsCount": 8,
    "firstComment": "Mantap",
    "latestComments": [
        {
            "id": "1",
            "text": "Mantap",
            "ownerUsername": "siti_private",
            "owner": {"id": "31000000001", "username": "siti_private"},
            "replies": [],
        }
    ],
    "likesCount": 75,
    "videoPlayCount": 1200,
    "timestamp": "2025-07-31T17:30:15.000Z",
    "childPosts": [],
    "ownerFullName": "Kemenkum Jawa Barat",
    "ownerUsername": "Kemenkum_Jabar",
    "ownerId": "53700000001",
    "productType": "clips",
}
TANGLED: Json = {
    "platformId": "100064000000001_122100000000000001",
    "platform": "Facebook",
    "date": "2025-07-31 17:30:15",
    "updated": "2025-08-02 01:00:00",
    "type": "photo",
    "message": CAPTION,
    "postUrl": "https://www.facebook.com/kemenkumjabar/posts/122100000000000001",
    "subscriberCount": 1000,
    "score": 1.5,
    "statistics": {
        "actual": {
            "likeCount": 40,
            "shareCount": 6,
            "commentCount": 8,
            "loveCount": 20,
            "wowCount": 5,
            "hahaCount": 4,
            "sadCount": 3,
            "angryCount": 2,
            "thankfulCount": 0,
            "careCount": 1,
        },
        "expected": {"likeCount": 1, "shareCount": 2},
    },
    "account": {
        "id": 11,
        "name": "Kemenkum Jawa Barat",
        "handle": "KemenkumJabar",
        "platformId": "100064000000001",
    },
}

#: A record of each kind, and the keys under which its responses have them.
GOOD: dict[str, tuple[Json, str]] = {
    "instagram_api_media": (MEDIA, "data"),
    "facebook_api_posts": (PAGE_POST, "data"),
    "youtube_api_videos": (VIDEO, "items"),
    "x_api_posts": (TWEET, "data"),
    "tiktok_api_videos": (TIKTOK_VIDEO, "data.videos"),
    "instagram_apify_posts": (SCRAPED, ""),
    "facebook_crowdtangle": (TANGLED, "result.posts"),
}


def changed(record: Json, **changes: Any) -> Json:
    """A record with other values: `a__b=1` is `{"a": {"b": 1}}`, None takes the key away."""
    return with_values(record, changes)


def with_values(record: Json, changes: Mapping[str, Any]) -> Json:
    """The same for keys that are no names in Python."""
    other = copy.deepcopy(record)
    for path, value in changes.items():
        *steps, last = path.split("__")
        around = other
        for step in steps:
            around = around.setdefault(step, {})
        if value is None:
            around.pop(last, None)
        else:
            around[last] = value
    return other


def response(under: str, *records: Json, **beside: Any) -> bytes:
    """A response with records under some keys, and other keys beside the first of them."""
    found: Any = list(records)
    for key in reversed([key for key in under.split(".") if key]):
        found = {key: found}
    if beside:
        found |= beside
    return json.dumps(found, ensure_ascii=False).encode()


def lines(*documents: Any) -> bytes:
    """A document a line."""
    return "".join(f"{json.dumps(document)}\n" for document in documents).encode()
