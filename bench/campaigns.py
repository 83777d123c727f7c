"""How often a campaign's finding is right: `python -m bench.campaigns [VARIANTS] [SEED]`.

What belongs here: counting findings of planted captions beside the truth. What does not: the
captions (`tests/variants.py`).

Prints Markdown to standard output. A planted caption is also judged for all other campaigns: where
it is told as a slip of one of these, that is told in the last lines.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests import variants
from tests.lakes import delivery, lake
from tests.models import compile_models

FINDINGS = ("exact", "case", "misspelt", "joined", "spaced", "without_hash", "absent", "unknown")
_FOUND = """
select dim_post.post_id, findings.campaign_id, findings.finding, dim_post.caption
from fct_post_campaign as findings
inner join dim_post using (post_key)
"""
_SHOWN = 15


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make campaigns", description=__doc__)
    arguments.add_argument("variants", nargs="?", type=int, default=6_000)
    arguments.add_argument("seed", nargs="?", type=int, default=1)
    asked = arguments.parse_args()
    records, truth = variants.posts(asked.seed, asked.variants)
    campaigns = [wanted.row() for wanted in variants.CAMPAIGNS]
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(Path(folder))
        found = lake(delivery("2025-07-12", *records), campaigns=campaigns)
        with models.build(found) as warehouse:
            rows = warehouse.execute(_FOUND).fetchall()
    counts: Counter[tuple[str, str]] = Counter()
    wrong, elsewhere = [], []
    for post_id, campaign_id, finding, caption in rows:
        planted_for, planted = truth[post_id]
        if campaign_id == planted_for:
            counts[planted, finding] += 1
            if finding != planted:
                wrong.append((campaign_id, planted, finding, caption))
        elif finding in FINDINGS[2:6]:
            elsewhere.append((campaign_id, "for another", finding, caption))
    _print_counts(counts)
    right = sum(counts[finding, finding] for finding in FINDINGS)
    total = sum(counts.values())
    print(f"\nRight: {right} of {total} planted captions, {100 * right / total:.2f} %.")
    others = len(rows) - total
    print(f"Told as a slip of another campaign: {len(elsewhere)} of {others}.\n")
    for campaign_id, planted, finding, caption in (*wrong[:_SHOWN], *elsewhere[:_SHOWN]):
        print(f"- {campaign_id}: planted {planted}, found {finding}: {caption!r}")


def _print_counts(counts: Counter[tuple[str, str]]) -> None:
    print(f"| planted | {' | '.join(FINDINGS)} |")
    print(f"|---|{'---|' * len(FINDINGS)}")
    for planted in FINDINGS:
        cells = [str(counts[planted, finding] or "") for finding in FINDINGS]
        print(f"| {planted} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
