"""The policies: the versioned rules of scoring (`policies/<policy_id>.yml` of a home).

What belongs here: reading the files, holding each to the keys and values that are allowed, and
refusing two that are in force at once; every mistake is reported at once, with its key and line.
What does not: what a policy means for a post or a rank. Policies leave here as data, and SQL
scores.
"""

from __future__ import annotations

import hashlib
import re
import reprlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

import dataframely as dy
import polars as pl
import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from ingest.reference.errors import (
    InputProblem,
    InputProblems,
    decode,
    known_time_zones,
    read_input,
)
from ingest.reference.growth import Row, faults
from ingest.schemas import GrowthRow, PlatformWeights, Policy

_ENDINGS = (".yml", ".yaml")


def _only(holds: Callable[[Any, ValidationInfo], object]) -> AfterValidator:
    def check(value: Any, info: ValidationInfo) -> Any:
        if not holds(value, info):
            raise ValueError
        return value

    return AfterValidator(check)


def _number(most: int, or_blank: str = "") -> Any:
    return Field(ge=0, le=most, description=f"a whole number from 0 to {most}{or_blank}")


def _is_list(values: list[str], _: ValidationInfo) -> bool:
    """Not empty, no value blank or padded, none twice."""
    return 0 < len(values) == len({value for value in values if value == value.strip() != ""})


_Weight = Annotated[int, _number(1000)]
_Percent = Annotated[int, _number(100)]
_Hours = Annotated[int | None, _number(8760, ", or leave it blank")]
_Days = Annotated[int | None, _number(366, ", or leave it blank")]
_Choice = Annotated[Literal["include", "exclude"], Field(description="include or exclude")]


@dataclass(frozen=True, slots=True)
class _Context:
    """What a file must agree with: its name without the ending, and the platforms there are."""

    stem: str
    platforms: Collection[str]


class _Engagement(BaseModel, strict=True, extra="forbid"):
    """A component that is left out weighs 0; views never count, so they have no key."""

    likes: _Weight = 0
    comments: _Weight = 0
    shares: _Weight = 0
    saves: _Weight = 0


class _GrowthRow(BaseModel, strict=True, extra="forbid"):
    """What a post has at an age, per mille of what it has at the window's end."""

    hours: Annotated[int, _number(8760)]
    low: Annotated[int, _number(100_000)]
    typical: Annotated[int, _number(100_000)]
    high: Annotated[int, _number(100_000)]


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies as tables: the rules, their weights by platform, and their growth curves."""

    policies: pl.DataFrame
    weights: pl.DataFrame
    growth: pl.DataFrame


class _PolicyFile(BaseModel, strict=True, extra="forbid"):
    """Whatever decides a rank is written down, so only what was added later has a default.

    Descriptions are remedies.
    """

    policy_id: Annotated[
        str,
        _only(lambda name, info: name == info.context.stem and re.fullmatch(r"[a-z0-9-]+", name)),
    ] = Field(description="the file's name without its ending, of a-z, 0-9 and - only")
    title: str = Field(pattern=r"\S", description="some text")
    effective_from: date = Field(description="a date, YYYY-MM-DD without quotes")
    effective_to: Annotated[
        date | None,
        _only(lambda end, info: not end or end > info.data.get("effective_from", date.min)),
    ] = Field(description="the first day not in force, after effective_from, or leave it blank")
    time_zone: Annotated[str, _only(lambda name, _: name in known_time_zones())] = Field(
        description="an IANA name such as Asia/Jakarta"
    )
    platforms: Annotated[
        list[str],
        _only(_is_list),
        _only(lambda names, info: set(names) <= set(info.context.platforms)),
    ] = Field(description="a list of some of {platforms}, each once")
    leagues: Annotated[list[str], _only(_is_list)] = Field(
        description="a list of leagues of offices.csv, each once"
    )
    engagement: _Engagement = Field(description="weights such as {likes: 1, comments: 1}")
    engagement_on: Annotated[
        dict[str, _Engagement],
        _only(lambda weights, info: set(weights) <= set(info.data.get("platforms", weights))),
    ] = Field(default={}, description="other weights for some of the policy's platforms")
    window_hours: _Hours
    growth: Annotated[
        dict[str, list[_GrowthRow]],
        _only(lambda curves, info: not curves or info.data.get("window_hours") is not None),
        _only(
            lambda curves, info: not curves or set(curves) == set(info.data.get("platforms", ()))
        ),
    ] = Field(
        default={},
        description="a curve for each of the policy's platforms, or leave it out; "
        "it needs a window",
    )
    growth_correlation_percent: _Percent = 10
    late_limit_hours: _Hours
    cutoff_days: _Days
    replies: _Choice
    reposts: _Choice
    stories: _Choice
    cross_posts: _Choice
    collaborations: Literal["owner"] = Field(description="owner")
    minimum_coverage_percent: _Percent
    minimum_evidence_percent: _Percent

    def begins_before_end_of(self, other: _PolicyFile) -> bool:
        return self.effective_from < (other.effective_to or date.max)

    def row(self) -> dict[str, Any]:
        """As the contract names it, but for the file's hash."""
        row = self.model_dump(exclude={"engagement_on", "growth"})
        for component, weight in row.pop("engagement").items():
            row[f"{component.removesuffix('s')}_weight"] = weight
        for kind in ("replies", "reposts", "stories", "cross_posts"):
            row[f"counts_{kind}"] = row.pop(kind) == "include"
        return row

    def weights(self) -> Iterator[dict[str, Any]]:
        """The weights on each platform; a set of a platform's own replaces the general one."""
        for platform in self.platforms:
            weights = self.engagement_on.get(platform, self.engagement)
            yield {
                "policy_id": self.policy_id,
                "platform": platform,
                "like_weight": weights.likes,
                "comment_weight": weights.comments,
                "share_weight": weights.shares,
                "save_weight": weights.saves,
            }

    def curves(self) -> Iterator[dict[str, Any]]:
        """The rows of the growth curves."""
        for platform, curve in self.growth.items():
            for row in curve:
                yield {"policy_id": self.policy_id, "platform": platform, **row.model_dump()}


class _Loader(yaml.SafeLoader):
    """Safe YAML that guesses less, copies nothing, and knows the line of each key and which stand
    twice.

    ruamel.yaml knows lines too, but reads 010 as 10 and custom tags as text, stops at the first key
    that stands twice and fails at a date that does not exist: it would need as many corrections.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lines: dict[str, int] = {}
        self.repeated: dict[str, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        # Copies of copies of a list or a mapping would make a few lines as large as the memory.
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            if isinstance(self.anchors.get(event.anchor), yaml.CollectionNode):
                raise _refused(f"*{event.anchor} repeats a list or a mapping", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                raise _refused("keys can't be merged in with <<", key_node)
            key, line = str(key_node.value), key_node.start_mark.line + 1
            (self.repeated if key in seen else self.lines)[key] = line
            seen.add(key)
        return {str(key): value for key, value in super().construct_mapping(node, deep).items()}

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        # YAML 1.1 reads 24:00 as 1440 and 010 as 8; left as text, they are mistakes.
        if node.tag.endswith(":int") and not re.fullmatch("0|-?[1-9][0-9]*", str(node.value)):
            return node.value
        try:
            return super().construct_object(node, deep)
        except ValueError:  # a date that does not exist
            return node.value


def _refused(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def policy_files(folder: Path) -> list[Path]:
    """The files of a folder that are read as policies, in order."""
    # A name that begins with a dot is a system's own (macOS leaves `._<name>` beside a file).
    files = [path for path in sorted(folder.glob("[!.]*")) if path.is_file()]
    return [path for path in files if path.suffix.lower() in _ENDINGS]


def read_policies(folder: Path, platforms: Collection[str]) -> Policies:
    """Read every `*.yml` and `*.yaml` of `folder`, ordered by `policy_id`.

    `platforms` are the keys that a policy may name. `effective_from` and `effective_to` (exclusive)
    are days in the policy's time zone; `policy_sha256` is of the file's bytes. Raises
    `InputProblems` with every mistake of every file.
    """
    problems: list[InputProblem] = []
    policies: dict[str, tuple[_PolicyFile, str]] = {}
    paths = policy_files(folder)
    for path in paths:
        file = f"{folder.name}/{path.name}"
        try:
            content = read_input(path, file, "policy_kib")
        except InputProblem as problem:
            problems.append(problem)
            continue
        if policy := _read(content, file, _Context(path.stem, platforms), problems):
            policies[file] = policy, hashlib.sha256(content).hexdigest()
    if not paths:
        remedy = "`kurasi init` writes the policies that are shipped"
        problems.append(InputProblem(f"{folder.name}/", None, "there is no policy", remedy))
    for (first, (a, _)), (second, (b, _)) in combinations(policies.items(), 2):
        clash = "has the same policy_id as" if a.policy_id == b.policy_id else ""
        if a.begins_before_end_of(b) and b.begins_before_end_of(a):
            clash = "is in force at the same time as"
        if clash:
            remedy = "delete one, or end the earlier (effective_to) where the later begins"
            problems.append(InputProblem(second, None, f"the policy {clash} {first}", remedy))
    if problems:
        raise InputProblems(problems)
    rows = [policy.row() | {"policy_sha256": sha256} for policy, sha256 in policies.values()]
    weights = [row for policy, _ in policies.values() for row in policy.weights()]
    growth = [row for policy, _ in policies.values() for row in policy.curves()]
    return Policies(
        policies=_table(Policy, rows, "policy_id"),
        weights=_table(PlatformWeights, weights, "policy_id", "platform"),
        growth=_table(GrowthRow, growth, "policy_id", "platform", "hours"),
    )


def _table(schema: type[dy.Schema], rows: list[dict[str, Any]], *key: str) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=schema.create_empty().schema)
    return schema.validate(frame.sort(key))


def _read(
    content: bytes, file: str, context: _Context, problems: list[InputProblem]
) -> _PolicyFile | None:
    """The policy of one file, or None; adds what is wrong to `problems`."""
    try:
        loader = _Loader(decode(content, file))
        values = loader.get_single_data()
        for key, line in loader.repeated.items():
            problem = f"{key} stands twice, first on line {loader.lines[key]}"
            problems.append(InputProblem(file, line, problem, "keep one of the two"))
        policy = _PolicyFile.model_validate(values, context=context)
        for platform, curve in policy.growth.items():
            rows = [Row(row.hours, row.low, row.typical, row.high) for row in curve]
            problems += [
                InputProblem(
                    file,
                    loader.lines.get(platform),
                    f"growth.{platform}: {fault}",
                    "`kurasi growth` writes rows that are allowed",
                )
                for fault in faults(rows, policy.window_hours or 0)
            ]
        return policy
    except InputProblem as mistake:
        problems.append(mistake)
    except (yaml.YAMLError, RecursionError) as error:
        mark, why = getattr(error, "problem_mark", None), getattr(error, "problem", error)
        remedy = "write `key: value`, as in the policies that `kurasi init` writes"
        place = mark.line + 1 if mark else None
        problems.append(InputProblem(file, place, f"not readable as YAML: {why}", remedy))
    except ValidationError as error:
        problems += [_problem(file, loader.lines, mistake, context) for mistake in error.errors()]
    return None


def _problem(
    file: str, lines: dict[str, int], mistake: ErrorDetails, context: _Context
) -> InputProblem:
    """A mistake that the model found, in words for the person who wrote the file."""
    keys = [key for key in mistake["loc"] if isinstance(key, str)]
    if not keys:
        return InputProblem(file, None, "there are no keys", "`kurasi init` writes an example")
    model: type[BaseModel] = _PolicyFile
    if keys[-1] in _GrowthRow.model_fields or keys[0] == "growth":
        model = _GrowthRow if len(keys) > 2 else _PolicyFile
    elif len(keys) > 1:
        model = _Engagement
    field = model.model_fields.get(keys[-1])
    name, line, value = ".".join(keys), lines.get(keys[-1]), mistake["input"]
    if field is None:
        remedy = f"the keys are {', '.join(model.model_fields)}"
        return InputProblem(file, line, f"{name} is not a key", remedy)
    allowed = (field.description or "").replace("{platforms}", ", ".join(context.platforms))
    if mistake["type"] == "missing":
        return InputProblem(file, None, f"{name} is missing", f"add it: {allowed}")
    shown = str(value or "blank") if isinstance(value, date | None) else reprlib.repr(value)
    return InputProblem(file, line, f"{name} is {shown}", f"write {allowed}")
