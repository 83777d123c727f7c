"""Small files of comments, written by hand: what two persons and the account itself wrote."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl

#: Who wrote comments; none of it may be kept.
PERSONS = ("rahasia", "Budi Santoso", "0812-3456-7890", "UCprivate")
MENTIONING = "Kapan buka, @rahasia? Hubungi 0812-3456-7890 atau rahasia@contoh.id"
WITHOUT = "Kapan buka, [akun]? Hubungi [nomor] atau [surel]"
_AT = "2025-08-02T01:02:03"

YOUTUBE = {
    "kind": "youtube#commentThreadListResponse",
    "items": [
        {
            "id": "UgA",
            "snippet": {
                "channelId": "UCoffice",
                "videoId": "dQw4w9WgXcQ",
                "topLevelComment": {
                    "id": "UgA",
                    "snippet": {
                        "authorDisplayName": "@rahasia",
                        "authorProfileImageUrl": "https://yt3.ggpht.com/rahasia",
                        "authorChannelId": {"value": "UCprivate"},
                        "textDisplay": MENTIONING.replace(
                            "@rahasia", '<a href="https://youtube.com/@rahasia">@rahasia</a>'
                        ),
                        "likeCount": 3,
                        "publishedAt": f"{_AT}Z",
                    },
                },
            },
            "replies": {
                "comments": [
                    {
                        "id": "UgA.1",
                        "snippet": {
                            "authorChannelId": {"value": "UCoffice"},
                            "parentId": "UgA",
                            "textOriginal": "Senin & Selasa",
                            "textDisplay": "Senin &amp; Selasa",
                            "likeCount": 0,
                            "publishedAt": f"{_AT}Z",
                        },
                    }
                ]
            },
        }
    ],
}
INSTAGRAM = {
    "permalink": "https://www.instagram.com/reel/DMx9S9rgAAF/",
    "username": "kemenkum_jabar",
    "comments": {
        "data": [
            {
                "id": "1",
                "text": MENTIONING,
                "username": "rahasia",
                "timestamp": f"{_AT}+0000",
                "like_count": 3,
                "replies": {
                    "data": [
                        {
                            "id": "2",
                            "text": "Senin & Selasa",
                            "username": "Kemenkum_Jabar",
                            "timestamp": f"{_AT}+0000",
                            "like_count": 0,
                        }
                    ]
                },
            }
        ]
    },
}
FACEBOOK = {
    "data": [
        {
            "id": "100064_122100000000000001",
            "from": {"id": "100064", "name": "Kemenkum Jawa Barat"},
            "comments": {
                "data": [
                    {
                        "id": "122100000000000001_1",
                        "message": MENTIONING.replace("@rahasia", "Budi Santoso"),
                        "message_tags": [{"id": "7", "name": "Budi Santoso", "offset": 13}],
                        "from": {"id": "7", "name": "rahasia"},
                        "created_time": f"{_AT}+0000",
                        "like_count": 3,
                        "comments": {
                            "data": [
                                {
                                    "id": "122100000000000001_2",
                                    "message": "Senin & Selasa",
                                    "from": {"id": "100064"},
                                    "created_time": f"{_AT}+0000",
                                    "like_count": 0,
                                }
                            ]
                        },
                    }
                ]
            },
        }
    ]
}
SCRAPED = [
    {
        "postUrl": "https://www.instagram.com/p/DMx9S9rgAAF/",
        "commentUrl": "https://www.instagram.com/p/DMx9S9rgAAF/c/1",
        "id": "1",
        "text": MENTIONING,
        "ownerUsername": "rahasia",
        "ownerProfilePicUrl": "https://scontent/rahasia.jpg",
        "timestamp": f"{_AT}.000Z",
        "likesCount": 3,
        "replies": [
            {
                "id": "2",
                "text": "Senin & Selasa",
                "ownerUsername": "kemenkum_jabar",
                "timestamp": f"{_AT}.000Z",
                "likesCount": 0,
            }
        ],
    }
]
_VIDEO = "https://www.tiktok.com/@kemenkum.jabar/video/7533299687164477449"
TIKTOK = [
    {
        "videoWebUrl": _VIDEO,
        "cid": "1",
        "uniqueId": "rahasia",
        "text": MENTIONING,
        "diggCount": 3,
        "createTimeISO": f"{_AT}.000Z",
        "repliesToId": None,
    },
    {
        "videoWebUrl": _VIDEO,
        "cid": "2",
        "uniqueId": "Kemenkum.Jabar",
        "text": "Senin & Selasa",
        "diggCount": 0,
        "createTimeISO": f"{_AT}.000Z",
        "repliesToId": "1",
    },
]
_TABLE = [
    ["Name", "Username", "Profile ID", "Date", "Likes", "Comment", "Comment ID", "Comment URL"],
    ["rahasia", "rahasia", "7", "2025-08-02 01:02:03", "3", MENTIONING, "1", f"{_VIDEO}?c=1"],
    ["x", "kemenkum.jabar", "8", "2025-08-02 01:02:03", "0", "Senin & Selasa", "2", _VIDEO],
]


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


def table_as_csv() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(_TABLE)
    return text.getvalue().encode()


def table_as_xlsx() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in _TABLE:
        book.active.append(row)
    book.save(content)
    return content.getvalue()
