"""X's exports: both generations of the content, the activity of tweets, and series of days.

The form of a block is told in `layout.py`.
"""

from __future__ import annotations

#: Those that the sample world is written in.
WORLD = """
x_content;en;;{t:%a %b %d %Y};99;crlf
account_analytics_content_{start}_{end}.csv
Post id=id|Date=time|Post text=text|Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Share=few|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail expands=zero|Url clicks=zero|Hashtag clicks=zero|Permalink clicks=zero

x_content;en;;{t:%a, %b} {t.day}, {t.year};99;cut
account_analytics_content_{start}_{end}.csv
Post id=id|Date=time|Post text=text|Post Link=link|Impressions=impressions|Likes=likes
Engagements=sum|Bookmarks=saves|Shares=few|New follows=zero|Replies=comments|Reposts=shares
Profile visits=zero|Detail Expands=zero|URL Clicks=zero|Hashtag Clicks=zero|Permalink Clicks=zero
"""

FURTHER = """
x_tweet_activity;en;UTC;{t:%Y-%m-%d %H:%M} +0000;99;quoted floats none=-
tweet_activity_metrics_{handle}_{start:%Y%m%d}_{end:%Y%m%d}_en.csv
Tweet id=id|Tweet permalink=link|Tweet text=escaped|time=time|impressions=impressions
engagements=sum|engagement rate=rate|retweets=shares|replies=comments|likes=likes
user profile clicks=zero|url clicks=zero|hashtag clicks=zero|detail expands=few
permalink clicks=zero|app opens=zero|app installs=zero|follows=zero|email tweet=zero
dial phone=zero|media views=few|media engagements=few|promoted impressions|promoted engagements
promoted engagement rate|promoted retweets|promoted replies|promoted likes
promoted user profile clicks|promoted url clicks|promoted hashtag clicks|promoted detail expands
promoted permalink clicks|promoted app opens|promoted app installs|promoted follows
promoted email tweet|promoted dial phone|promoted media views|promoted media engagements

x_daily_activity;en;;{t:%Y-%m-%d};99;quoted none=-
daily_tweet_activity_metrics_{handle}_{start:%Y%m%d}_{end:%Y%m%d}_en.csv
Date=day|Tweets published=posts|impressions=impressions|engagements=zero|engagement rate=rate
retweets=shares|replies=replies|likes=likes|user profile clicks=profile_visits|url clicks=zero
hashtag clicks=zero|detail expands=zero|permalink clicks=zero|app opens=zero|app installs=zero
follows=new_followers|email tweet=zero|dial phone=zero|media views=zero|media engagements=zero
promoted impressions|promoted retweets|promoted replies|promoted likes|promoted follows

x_overview;en;;{t:%a, %b} {t.day}, {t.year};99;cut
account_overview_analytics.csv
Date=day|Impressions=impressions|Likes=likes|Engagements=zero|Bookmarks=saves|Shares=zero
New follows=new_followers|Unfollows=lost_followers|Replies=replies|Reposts=shares
Profile visits=profile_visits|Create Post=posts|Video views=zero|Media views=zero
"""
