"""Facebook's exports: posts in 20 to 212 columns, videos, and the workbooks of before 2018.

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

_INSIGHTS = """
facebook_insights;en;America/Los_Angeles;{t:%Y-%m-%dT%H:%M:%S};99;FORM typed;Key Metrics
Facebook Insights Data Export (Post Level) - {handle} - {end:%Y-%m-%d}.xls
Post ID=page_post|Permalink=link|Post Message=text|Type=type|Countries|Languages|Posted=time
Audience Targeting|REACH=reach|Lifetime Post organic reach=few|IMPRESSIONS=impressions

facebook_insights_stories;en;America/Los_Angeles;{t:%Y-%m-%dT%H:%M:%S};99;FORM typed;STORIES
Facebook Insights Data Export (Post Level) - {handle} - {end:%Y-%m-%d}.xls
Description|Post ID=page_post|Permalink=link|Post Message=text|Type=type|Countries|Languages
Posted=time|Audience Targeting|share=shares|like=likes|comment=comments

facebook_insights_others;en;;;99;FORM typed;Lifetime Negative Feedback
Facebook Insights Data Export (Post Level) - {handle} - {end:%Y-%m-%d}.xls
Description=text|Post ID|Permalink|Post Message|Type|Countries|Languages
Posted|Audience Targeting|hide_clicks=zero
"""
_GENERATIONS = (
    ("Lifetime Post Total Reach", "Lifetime Post Total Impressions"),
    ("post_impressions_unique:lifetime", "post_impressions:lifetime"),
)

#: Videos; the second form has a link and views, as offices can choose.
_VIDEOS = """
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

FURTHER = _VIDEOS + "".join(
    _INSIGHTS.replace("FORM", form)
    .replace("STORIES", "Lifetime Post Stories by act...")
    .replace("REACH", reach)
    .replace("IMPRESSIONS", impressions)
    for form in ("xlsx", "xml")
    for reach, impressions in _GENERATIONS
)

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
