"""Policy files: what is accepted, what reaches the lake, and how each mistake is told."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

import ingest
from ingest.platforms import KEYS
from ingest.reference.errors import InputProblem, InputProblems
from ingest.reference.policies import read_policies
from ingest.schemas import Policy

SHIPPED = Path(ingest.__file__).parent / "templates" / "policies"
SOUND = """\
policy_id: sound
title: Sound
effective_from: 2025-07-01
effective_to:
time_zone: Asia/Jakarta
platforms: [instagram, x]
leagues: [kanwil]
engagement: {likes: 1, shares: 3}
window_hours: 24
late_limit_hours:
cutoff_days: 7
replies: exclude
reposts: exclude
stories: exclude
cross_posts: include
collaborations: owner
minimum_coverage_percent: 100
minimum_evidence_percent: 50
"""
#: Each line is nine times as large as the one above.
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


def write(folder: Path, **files: str | bytes) -> Path:
    """Write policies, `sound` as `sound.yml`, into the folder `policies`."""
    folder = folder / "policies"
    folder.mkdir()
    for stem, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{stem}.yml").write_bytes(data)
    return folder


def changed(**values: str) -> str:
    """The sound policy with other values, as they are written after the colon."""
    lines = []
    for line in SOUND.splitlines():
        key = line.partition(":")[0]
        lines.append(f"{key}: {values.pop(key)}" if key in values else line)
    assert not values, "a key that the policy does not have"
    return "\n".join(lines) + "\n"


def problems_of(folder: Path) -> list[InputProblem]:
    with pytest.raises(InputProblems) as raised:
        read_policies(folder, KEYS)
    return raised.value.problems


def test_a_policy_is_a_row_of_the_contract(tmp_path: Path) -> None:
    policies = read_policies(write(tmp_path, sound=SOUND), KEYS).policies
    assert Policy.is_valid(policies)
    assert policies.to_dicts() == [
        {
            "policy_id": "sound",
            "policy_sha256": hashlib.sha256(SOUND.encode()).hexdigest(),
            "title": "Sound",
            "effective_from": date(2025, 7, 1),
            "effective_to": None,
            "time_zone": "Asia/Jakarta",
            "platforms": ["instagram", "x"],
            "leagues": ["kanwil"],
            "like_weight": 1,
            "comment_weight": 0,
            "share_weight": 3,
            "save_weight": 0,
            "growth_correlation_percent": 10,
            "window_hours": 24,
            "late_limit_hours": None,
            "cutoff_days": 7,
            "counts_replies": False,
            "counts_reposts": False,
            "counts_stories": False,
            "counts_cross_posts": True,
            "collaborations": "owner",
            "minimum_coverage_percent": 100,
            "minimum_evidence_percent": 50,
        }
    ]


def test_the_shipped_policies_are_the_two_public_rules() -> None:
    policies = read_policies(SHIPPED, KEYS).policies
    columns = ["policy_id", "effective_from", "effective_to", "window_hours", "cutoff_days"]
    assert policies.select(*columns, "minimum_evidence_percent").rows() == [
        ("kemenkum-2025-07", date(2025, 7, 1), None, 24, 7, 50),
        ("kuantitas-2025-01", date(2025, 1, 1), date(2025, 7, 1), None, 7, 0),
    ]


def test_the_shipped_curves_say_what_their_sources_say() -> None:
    policies = read_policies(SHIPPED, KEYS)
    rows = policies.growth.filter(policy_id="kemenkum-2025-07")
    assert set(rows["platform"]) == set(KEYS)
    assert set(policies.growth["policy_id"]) == {"kemenkum-2025-07"}
    late = dict(rows.filter(hours=720).select("platform", "typical").iter_rows())
    # After 24 hours 80 % of 30 days' interactions, 60 % and all of them.
    assert (late["instagram"], late["youtube"], late["x"]) == (1250, 1667, 1000)
    assert late["facebook"] == late["instagram"] < late["tiktok"] < late["youtube"]


def test_a_platforms_own_weights_replace_the_whole_set(tmp_path: Path) -> None:
    policy = SOUND + "engagement_on:\n  x: {comments: 2}\n"
    weights = read_policies(write(tmp_path, sound=policy), KEYS).weights
    assert weights.drop("policy_id").rows() == [("instagram", 1, 0, 3, 0), ("x", 0, 2, 0, 0)]


CURVE = """
  {platform}:
    - {{hours: 0, low: 0, typical: 0, high: 0}}
    - {{hours: 24, low: 1000, typical: {typical}, high: 1000}}
    - {{hours: 48, low: 1000, typical: 1100, high: {high}}}"""


def curves(*platforms: str, typical: int | str = 1000, high: int | str = 1300) -> str:
    each = [CURVE.format(platform=name, typical=typical, high=high) for name in platforms]
    return f"growth:{''.join(each)}\n"


def test_a_curve_reaches_the_lake_row_by_row(tmp_path: Path) -> None:
    policy = SOUND + curves("instagram", "x") + "growth_correlation_percent: 25\n"
    found = read_policies(write(tmp_path, sound=policy), KEYS)
    assert found.growth.filter(platform="x").drop("policy_id", "platform").rows() == [
        (0, 0, 0, 0),
        (24, 1000, 1000, 1000),
        (48, 1000, 1100, 1300),
    ]
    assert found.policies["growth_correlation_percent"].item() == 25


@pytest.mark.parametrize(
    ("policy", "line", "told"),
    [
        (SOUND + curves("x"), 19, "a curve for each of the policy's platforms"),
        (SOUND + curves("x", "tiktok"), 19, "a curve for each of the policy's platforms"),
        (changed(window_hours="") + curves("instagram", "x"), 19, "it needs a window"),
        (changed(window_hours="48") + curves("instagram", "x"), 20, "window's end, hour 48"),
        (SOUND + curves("instagram", "x", high=1050), 20, "not in this order at hour 48"),
        (SOUND + curves("instagram", "x", typical=990), 20, "window's end, hour 24"),
        (SOUND + curves("instagram", "x", high="1.3"), None, "a whole number"),
        (SOUND + "engagement_on:\n  tiktok: {likes: 1}\n", 19, "some of the policy's platforms"),
        (SOUND + "growth_correlation_percent: 101\n", 19, "from 0 to 100"),
    ],
)
def test_a_mistake_in_a_curve_is_told_with_its_line(
    tmp_path: Path, policy: str, line: int | None, told: str
) -> None:
    problem, *_ = problems_of(write(tmp_path, sound=policy))
    assert told in f"{problem.problem}; {problem.remedy}"
    if line is not None:
        assert problem.line == line


def test_the_hash_is_of_the_bytes_and_not_of_the_meaning(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf# a comment\r\n" + SOUND.replace("\n", "\r\n").encode()
    policies = read_policies(write(tmp_path, sound=content), KEYS).policies
    assert policies["policy_sha256"].to_list() == [hashlib.sha256(content).hexdigest()]


def test_only_yaml_files_are_policies(tmp_path: Path) -> None:
    folder = write(tmp_path, sound=changed(effective_to="2027-01-01"))
    (folder / "later.yaml").write_text(changed(policy_id="later", effective_from="2027-01-01"))
    (folder / "notes.txt").write_text("not a policy")
    (folder / "._sound.yml").write_bytes(b"\x00\x05\x16\x07")
    assert read_policies(folder, KEYS).policies["policy_id"].to_list() == ["later", "sound"]


@pytest.mark.parametrize(
    ("key", "written", "allowed"),
    [
        ("policy_id", "other", "the file's name"),
        ("title", "", "some text"),
        ("title", '" "', "some text"),
        ("effective_from", "2025-02-30", "YYYY-MM-DD"),
        ("effective_from", '"2025-07-01"', "YYYY-MM-DD"),
        ("effective_from", "2025-07-01 00:00:00", "YYYY-MM-DD"),
        ("effective_from", "", "YYYY-MM-DD"),
        ("effective_to", "2025-07-01", "after effective_from"),
        ("time_zone", "Asia/Jakata", "Asia/Jakarta"),
        ("time_zone", "localtime", "Asia/Jakarta"),
        ("platforms", "[instagram, threads]", ", ".join(KEYS)),
        ("platforms", "[x, x]", "each once"),
        ("platforms", "[]", "a list"),
        ("platforms", "x", "a list"),
        ("leagues", "[]", "a list"),
        ("leagues", "[kanwil, kanwil]", "each once"),
        ("leagues", "[kanwil, ' ']", "a list"),
        ("leagues", "[no]", "a list"),
        ("engagement", "", "weights"),
        ("engagement", "[likes]", "weights"),
        ("window_hours", "-1", "0 to 8760"),
        ("window_hours", "8761", "0 to 8760"),
        ("window_hours", "24.0", "0 to 8760"),
        ("window_hours", '"24"', "0 to 8760"),
        ("window_hours", "24:00", "0 to 8760"),
        ("window_hours", "true", "0 to 8760"),
        ("late_limit_hours", "none", "0 to 8760, or leave it blank"),
        ("cutoff_days", "367", "0 to 366"),
        ("cutoff_days", "010", "0 to 366"),
        ("replies", "yes", "include or exclude"),
        ("reposts", "", "include or exclude"),
        ("stories", "included", "include or exclude"),
        ("cross_posts", "Include", "include or exclude"),
        ("collaborations", "all", "owner"),
        ("minimum_coverage_percent", "101", "0 to 100"),
        ("minimum_evidence_percent", "", "0 to 100"),
    ],
)
def test_values_that_are_not_allowed(tmp_path: Path, key: str, written: str, allowed: str) -> None:
    text = changed(**{key: written})
    (problem,) = problems_of(write(tmp_path, sound=text))
    line = [line.partition(":")[0] for line in text.splitlines()].index(key) + 1
    assert (problem.file, problem.line) == ("policies/sound.yml", line)
    assert str(problem).startswith(f"policies/sound.yml line {line}: {key} ")
    assert allowed in problem.remedy


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("{likes: 1.0}", "engagement.likes is 1.0"),
        ("{comments: true}", "engagement.comments is True"),
        ("{shares: '1'}", "engagement.shares is '1'"),
        ("{saves: }", "engagement.saves is blank"),
        ("{likes: -1}", "engagement.likes is -1"),
        ("{likes: 1001}", "engagement.likes is 1001"),
        ("{views: 1}", "engagement.views is not a key"),
    ],
)
def test_weights_that_are_not_allowed(tmp_path: Path, written: str, key: str) -> None:
    (problem,) = problems_of(write(tmp_path, sound=changed(engagement=written)))
    assert (problem.line, problem.problem) == (8, key)
    assert "0 to 1000" in problem.remedy or "likes, comments, shares, saves" in problem.remedy


@pytest.mark.parametrize("key", [line.partition(":")[0] for line in SOUND.splitlines()])
def test_no_key_may_be_left_out(tmp_path: Path, key: str) -> None:
    lines = [line for line in SOUND.splitlines() if not line.startswith(f"{key}:")]
    (problem,) = problems_of(write(tmp_path, sound="\n".join(lines)))
    assert problem.problem == f"{key} is missing"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (SOUND + "window: 24\n", 19, "window is not a key"),
        (SOUND + "24: 24\n", 19, "24 is not a key"),
        (SOUND + "title: Other\n", 19, "title stands twice, first on line 2"),
        (changed(engagement="{likes: 1, likes: 2}"), 8, "likes stands twice, first on line 8"),
        (changed(leagues="[kanwil"), 8, "not readable as YAML"),
        (changed(title="!!python/name:os.system x"), 2, "not readable as YAML"),
        (SOUND + "<<: {window: 24}\n", 19, "keys can't be merged in with <<"),
        (
            changed(platforms="&all [x]", leagues="*all"),
            7,
            "*all repeats a list",
        ),
        (SOUND + BOMB, 20, "*a0 repeats a list"),
        (SOUND + "---\n" + SOUND, 19, "not readable as YAML"),
        (SOUND.encode() + b"# \xe9", 19, "not UTF-8"),
        (SOUND + "# \x00", None, "not readable as YAML"),
        ("# nothing but this\n", None, "there are no keys"),
        ("- a list\n", None, "there are no keys"),
    ],
)
def test_files_that_are_not_a_policy(
    tmp_path: Path, text: str | bytes, line: int | None, words: str
) -> None:
    (problem,) = problems_of(write(tmp_path, sound=text))
    assert (problem.file, problem.line) == ("policies/sound.yml", line)
    assert words in problem.problem
    assert problem.remedy
    assert "\n" not in str(problem)


def test_a_value_may_name_another(tmp_path: Path) -> None:
    folder = write(tmp_path, sound=changed(window_hours="&day 24", late_limit_hours="*day"))
    assert read_policies(folder, KEYS).policies["late_limit_hours"].to_list() == [24]


@pytest.mark.parametrize("stem", ["Sound", "sound_1", "sound.v1"])
def test_the_name_of_a_policy_has_small_letters_digits_and_hyphens(
    tmp_path: Path, stem: str
) -> None:
    (problem,) = problems_of(write(tmp_path, **{stem: changed(policy_id=stem)}))
    assert problem.file == f"policies/{stem}.yml"
    assert "of a-z, 0-9 and - only" in problem.remedy


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, sound=changed(replies="yes", cutoff_days="-1"), other="title: [")
    assert [(problem.file, problem.line) for problem in problems_of(folder)] == [
        ("policies/other.yml", 1),
        ("policies/sound.yml", 11),
        ("policies/sound.yml", 12),
    ]


def test_two_policies_in_force_at_once_are_told_with_both_files(tmp_path: Path) -> None:
    old = changed(policy_id="old", effective_from="2025-01-01", effective_to="2025-07-02")
    (problem,) = problems_of(write(tmp_path, sound=SOUND, old=old))
    assert problem.file == "policies/sound.yml"
    assert "in force at the same time as policies/old.yml" in problem.problem
    assert "effective_to" in problem.remedy


def test_policies_may_follow_each_other_without_a_day_in_common(tmp_path: Path) -> None:
    old = changed(policy_id="old", effective_from="2025-01-01", effective_to="2025-07-01")
    policies = read_policies(write(tmp_path, sound=SOUND, old=old), KEYS).policies
    assert policies["policy_id"].to_list() == ["old", "sound"]


def test_one_policy_in_two_files(tmp_path: Path) -> None:
    folder = write(tmp_path, sound=changed(effective_to="2025-08-01"))
    (folder / "sound.yaml").write_text(changed(effective_from="2025-08-01"))
    (problem,) = problems_of(folder)
    assert str(problem).startswith("policies/sound.yml: ")
    assert "the same policy_id as policies/sound.yaml" in problem.problem


def test_no_policy_at_all(tmp_path: Path) -> None:
    for folder in (write(tmp_path), tmp_path / "nowhere" / "policies"):
        (problem,) = problems_of(folder)
        assert problem.file == "policies/"
        assert "`kurasi init`" in problem.remedy
