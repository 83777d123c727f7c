"""An office's own list against an edition: of each line why it is, or is not, on record.

What belongs here: the one reason of each claim, in a stated order; the posts that the list lacks;
and the sum that leads from the one to the other. What does not: reading a list (`claims.py`) and an
edition (`edition_record.py`), and words (`claim_words.py`).

An edition alone is enough. With the delivered files at hand more can be told: whether a record that
was rejected, or a file that could not be read, holds the post. What can't be told is not guessed,
and the detail says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.fields.links import Named, Reading, address
from ingest.platforms import LINKS, PLATFORMS
from orchestration.publication.claim_words import (
    CLAIMED,
    NOT_SEARCHED,
    OTHER_ACCOUNT,
    REASONS,
    SEVERAL_LINKS,
    TELLINGS,
    TOTAL,
    UNCLAIMED,
    Term,
)
from orchestration.publication.claims import Claim, resolved
from orchestration.publication.delivered_files import Suspect, search
from orchestration.publication.edition_record import (
    UNREAD,
    EditionRecord,
    PostKey,
    Span,
    place,
)
from orchestration.publication.unanswerable import Unknown

#: What is told in both languages: English, Indonesian.
Both = tuple[str, str]
ENGLISH, INDONESIAN = 0, 1
_MONTHS = (
    ("January", "Januari"),
    ("February", "Februari"),
    ("March", "Maret"),
    ("April", "April"),
    ("May", "Mei"),
    ("June", "Juni"),
    ("July", "Juli"),
    ("August", "Agustus"),
    ("September", "September"),
    ("October", "Oktober"),
    ("November", "November"),
    ("December", "Desember"),
)
_NAMES = {platform.key: platform.name for platform in PLATFORMS}
#: An ID may be made so long before a post is published that nothing was scheduled.
_AT_ONCE = timedelta(hours=2)


class NotReconcilable(Exception):
    """A list can't be held against this edition; the text says what to name instead."""


@dataclass(frozen=True, slots=True)
class Found:
    """A claim with its reason, told in both languages."""

    claim: Claim
    reason: str
    detail: Both
    remedy: Both
    platform: str | None = None
    post: PostKey | None = None
    evidence: dict[str, Any] | None = None
    #: Of a post of another month: which.
    month: str | None = None

    def document(self) -> dict[str, Any]:
        """As the interface has it."""
        return {
            "line": self.claim.line,
            "sheet": self.claim.sheet,
            "claimed": self.claim.text,
            "platform": self.platform,
            "matched_post_id": self.post[1] if self.post else None,
            "reason": self.reason,
            "detail": self.detail[ENGLISH],
            "remedy": self.remedy[ENGLISH],
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A term of the sum; the first and the last are what it begins with and what it gives."""

    reason: str
    count: int
    words: Both

    def document(self) -> dict[str, Any]:
        """As the interface has it."""
        return {"reason": self.reason, "count": self.count, "words": self.words[ENGLISH]}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A list held against an edition."""

    edition_id: str
    month: str
    office_id: str
    office_name: str
    policy_id: str
    found: list[Found]
    #: The office's posts on record that the list lacks, those that count first.
    unclaimed: list[dict[str, Any]]
    bridge: list[Step]

    def document(self) -> dict[str, Any]:
        """As the interface has it."""
        return {
            "edition_id": self.edition_id,
            "month": self.month,
            "office_id": self.office_id,
            "policy_id": self.policy_id,
            "claims": [each.document() for each in self.found],
            "unclaimed": self.unclaimed,
            "bridge": [step.document() for step in self.bridge],
            "sentence": sentence(self.bridge),
        }

    @property
    def reasons(self) -> dict[str, int]:
        """How many claims have which reason, in the order of reasons."""
        counts = Counter(each.reason for each in self.found)
        return {reason: counts[reason] for reason in REASONS if counts[reason]}


#: What a home knows of posts beside an edition: of each the month in which its last state has it.
Known = Callable[[str, Sequence[PostKey]], Mapping[PostKey, str]]


def reconcile(
    record: EditionRecord,
    claims: Iterable[Claim],
    office: str,
    policy: str | None = None,
    *,
    pairs: Mapping[str, str] | None = None,
    delivered: Path | None = None,
    known: Known | None = None,
) -> Reconciliation:
    """Hold an office's claims against an edition.

    Args:
        record: the edition's.
        claims: as `claims.read_claims` reads them with the record's keys.
        office: its ID.
        policy: decides; without it the one in force.
        pairs: what short links lead to.
        delivered: the folder of delivered files, where it is at hand.
        known: what the home's last state knows of posts that the edition lacks.

    Raises:
        Unknown: there is no such office or policy.
        NotReconcilable: no policy is in force.
    """
    rules = _Rules(record, office, _policy(record, policy))
    taken: dict[object, Claim] = {}
    found: list[Found] = []
    for claim in claims:
        if claim.named and pairs:
            claim = replace(claim, named=resolved(claim.named, pairs))
        found.append(rules.judge(claim, taken))
    found = _with_home(rules, found, known)
    found = _with_files(rules, found, delivered)
    unclaimed = _unclaimed(rules, {each.post for each in found})
    return Reconciliation(
        record.edition_id,
        record.month,
        office,
        record.office_name(office),
        rules.policy,
        found,
        unclaimed,
        _bridge(rules, found, unclaimed),
    )


def sentence(bridge: Sequence[Step], language: int = ENGLISH) -> str:
    """The sum in one line: `61 claimed − 2 twice + 2 not listed = 58 counted`."""
    first, *others, total = bridge
    parts = [f"{first.count} {first.words[language]}"]
    for step in others:
        sign = "−" if step.count < 0 else "+"
        parts.append(f"{sign} {abs(step.count)} {step.words[language]}")
    return f"{' '.join(parts)} = {total.count} {total.words[language]}"


def _policy(record: EditionRecord, policy: str | None) -> str:
    if policy is None:
        if record.official_policy is None:
            names = ", ".join(sorted(record.policies))
            raise NotReconcilable(
                f"no policy is in force in {record.month}; name one with --policy: {names}"
            )
        return record.official_policy
    if policy not in record.policies:
        raise Unknown("policy", policy, sorted(record.policies), record.edition_id)
    return policy


class _Rules:
    """What decides of a claim: an edition's record, an office and a policy."""

    def __init__(self, record: EditionRecord, office: str, policy: str) -> None:
        offices = sorted({str(row["office_id"]) for row in record.offices})
        if office not in offices:
            raise Unknown("office", office, offices, record.edition_id)
        self.record, self.office, self.policy = record, office, policy
        self.zone = str(record.policies[policy]["time_zone"])
        self.platforms = record.policies[policy]["platforms"]
        self.numbers_of_accounts = {row["platform_account_id"] for row in record.accounts}

    def judge(self, claim: Claim, taken: dict[object, Claim]) -> Found:
        """The reason of a claim, by the edition alone; `taken` are the posts claimed before."""
        named = claim.named
        if named is None:
            return self._told(claim, "unreadable_link")
        if named.kind == "lost":
            return self._told(claim, "digits_lost")
        if named.kind == "short":
            return self._told(claim, "short_link", platform=named.platform)
        if named.kind == "page" or self._is_account(named):
            name = _NAMES.get(named.platform or named.readings[0].platform, "")
            return self._told(
                claim, "not_a_post.page", platform=named.platform, facts={"platform": name}
            )
        if named.kind == "site":
            place_of_link = address(named.text)
            host = place_of_link.host if place_of_link else named.text
            return self._told(claim, "not_a_post.site", facts={"host": host})
        readings = self._readings(claim, named)
        post = next((found for each in readings if (found := self.record.find(*each))), None)
        if post is None and len(readings) > 1:
            names = ", ".join(_NAMES.get(each.platform, each.platform) for each in readings)
            return self._told(claim, "unreadable_link.ambiguous", facts={"platforms": names})
        platform = post[0] if post else readings[0].platform
        before = taken.setdefault(post or tuple(readings[0]), claim)
        if before is not claim:
            line = f"{before.line}"
            if before.sheet != claim.sheet:
                line = f"{before.line} ({before.sheet})"
            return self._told(
                claim, "duplicate_of_line", platform=platform, post=post, facts={"line": line}
            )
        return self._on_record(claim, post) if post else self._unseen(claim, readings[0])

    def _is_account(self, named: Named) -> bool:
        """Whether a number is that of a registered account, as in `facebook.com/1000…`."""
        return len(named.readings) == 1 and named.readings[0].key in self.numbers_of_accounts

    def _readings(self, claim: Claim, named: Named) -> list[Reading]:
        """The readings of an ID; those on record, else those that the row or the month allow."""
        readings = list(named.readings)
        narrowing: list[Callable[[Reading], bool]] = [
            lambda each: self.record.find(*each) is not None,
            lambda each: each.platform in claim.told_platforms,
            self._is_of_month,
        ]
        for is_likely in narrowing:
            if len(readings) > 1:
                readings = [each for each in readings if is_likely(each)] or readings
        return readings

    def _is_of_month(self, reading: Reading) -> bool:
        made_at = LINKS[reading.platform].time_of(reading.key)
        return made_at is not None and self._month_of(made_at) == self.record.month

    def _month_of(self, made_at: datetime) -> str:
        return f"{self.record.local(self.policy, made_at):%Y-%m}"

    def _on_record(self, claim: Claim, post: PostKey) -> Found:
        record = self.record
        decision = record.decisions[self.policy, post]
        platform = post[0]
        month, office = str(decision["month"])[:7], decision["office_id"]
        facts = {
            "account": decision["account_id"] or "",
            "date": decision["local_date"] or "",
            "platform": _NAMES.get(platform, platform),
            "league": decision["league"] or "",
            "time": str(record.posts[post]["first_observed_at"]),
        }
        reason = str(decision["reason"])
        if month != record.month:
            reason = "other_month.record"
        elif office not in (None, self.office):
            facts["office"] = record.office_name(str(office))
            reason = "belongs_to"
        return self._told(
            claim,
            reason,
            platform=platform,
            post=post,
            month=month,
            facts=facts,
            evidence=record.observation(post),
        )

    def _unseen(self, claim: Claim, reading: Reading) -> Found:
        """Why a post may not be on record, by what its ID and the exports tell."""
        record, platform = self.record, reading.platform
        own = LINKS[platform]
        made_at = own.time_of(reading.key)
        facts: dict[str, str | Both] = {"platform": _NAMES.get(platform, platform)}
        local: datetime | None = None
        if made_at is not None:
            local = record.local(self.policy, made_at)
            facts |= {"time": f"{local:%Y-%m-%d %H:%M}", "zone": self.zone}
            month = f"{local:%Y-%m}"
            is_early = month < record.month
            at_once = record.local(self.policy, made_at + _AT_ONCE)
            is_on_edge = own.is_time_of_upload and is_early and f"{at_once:%Y-%m}" == record.month
            if month != record.month and not is_on_edge:
                told = "upload" if own.is_time_of_upload and is_early else "id"
                return self._told(
                    claim, f"other_month.{told}", platform=platform, month=month, facts=facts
                )
        # A post can be published later than it was uploaded, so an upload tells no day.
        day = local.date() if local and not own.is_time_of_upload else None
        if platform not in self.platforms:
            return self._told(claim, "platform_not_in_policy", platform=platform, facts=facts)
        accounts = record.accounts_of(self.office, platform, *_days(day))
        if not accounts:
            facts["when"], facts["when_id"] = _when(day, record.month)
            return self._told(claim, "no_registered_account", platform=platform, facts=facts)
        accounts = self._named(claim.named, platform, accounts)
        facts["accounts"] = ", ".join(accounts)
        telling, export = self._coverage(platform, accounts, made_at if day else None)
        evidence = record.delivery(export.delivery_id) if export else None
        found = self._told(claim, telling, platform=platform, facts=facts, evidence=evidence)
        if platform == "facebook" and found.reason == "not_in_any_export":
            found = _and(found, SEVERAL_LINKS)
        return self._with_account(found)

    def _coverage(
        self, platform: str, accounts: list[str], at: datetime | None
    ) -> tuple[str, Span | None]:
        """Whether exports of accounts cover an instant, or all of the month where none is known.

        Returns:
            A telling, and the export that shows it.
        """
        states = {
            self.record.coverage.get((self.policy, account), "missing") for account in accounts
        }
        if states == {"missing"}:
            return "never_exported.missing", None
        if at is not None and (spans := self._spans(accounts)):
            return _covered(spans, at)
        if states == {"complete"}:
            return "not_in_any_export", None
        last = self.record.last_export(platform)
        if at is not None and last and last.ends_at <= at:
            return "never_exported.newer", last
        return "never_exported.partial", None

    def _spans(self, accounts: list[str]) -> list[list[Span]]:
        """Of each account what its exports cover; nothing where the edition does not tell."""
        if self.record.spans is None:
            return []
        return [self.record.spans.get((self.policy, account), []) for account in accounts]

    def _named(self, named: Named | None, platform: str, accounts: list[str]) -> list[str]:
        """The account that a link names, where it is one of these; else all of them."""
        handle = str(named.handle if named else None).casefold()
        own = [
            str(row["account_id"])
            for row in self.record.accounts
            if row["account_id"] in accounts and str(row["handle"]).casefold() == handle
        ]
        return sorted(set(own)) or accounts

    def _with_account(self, found: Found) -> Found:
        """With the account that the link names, where it is none of the office's."""
        named = found.claim.named
        handle = named.handle if named else None
        if handle is None or found.platform in (None, "youtube"):
            return found
        own = {
            str(each).casefold()
            for row in self.record.accounts
            if row["office_id"] == self.office and row["platform"] == found.platform
            for each in (row["handle"], row["platform_account_id"])
            if each
        }
        if not own or handle.casefold() in own or not re.fullmatch(r"[\w.-]+", handle):
            return found
        return _and(found, OTHER_ACCOUNT, handle=handle)

    def _told(
        self,
        claim: Claim,
        telling: str,
        *,
        platform: str | None = None,
        post: PostKey | None = None,
        month: str | None = None,
        facts: Mapping[str, str | Both] | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> Found:
        """A claim with a telling's words."""
        named: dict[str, str | Both] = {
            "month": month_name(month or self.record.month),
            "policy": self.policy,
            **(facts or {}),
        }
        words = TELLINGS[telling]
        return Found(
            claim,
            telling.partition(".")[0],
            _filled((words.detail, words.rincian), named),
            _filled((words.remedy, words.tindakan), named),
            platform,
            post,
            evidence,
            month,
        )

    def retold(self, found: Found, telling: str, **more: Any) -> Found:
        """The same claim with another reason."""
        return self._told(found.claim, telling, platform=found.platform, **more)


def _covered(spans: list[list[Span]], at: datetime) -> tuple[str, Span | None]:
    """Whether what each account's exports list holds an instant; the telling, and the export."""
    every = [each for own in spans for each in own]
    holding = [each for each in every if each.starts_at <= at < each.ends_at]
    if all(any(each in holding for each in own) for own in spans):
        return "not_in_any_export.then", max(holding, key=_end)
    if holding:  # those of one account, and not of another
        return "never_exported.partial", max(holding, key=_end)
    before = [each for each in every if each.ends_at <= at]
    after = [each for each in every if each.starts_at > at]
    if not before:
        return "never_exported.older", min(after, key=_start, default=None)
    if not after:
        return "never_exported.newer", max(before, key=_end)
    return "never_exported.between", max(before, key=_end)


def _start(span: Span) -> tuple[datetime, str]:
    return span.starts_at, span.delivery_id


def _end(span: Span) -> tuple[datetime, str]:
    return span.ends_at, span.delivery_id


def month_name(month: str) -> Both:
    """`2025-08` as `August 2025` and `Agustus 2025`."""
    year, number = month.split("-")
    english, indonesian = _MONTHS[int(number) - 1]
    return f"{english} {year}", f"{indonesian} {year}"


def _filled(texts: Both, facts: Mapping[str, str | Both]) -> Both:
    in_english, in_indonesian = (
        {name: fact if isinstance(fact, str) else fact[language] for name, fact in facts.items()}
        for language in (ENGLISH, INDONESIAN)
    )
    english, indonesian = texts
    return english.format_map(in_english), indonesian.format_map(in_indonesian)


def _and(found: Found, texts: Both, **facts: str | int) -> Found:
    """With something more in its detail."""
    more = _filled(texts, {name: str(fact) for name, fact in facts.items()})
    english, indonesian = found.detail
    return replace(found, detail=(f"{english}{more[ENGLISH]}", f"{indonesian}{more[INDONESIAN]}"))


def _days(day: date | None) -> tuple[date, date] | tuple[None, None]:
    return (day, day + timedelta(days=1)) if day else (None, None)


def _when(day: date | None, month: str) -> Both:
    if day:
        return f"on {day}", f"pada {day}"
    english, indonesian = month_name(month)
    return f"in {english}", f"pada {indonesian}"


def _is_unseen(found: Found) -> bool:
    """Whether a claim's post is on no record, and would be of the month for all that is known."""
    return found.reason in ("no_registered_account", "never_exported", "not_in_any_export")


def _key(found: Found) -> PostKey | None:
    """What an unseen post goes by."""
    readings = found.claim.named.readings if found.claim.named else ()
    own = [each for each in readings if each.platform == found.platform]
    return (own[0].platform, own[0].key) if own else None


def _with_home(rules: _Rules, found: list[Found], known: Known | None) -> list[Found]:
    """Of the posts that the edition lacks, what a home's last state knows."""
    unseen = [key for each in found if _is_unseen(each) and (key := _key(each))]
    if known is None or not unseen:
        return found
    months = known(rules.policy, unseen)
    told = []
    for each in found:
        month = months.get(_key(each) or ("", "")) if _is_unseen(each) else None
        if month is None:
            told.append(each)
        elif month == rules.record.month:
            told.append(rules.retold(each, "never_exported.since"))
        else:
            told.append(rules.retold(each, "other_month.state", month=month))
    return told


def _with_files(rules: _Rules, found: list[Found], delivered: Path | None) -> list[Found]:
    """Of the posts that nobody has seen, whether what could not be read holds them."""
    unseen = {key[1] for each in found if _is_unseen(each) and (key := _key(each))}
    suspects = list(_suspects(rules.record))
    if not unseen or not suspects:
        return found
    if delivered is None:
        held: dict[str, tuple[str, int | None]] = {}
        lost = {suspect.sha256 for suspect in suspects}
    else:
        held, lost = search(delivered, suspects, frozenset(unseen))
    told = []
    for each in found:
        key = _key(each)
        if not _is_unseen(each) or key is None:
            told.append(each)
        elif key[1] in held:
            told.append(_of_file(rules, each, *held[key[1]]))
        else:
            told.append(_unsearched(rules, each, lost, suspects))
    return told


def _suspects(record: EditionRecord) -> Iterable[Suspect]:
    """Where a post may stand that the record lacks: rejected records, then whole files."""
    rejected: dict[str, set[int]] = {}
    for row in record.rejects:
        rejected.setdefault(str(row["sha256"]), set()).add(int(row["record_number"] or 0))
    for sha256 in sorted(rejected):
        yield Suspect(sha256, frozenset(rejected[sha256]))
    for sha256 in sorted(
        {str(row["sha256"]) for row in record.deliveries.values() if row["status"] in UNREAD}
        - rejected.keys()
    ):
        yield Suspect(sha256, None)


def _of_file(rules: _Rules, found: Found, sha256: str, record_number: int | None) -> Found:
    """The claim with the file that holds its post."""
    record = rules.record
    delivery = next(row for row in record.deliveries.values() if row["sha256"] == sha256)
    facts = {"name": str(delivery["name"]), "record_number": str(record_number)}
    evidence = place(sha256, record_number, delivery["delivery_id"])
    if record_number is None:
        return rules.retold(found, "quarantined_file", facts=facts, evidence=evidence)
    broken = {
        str(row["rule"])
        for row in record.rejects
        if row["sha256"] == sha256 and row["record_number"] == str(record_number)
    }
    facts["rule"] = ", ".join(sorted(broken))
    return rules.retold(found, "rejected_record", facts=facts, evidence=evidence)


def _unsearched(rules: _Rules, found: Found, lost: set[str], suspects: Sequence[Suspect]) -> Found:
    """The claim with what of the office was not searched for it; unchanged where all was."""
    senders = {
        str(row["sha256"]): row["claimed_office_id"] for row in rules.record.deliveries.values()
    }
    own = [
        suspect
        for suspect in suspects
        if suspect.sha256 in lost and senders.get(suspect.sha256) in (None, rules.office)
    ]
    files = sum(suspect.records is None for suspect in own)
    records = sum(len(suspect.records or ()) for suspect in own)
    return _and(found, NOT_SEARCHED, files=files, records=records) if own else found


def _unclaimed(rules: _Rules, claimed: set[PostKey | None]) -> list[dict[str, Any]]:
    """The office's posts of the month that no line claims, in a total order."""
    rows = []
    for (policy, post), decision in rules.record.decisions.items():
        if policy != rules.policy or decision["office_id"] != rules.office or post in claimed:
            continue
        if str(decision["month"])[:7] != rules.record.month:
            continue
        platform, post_id = post
        row = rules.record.posts[post]
        rows.append(
            {
                "platform": platform,
                "post_id": post_id,
                "link": row["permalink"] or LINKS[platform].link_of(post_id),
                "published_at": row["published_at"] or row["published_date"],
                "reason": decision["reason"],
                "evidence": rules.record.observation(post),
            }
        )
    return sorted(
        rows,
        key=lambda row: (
            row["reason"] != "counted",
            row["platform"],
            str(row["published_at"]),
            row["post_id"],
        ),
    )


def _bridge(
    rules: _Rules, found: Sequence[Found], unclaimed: Sequence[Mapping[str, Any]]
) -> list[Step]:
    """From what the list claims to what the edition counts."""
    groups = Counter((each.reason, _other(rules, each)) for each in found)
    steps = [Step("claimed", len(found), _words(CLAIMED))]
    for reason, term in REASONS.items():
        if reason == "counted":
            continue
        for month in sorted({month for name, month in groups if name == reason}):
            words = _filled(_words(term), {"month": month_name(month) if month else ""})
            steps.append(Step(reason, -groups[reason, month], words))
    lacking = sum(row["reason"] == "counted" for row in unclaimed)
    if lacking:
        steps.append(Step("unclaimed", lacking, _words(UNCLAIMED)))
    steps.append(Step("counted", _counted(rules), _words(TOTAL)))
    return steps


def _other(rules: _Rules, found: Found) -> str:
    """The month of a claim that is of another one; else nothing."""
    return found.month or rules.record.month if found.reason == "other_month" else ""


def _words(term: Term) -> Both:
    return term.words, term.kata


def _counted(rules: _Rules) -> int:
    """How many posts the edition counts for the office."""
    return sum(
        decision["is_counted"] == "true"
        and decision["office_id"] == rules.office
        and str(decision["month"])[:7] == rules.record.month
        for (policy, _), decision in rules.record.decisions.items()
        if policy == rules.policy
    )
