"""TikTok's exports: videos and days, of Studio and of Business Suite.

The form of a block is told in `layout.py`.
"""

from __future__ import annotations

#: Those that the sample world is written in.
WORLD = """
tiktok_studio_content;en;;{t:%B} {t.day};99;bom quoted cut
Content_{since:%Y-%m-%d}_{unix}_{handle}.csv
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_studio_content;id;;{t.day} {bulan};99;bom quoted cut
Content_{since:%Y-%m-%d}_{unix}_{handle}.csv
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_business_video;en;UTC;{t:%Y/%m/%d %H:%M:%S};99;bom none=--
Video.csv
Video title=text|Video link=link|Post time=time|Video views=views|Likes=likes
Comments=comments|Shares=shares|Add to Favorites =saves
"""

#: How Studio writes a day in its languages; its headers are always English.
_DAYS = {
    "en": ("{t:%B} {t.day}", "{t.day} {t:%B}"),
    "id": ("{t.day} {bulan}",),
    "es": ("{t.day} de {mes}",),
}
_STUDIO = """
tiktok_studio_content;LOCALE;;FORM;99;bom quoted cut
Content_{since:%Y-%m-%d}_{unix}_{handle}.csv
Time=since|Video title=text|Video link=link|Post time=time|Total likes=likes
Total comments=comments|Total shares=shares|Total views=views

tiktok_studio_overview;LOCALE;;FORM;99;bom quoted cut none=undefined
Overview_{since:%Y-%m-%d}_{unix}_{handle}.csv
Date=day|Video Views=views|Profile Views=profile_visits|Likes=likes|Comments=comments|Shares=shares

tiktok_studio_viewers;LOCALE;;FORM;99;bom quoted cut none=undefined
Viewers_{since:%Y-%m-%d}_{unix}_{handle}.csv
Date=day|Total Viewers=reach|New Viewers=new_viewers|Returning Viewers=returning_viewers

tiktok_studio_followers;LOCALE;;FORM;99;bom quoted cut none=undefined
FollowerHistory_{since:%Y-%m-%d}_{unix}_{handle}.csv
Date=day|Followers=followers|Difference in followers from previous day=follower_change
"""
_BUSINESS = """
tiktok_business_account;en;;{t:%Y/%m/%d};99;bom cut none=NAN
Overview.csv
Date=day|Video views=views|Reached audience=reach|Profile views=profile_visits|Likes=likes
Shares=shares|Comments=comments|Phone number clicks =zero|Leads submission=zero
Net growth=follower_change|New followers=new_followers|Lost followers=lost_followers

tiktok_business_audience;en;;{t:%Y/%m/%d};99;bom cut none=--
Follower.csv
Date=day|New followers=zero|Total followers=followers|Reached audience=reach
Engaged audience=engaged_viewers
"""
FURTHER = _BUSINESS + "".join(
    _STUDIO.replace("LOCALE", locale).replace("FORM", form)
    for locale, forms in _DAYS.items()
    for form in forms
)
#: A workbook is a choice beside the CSV, with texts in its cells.
FURTHER += "".join(
    f"\n{block}\n".replace("bom quoted cut", "xlsx").replace(".csv\n", ".xlsx\n")
    for block in FURTHER.strip().split("\n\n")
    if block.startswith("tiktok_studio")
)
