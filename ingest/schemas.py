"""The schemas: the rows that every layout returns, and the tables of the lake.

What belongs here: what rows must meet on their way into the lake, with the type, unit and meaning
of each column. What does not: which platforms there are and how one writes a value (`platforms/`),
and what a value is worth (`dbt_project/`).

All instants are UTC without a zone mark, truncated to whole seconds. Null means that the platform
did not report the value; zero means that it reported zero.
"""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

#: Above this a counter is not a count of people but damage (the world has fewer than 10^10).
#: It also keeps every sum and interpolation of the ranking inside 128 bits.
MAX_COUNT = 10**12

#: The folder of the lake's rows that have no month: none has, but a reader finds the columns there.
NO_MONTH = "1970-01-01"

#: Metrics of an account on one day.
METRICS = (
    "comments",
    "engaged_viewers",
    "follower_change",
    "followers",
    "impressions",
    "interactions",
    "likes",
    "link_clicks",
    "lost_followers",
    "new_followers",
    "new_viewers",
    "posts",
    "profile_visits",
    "reach",
    "replies",
    "returning_viewers",
    "saves",
    "shares",
    "views",
)

#: What a post is, whatever its platform and the language of its export call it. A `reel` is a reel
#: or a short, an `image` one image or several, a `carousel` what the platform calls so; `unknown`
#: is what the export does not tell, or tells in a word that nobody knows.
POST_KINDS = (
    "image",
    "carousel",
    "reel",
    "video",
    "story",
    "text",
    "link",
    "live",
    "unknown",
)

_COUNT: dict[str, Any] = {"nullable": True, "min": 0, "max": MAX_COUNT}


class PostObservation(dy.Schema):
    """The counters of one post at one instant, from one record of one file.

    The instant itself (`captured_at`) belongs to the delivery, not to the file's bytes: the same
    bytes received for two instants are two observations of one row here.
    """

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    platform = dy.String(nullable=False)
    kind = dy.String(nullable=False)
    #: The platform's number of the account that owns the post; null where the export names none.
    platform_account_id = dy.String(nullable=True, min_length=1)
    #: The account's handle on the day of the export, lower case, without `@`.
    account_handle = dy.String(nullable=True, min_length=1)
    account_name = dy.String(nullable=True)
    #: A post of another account that stands in this export (a collaborator's).
    is_guest = dy.Bool()
    #: Canonical (see `docs/naming.md`): the key of the post on its platform.
    post_id = dy.String(min_length=1)
    #: As it stands in the file.
    delivered_post_id = dy.String(nullable=True)
    permalink = dy.String(nullable=True)
    #: The platform's own word for the kind of post, as delivered.
    post_type = dy.String(nullable=True)
    #: One of `POST_KINDS`; null only in rows that a version before this column read.
    post_kind = dy.String(nullable=True)
    text = dy.String(nullable=True)
    #: What the text holds, so that it is told without the text (`fields/captions.py`): its hashtags
    #: in small letters, each with its `#`, in order of first appearance, between blanks; its
    #: characters (Unicode code points); and whether it asks something. Without a text there are
    #: none; all three are null where the layout carries no texts.
    hashtags = dy.String(nullable=True)
    caption_length = dy.Int64(nullable=True, min=0)
    has_question = dy.Bool(nullable=True)
    #: Null exactly where only the day is known; then `published_date` holds it.
    published_at = dy.Datetime(nullable=True, time_unit="us")
    published_date = dy.Date(nullable=True)
    published_precision = dy.String(nullable=False)
    published_source = dy.String(nullable=False)
    #: The time that the file prints and the time that the ID encodes, where they are known, so
    #: that a difference can be flagged.
    printed_at = dy.Datetime(nullable=True, time_unit="us")
    id_at = dy.Datetime(nullable=True, time_unit="us")
    is_reply = dy.Bool()
    is_repost = dy.Bool()
    is_story = dy.Bool()
    is_cross_post = dy.Bool()
    view_count = dy.Int64(**_COUNT)
    impression_count = dy.Int64(**_COUNT)
    reach_count = dy.Int64(**_COUNT)
    like_count = dy.Int64(**_COUNT)
    comment_count = dy.Int64(**_COUNT)
    share_count = dy.Int64(**_COUNT)
    save_count = dy.Int64(**_COUNT)

    @dy.rule()
    def known_kind(cls) -> pl.Expr:
        return pl.col("post_kind").is_null() | pl.col("post_kind").is_in(POST_KINDS)

    @dy.rule()
    def one_publication_time(cls) -> pl.Expr:
        """An instant to the second or the minute, or a day: one of the two, never both."""
        instant = pl.col("published_precision").is_in(["second", "minute"])
        day = pl.col("published_precision") == "day"
        return (
            instant & pl.col("published_at").is_not_null() & pl.col("published_date").is_null()
        ) | (day & pl.col("published_at").is_null() & pl.col("published_date").is_not_null())


class AccountDay(dy.Schema):
    """A metric of an account on one day, from one record of one file.

    The day is a calendar day of the platform's own zone. Where the export writes it without a year,
    `date` is null and `month` and `day` hold it; the year follows from the capture.
    """

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    #: Null where neither the layout nor the record tells it; then the delivery's account does.
    platform = dy.String(nullable=True)
    kind = dy.String(nullable=False)
    #: What the export says of its account; null where it names none.
    platform_account_id = dy.String(nullable=True, min_length=1)
    account_handle = dy.String(nullable=True, min_length=1)
    date = dy.Date(nullable=True)
    month = dy.Int64(nullable=True, min=1, max=12)
    day = dy.Int64(nullable=True, min=1, max=31)
    metric = dy.String(nullable=False)
    #: Null: not reported. Only a day's gains less its losses can be negative.
    value = dy.Int64(nullable=True, min=-MAX_COUNT, max=MAX_COUNT)

    @dy.rule()
    def known_metric(cls) -> pl.Expr:
        return pl.col("metric").is_in(METRICS)

    @dy.rule()
    def one_form_of_day(cls) -> pl.Expr:
        """A whole date, or month and day; never both."""
        parts = [pl.col(name).is_not_null() for name in ("month", "day")]
        whole = pl.col("date").is_not_null()
        return (whole & ~parts[0] & ~parts[1]) | (~whole & parts[0] & parts[1])


#: What a hand says of a comment.
OPINION_LABELS = (
    "positive",
    "neutral",
    "negative",
    "question_or_complaint",
    "not_about_office",
)
#: Who reads a comment of a sample: the first person all, another one some of them again.
READINGS = ("first", "second")


class Comment(dy.Schema):
    """A comment of the public, without whoever wrote it, from one record of one file."""

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    platform = dy.String(nullable=False)
    #: The kind of response or scrape that it came in.
    source = dy.String(nullable=False)
    comment_id = dy.String(min_length=1)
    #: The ID of the post as posts go by it; of Instagram's API the API's number.
    post_id = dy.String(min_length=1)
    published_at = dy.Datetime(nullable=True, time_unit="us")
    #: Without mentions, addresses, links and long numbers (`comments/persons.py`).
    text = dy.String(nullable=True)
    like_count = dy.Int64(**_COUNT)
    #: The comment that it answers; null where it answers the post.
    parent_comment_id = dy.String(nullable=True)
    #: Whether the post's own account wrote it; null where the file does not tell.
    is_by_account = dy.Bool(nullable=True)


class OpinionLabel(dy.Schema):
    """What a hand says of a comment of a sample, from one record of one file."""

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    #: Names the comment in its sample (`OpinionDraw`).
    code = dy.String(regex="^[0-9a-f]{16}$")
    reading = dy.String(nullable=False)
    #: Null where nothing is said yet.
    label = dy.String(nullable=True)

    @dy.rule()
    def known_reading(cls) -> pl.Expr:
        return pl.col("reading").is_in(READINGS)

    @dy.rule()
    def known_label(cls) -> pl.Expr:
        return pl.col("label").is_null() | pl.col("label").is_in(OPINION_LABELS)


class OpinionOffice(dy.Schema):
    """An office in the sample of a month, as it was drawn."""

    #: First day of the month.
    month = dy.Date(primary_key=True)
    office_id = dy.String(primary_key=True)
    #: The comments that could be drawn, and how many were.
    comment_count = dy.Int64(min=1)
    sampled_count = dy.Int64(min=1)


class OpinionDraw(dy.Schema):
    """A comment that was drawn."""

    month = dy.Date(primary_key=True)
    #: The first 16 digits of SHA-256 of `seed,platform:comment_id`.
    code = dy.String(primary_key=True)
    office_id = dy.String(nullable=False)
    #: Another person reads it again.
    is_twice = dy.Bool()


class OpinionInterval(dy.Schema):
    """Between which numbers of all comments have a label, if so many of those drawn have it."""

    comment_count = dy.Int64(primary_key=True, min=1)
    sampled_count = dy.Int64(primary_key=True, min=1)
    label_count = dy.Int64(primary_key=True, min=0)
    low_count = dy.Int64(min=0)
    high_count = dy.Int64(min=0)


class Contents(dy.Schema):
    """What one file holds of one account, as it names it, in one month of publication.

    So what a file touches is known without its rows.
    """

    sha256 = dy.String(min_length=64, max_length=64)
    platform = dy.String(nullable=False)
    #: First day of the month, in UTC or, where only the day is known, as it stands.
    month = dy.Date(nullable=False)
    platform_account_id = dy.String(nullable=True)
    account_handle = dy.String(nullable=True)
    is_guest = dy.Bool()
    row_count = dy.Int64(min=1)
    oldest_published_at = dy.Datetime(nullable=True, time_unit="us")
    oldest_published_date = dy.Date(nullable=True)
    newest_published_at = dy.Datetime(nullable=True, time_unit="us")
    newest_published_date = dy.Date(nullable=True)
    #: How many posts the account has in all, as a response says of it; null where none does.
    account_post_count = dy.Int64(nullable=True, min=0)
    #: How many follow it, as a response says of it; null where none does.
    account_follower_count = dy.Int64(nullable=True, min=0)


class PlatformRow(dy.Schema):
    """A platform that the layouts read."""

    platform = dy.String(primary_key=True)
    platform_name = dy.String(nullable=False)
    published_precision = dy.String(nullable=False)
    #: The zone of the range of days that a file's name carries.
    range_time_zone = dy.String(nullable=False)
    #: What stands in `text` is the whole caption, and not its title alone.
    has_captions = dy.Bool()


class Reject(dy.Schema):
    """A record that did not meet its layout or the contract; append-only."""

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    rule = dy.String(min_length=1)
    detail = dy.String(nullable=False)
    #: What the record tells all the same, so that it can be found elsewhere.
    platform = dy.String(nullable=True)
    post_id = dy.String(nullable=True)
    published_at = dy.Datetime(nullable=True, time_unit="us")
    published_date = dy.Date(nullable=True)


class Withheld(dy.Schema):
    """A counter that is null in a loaded record because it can't be read or is not allowed.

    A counter that is null and does not stand here was not reported.
    """

    sha256 = dy.String(min_length=64, max_length=64)
    record_number = dy.Int64(min=1)
    #: The column of `PostObservation`, or the metric of an account's day.
    field = dy.String(min_length=1)
    rule = dy.String(min_length=1)
    #: For a person.
    detail = dy.String(nullable=False)
    #: The cell's text.
    text = dy.String(nullable=False)


#: What the ledger says of a delivery whose records were read: some may be `loaded`, or each that is
#: not set aside is rejected, and so the delivery.
READ = ("loaded", "rejected")


class Delivery(dy.Schema):
    """The ledger: one row per delivery (SHA-256, `captured_at`, office, account)."""

    delivery_id = dy.String(primary_key=True, min_length=16, max_length=16)
    sha256 = dy.String(min_length=64, max_length=64)
    #: The bytes as they were received, where `sha256` is of a copy without private persons.
    received_sha256 = dy.String(nullable=True, min_length=64, max_length=64)
    #: The file's name and its folder below the inbox, at the earliest receipt.
    name = dy.String(nullable=False)
    folder = dy.String(nullable=False)
    received_at = dy.Datetime(nullable=False, time_unit="us")
    captured_at = dy.Datetime(nullable=False, time_unit="us")
    captured_at_source = dy.String(nullable=False)
    #: It is said to be captured so much later than it was received that one of the two is wrong.
    is_captured_after_receipt = dy.Bool(nullable=False)
    #: The sender and the account that the folder or the sidecar names.
    office_id = dy.String(nullable=True)
    account_id = dy.String(nullable=True)
    #: First and last day that the export says it covers, both inclusive.
    covers_from = dy.Date(nullable=True)
    covers_to = dy.Date(nullable=True)
    #: Where the range stands: in the `sidecar` or in the file's `name`.
    covers_source = dy.String(nullable=True)
    platform = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    status = dy.String(nullable=False)
    #: Why a delivery is quarantined, rejected or erased, or loaded with all its records set aside,
    #: for a person.
    reason = dy.String(nullable=True)
    record_count = dy.Int64(nullable=True, min=0)
    loaded_count = dy.Int64(nullable=True, min=0)
    rejected_count = dy.Int64(nullable=True, min=0)
    set_aside_count = dy.Int64(nullable=True, min=0)
    #: Counters of loaded records that are null because they can't be read.
    withheld_count = dy.Int64(nullable=True, min=0)
    #: Why records were set aside, each reason with its number of records and, where the records
    #: themselves say why, what one of them says.
    set_aside_reasons = dy.List(dy.String(nullable=False), nullable=False)
    #: The platform cut the export at a cap.
    is_truncated = dy.Bool(nullable=False)
    #: Columns that the layout does not know; kept in the archive, not read.
    unknown_columns = dy.List(dy.String(nullable=False), nullable=False)
    #: What a record of it is: `posts`, `account_days`, `comments`, `labels`, or `nothing` that is
    #: read; null where quarantined.
    holds = dy.String(nullable=True)
    #: What was repaired without doubt before or while the file was read, for a person.
    repairs = dy.List(dy.String(nullable=False), nullable=False)
    #: The export lists every post of its account, so it is evidence that none is missing.
    covers_posts = dy.Bool(nullable=False)

    @dy.rule()
    def known_status(cls) -> pl.Expr:
        return pl.col("status").is_in([*READ, "quarantined", "erased"])

    @dy.rule()
    def accounts_balance(cls) -> pl.Expr:
        """Rule 1 of the house: records = loaded + rejected + set aside."""
        return ~pl.col("status").is_in(READ) | (
            pl.col("record_count")
            == pl.col("loaded_count") + pl.col("rejected_count") + pl.col("set_aside_count")
        )


class Office(dy.Schema):
    """One span of an office in `registry/offices.csv`; `valid_to` is exclusive."""

    office_id = dy.String(min_length=1)
    name = dy.String(min_length=1)
    league = dy.String(min_length=1)
    time_zone = dy.String(nullable=True)
    valid_from = dy.Date(nullable=False)
    valid_to = dy.Date(nullable=True)


class Account(dy.Schema):
    """One span of an account in `registry/accounts.csv`; `valid_to` is exclusive.

    Several rows may share an `account_id`: aliases (several platform IDs), renames and a move to
    another office.
    """

    account_id = dy.String(min_length=1)
    office_id = dy.String(min_length=1)
    platform = dy.String(nullable=False)
    platform_account_id = dy.String(nullable=True, min_length=1)
    #: Lower case, without `@`.
    handle = dy.String(nullable=True, min_length=1)
    name = dy.String(nullable=True)
    valid_from = dy.Date(nullable=False)
    valid_to = dy.Date(nullable=True)


class Campaign(dy.Schema):
    """One campaign of `registry/campaigns.csv`; `valid_to` is exclusive."""

    campaign_id = dy.String(primary_key=True, min_length=1)
    #: What posts should carry; where both are filled in, either will do. With `#`, as asked for.
    hashtag = dy.String(nullable=True, min_length=2)
    keyword = dy.String(nullable=True, min_length=1)
    valid_from = dy.Date(nullable=False)
    valid_to = dy.Date(nullable=True)
    #: Whom it asks, and where; null: all.
    leagues = dy.List(dy.String(nullable=False), nullable=True)
    platforms = dy.List(dy.String(nullable=False), nullable=True)


class Policy(dy.Schema):
    """One policy file, as data."""

    policy_id = dy.String(primary_key=True, min_length=1)
    policy_sha256 = dy.String(min_length=64, max_length=64)
    title = dy.String(min_length=1)
    effective_from = dy.Date(nullable=False)
    effective_to = dy.Date(nullable=True)
    time_zone = dy.String(min_length=1)
    platforms = dy.List(dy.String(nullable=False), nullable=False)
    leagues = dy.List(dy.String(nullable=False), nullable=False)
    like_weight = dy.Int64(min=0)
    comment_weight = dy.Int64(min=0)
    share_weight = dy.Int64(min=0)
    save_weight = dy.Int64(min=0)
    #: How alike an office's posts differ from the growth curve: 0 each by itself, 100 all alike.
    growth_correlation_percent = dy.Int64(min=0, max=100)
    #: Null: no window, the last observation up to the cut-off decides.
    window_hours = dy.Int64(nullable=True, min=0)
    late_limit_hours = dy.Int64(nullable=True, min=0)
    cutoff_days = dy.Int64(nullable=True, min=0)
    counts_replies = dy.Bool()
    counts_reposts = dy.Bool()
    counts_stories = dy.Bool()
    counts_cross_posts = dy.Bool()
    collaborations = dy.String(nullable=False)
    minimum_coverage_percent = dy.Int64(min=0, max=100)
    minimum_evidence_percent = dy.Int64(min=0, max=100)


class PlatformWeights(dy.Schema):
    """What each component weighs on a platform under a policy."""

    policy_id = dy.String(primary_key=True)
    platform = dy.String(primary_key=True)
    like_weight = dy.Int64(min=0)
    comment_weight = dy.Int64(min=0)
    share_weight = dy.Int64(min=0)
    save_weight = dy.Int64(min=0)


class GrowthRow(dy.Schema):
    """A row of a policy's growth curve of a platform.

    What a post has at an age, per mille of what it has at the window's end.
    """

    policy_id = dy.String(primary_key=True)
    platform = dy.String(primary_key=True)
    hours = dy.Int64(primary_key=True, min=0)
    low = dy.Int64(min=0)
    typical = dy.Int64(min=0)
    high = dy.Int64(min=0)
