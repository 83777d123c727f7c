"""Facebook's exports: the content of posts from 20 to 212 columns, and of videos.

The form of a block is told in `layout.py`.
"""

from __future__ import annotations

#: Those that the sample world is written in.
WORLD = """
facebook_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=rest|Duration (sec)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=views|Reach=reach
Reactions, Comments and Shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=few|Link Clicks|Other Clicks=few
Matched Audience Targeting Consumption (Photo Click)|Seconds viewed|Average Seconds viewed
Estimated earnings (USD)|Ad impressions

facebook_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Page ID=owner|Page name=name|Title=title|Description=rest|Duration (secs)=seconds
Publish time=time|Caption type|Permalink=link|Is crosspost=cross|Is share=repost|Post type=type
Languages|Custom labels|Funded content status|Data comment|Date=scope|Views=zero|Reach=reach
Reactions, comments and shares=sum|Reactions=likes|Comments=comments|Shares=shares
Total clicks=few|Views=views|Reach from Organic posts=reach|Reach from Boosted posts=zero
3-second video views=zero|Negative feedback from users=zero|Other clicks=few|Link Clicks
"""

#: Videos; the second form has a link and views, as offices can choose.
FURTHER = """
facebook_videos;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Video asset ID=plain|Universal video ID|Page ID=owner|Page name=name|Title=title|Description=rest
Duration (sec)=seconds|Publish time=time|Custom labels|Data comment|Date=scope
Reach=reach|3-second video views=few|1-minute video views=few|Seconds viewed=few
Average Seconds viewed=few|Reactions, comments and shares=sum|Reactions=likes|Comments=comments
Shares=shares|Estimated earnings (USD)|Ad CPM (USD)|Ad impressions

facebook_videos;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};99;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Video asset ID=plain|Universal video ID|Page ID=owner|Page name=name|Title=text
Duration (sec)=seconds|Publish time=time|Permalink=link|Custom labels|Data comment|Date=scope
Views=views|Reach=reach|3-second video views=few|Reactions, comments and shares=sum
Reactions=likes|Comments=comments|Shares=shares
"""

#: What the widest exports add: the same counters by where they came from.
TAIL = tuple(
    f"{counter} from {source}"
    for counter in (
        *("Seconds viewed", "Reach", "3-second video views", "1-minute video views"),
        *("Video impressions", "Unique viewers", "Average seconds viewed", "Ad impressions"),
        *("Link clicks", "Photo clicks", "Video clicks", "Other clicks", "Profile visits"),
    )
    for source in (
        *(
            "Recommendations",
            "Shares",
            "Followers",
            "Boosted posts",
            "Organic posts",
            "Notifications",
        ),
        *("Search", "Pages", "Groups", "Stories", "Watch", "Reels", "Explore", "Feed"),
    )
)
