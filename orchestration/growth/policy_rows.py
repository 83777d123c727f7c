"""Fitted curves as the keys of a policy, to be pasted into its file.

What belongs here: the YAML, with what must be known before it is pasted. What does not: which
curves there are (`fit.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orchestration.growth.fit import Fit, Law

#: An estimate below it is not pasted: one month that was like the others tells little of the next,
#: and the curve itself is off by what is common to all posts. With 10 the likely bounds held 89 to
#: 90 % of the true scores in ten sample worlds of rare exports, with 20 93 to 94 % (`make fair`).
_LEAST_CORRELATION = 20
_NAMES = {"loglogistic": "log-logistic", "weibull": "Weibull"}


def lines(fits: Mapping[str, Fit], platforms: Sequence[str]) -> Iterator[str]:
    """The keys as lines of YAML; none where nothing was fitted.

    Args:
        fits: what was fitted, by platform.
        platforms: those of the policy, each of which needs a curve.
    """
    fitted = {platform: found for platform, found in fits.items() if found.rows}
    if not fitted:
        return
    newest = max(month for found in fitted.values() for month in found.fitted_months)
    yield "# A curve is a rule, known before the month that it judges: the policy must not be in"
    yield f"# force before the months after {newest:%Y-%m}."
    lacking = [platform for platform in platforms if platform not in fitted]
    if lacking:
        yield "# Every platform needs a curve; without data of your own keep the shipped one of:"
        yield f"# {', '.join(lacking)}"
    yield "growth:"
    for platform, found in fitted.items():
        words = law_in_words(found.law) if found.law else ""
        yield f"  {platform}:  # {found.posts} posts, {words}"
        for row in found.rows:
            numbers = ", ".join(f"{name}: {value}" for name, value in row._asdict().items())
            yield f"    - {{{numbers}}}"
    correlation = correlation_percent(fitted)
    if correlation is not None:
        yield f"growth_correlation_percent: {correlation}"


def correlation_percent(fits: Mapping[str, Fit]) -> int | None:
    """One number for the policy: the platforms' mean by their posts, rounded up, at least 20; None
    where no platform tells."""
    known = [
        (found.correlation_percent, found.posts)
        for found in fits.values()
        if found.correlation_percent is not None
    ]
    total = sum(posts for _, posts in known)
    if not total:
        return None
    mean = -(-sum(percent * posts for percent, posts in known) // total)
    return max(_LEAST_CORRELATION, mean)


def law_in_words(law: Law) -> str:
    """A law with its numbers."""
    return f"{_NAMES[law.name]}, scale {law.scale:.1f} hours, shape {law.shape:.2f}"
