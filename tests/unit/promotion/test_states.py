"""A random walk over the stages, with crashes and overtaking at every write: what docs/promotion.md promises.

The plans and their steps are the product's; only the registry is a list in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mlgate.adapters.registry import versions
from mlgate.errors import StaleError
from mlgate.promotion.history import PRODUCTION, STAGING, YES, Entry, Makings, is_fenced, left_behind, replay, tail_of
from mlgate.promotion.plan import Staged, Terms, plan_promotion, plan_release, plan_rollback
from mlgate.promotion.tags import made_from, promotion_tags, rollback_tags
from mlgate.promotion.values import (
    STAGES,
    Adopt,
    Append,
    Archive,
    MoveAlias,
    PromotionPlan,
    Refusal,
    Stage,
    Standing,
    Wish,
)
from mlgate.records import ComparisonRecord, Version
from mlgate.steps.earlier import find_served, find_target
from mlgate.steps.stage import Stored, append, archive, move_alias
from mlgate.tag_names import ADOPTED, ARCHIVED, BASE, FENCES, MANIFEST
from tests.unit.promotion.test_plan import FAILED, NOW, OBSERVED, evidence, file

TERMS = Terms(max_age_days=14)
WORKSPACE: Any = SimpleNamespace(registry=None, warn=lambda _: None)
STORED = Stored(source="s", run_id="r")
STAGE: st.SearchStrategy[Stage] = st.sampled_from((PRODUCTION, PRODUCTION, STAGING))
MARK = "mark"
BEFORE = "the digest of what was there before"
WRITE = st.integers(-4, 10)  # what is not above 0 disturbs nothing
PAGE = Path(__file__).parents[3] / "docs" / "promotion.md"


def makings(record: ComparisonRecord) -> Makings:
    """What a record's candidate is known by."""
    return Makings(manifest=record.candidate.manifest_digest, made_from=made_from(record))


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Registry:
    """A registered model: a list of versions, aliases, and what happens at the next writes."""

    entries: dict[str, Entry] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    at_write: Callable[[], None] = lambda: None

    def create(self, *_: object, run_id: str, source: str, tags: dict[str, str]) -> str:
        """Append a version; numbers are handed out one by one."""
        self.at_write()
        number = str(len(self.entries) + 1)
        self.entries[number] = Entry(version=number, run_id=run_id, source=source, created_at=NOW, tags=tags)
        self.at_write()
        return number

    def tag(self, _: object, __: str, version: str, tags: dict[str, str]) -> None:
        """Tag a version."""
        self.at_write()
        entry = self.entries[version]
        self.entries[version] = replace(entry, tags={**entry.tags, **tags})
        self.at_write()

    def point(self, _: object, __: str, alias: str, version: str) -> None:
        """Move an alias, whatever it points to."""
        self.at_write()
        self.aliases[alias] = version
        self.at_write()

    def tail(self, _: object, __: str, stage: str, *, before: str | None = None) -> list[Entry]:
        """List the end of a stage's history."""
        return tail_of([entry for entry in self.entries.values() if entry.stage == stage], before=before)

    def back(self, _: object, __: str, stage: str, wanted: Callable[[Entry], bool]) -> Entry | None:
        """Find the newest confirmed entry that is wanted."""
        found = [one for one in self.entries.values() if one.stage == stage and one.confirmed and wanted(one)]
        return max(found, key=lambda entry: int(entry.version), default=None)

    def replace_mlflow(self, patch: pytest.MonkeyPatch) -> None:
        """Be what the steps ask instead of MLflow."""
        for name, function in {
            "create_version": self.create,
            "tag_version": self.tag,
            "set_alias": self.point,
            "read_tail": self.tail,
            "find_back": self.back,
            "read_version": lambda _, __, version: self.entries.get(version),
            "read_alias": lambda _, __, alias: self.aliases.get(alias),
        }.items():
            patch.setattr(versions, name, function)

    def standing(self, stage: Stage, *, whole: bool = False) -> Standing:
        """Where a stage stands, by the end of its history or by the whole of it."""
        entries = list(self.entries.values()) if whole else self.tail(None, "", stage)
        return Standing(stage=stage, alias=stage, alias_version=self.aliases.get(stage), history=replay(entries, stage))


class Walk(RuleBasedStateMachine):
    """Commands of people and jobs in any order, each of which may crash, be overtaken, or be run again."""

    def __init__(self) -> None:
        """Start with an empty registry."""
        super().__init__()
        self.registry = Registry()
        self.patch = pytest.MonkeyPatch()
        self.compared: list[ComparisonRecord] = []
        self.told: list[tuple[Stage, str]] = []
        self.marks = count()

    @initialize(before=st.booleans())
    def begin(self, before: bool) -> None:  # noqa: FBT001 (hypothesis names it)
        """Start with nothing, or with a version that somebody registered and pointed the alias to by hand."""
        self.empty()
        if before:
            self.registry.create(run_id="r", source="s", tags={})
            self.registry.aliases[PRODUCTION] = "1"

    def empty(self) -> None:
        """Put the list in the place of MLflow."""
        self.registry.replace_mlflow(self.patch)

    def teardown(self) -> None:
        """Give MLflow its place back."""
        self.patch.undo()

    @rule(again=st.booleans(), passed=st.booleans())
    def compare(self, again: bool, passed: bool = True) -> None:  # noqa: FBT001, FBT002 (hypothesis names them)
        """A pull request's candidate is compared with production, or an older candidate once more; it may fail."""
        current = self.registry.standing(PRODUCTION).current
        production = Version(name="churn", version=current, run_id="r", manifest_digest="") if current else None
        number = self.compared[0].candidate.version if again and self.compared else str(len(self.compared) + 1)
        candidate = Version(name="churn-candidates", version=number, run_id="r", manifest_digest=f"m{number}")
        verdict = {} if passed else {"verdict": FAILED}
        data = (file(f"data of {number}"),)
        self.compared.append(evidence(candidate=candidate, production=production, train_data=data, **verdict))

    @rule(stage=STAGE, at=WRITE, overtaken=st.booleans())
    def ship(self, stage: Stage, at: int, overtaken: bool) -> None:  # noqa: FBT001 (as above)
        """A pull request is compared and merged; at a write it may crash, or another one comes first."""
        self.compare(again=False)
        self.disturbed(at, (lambda: self.shipped(stage)) if overtaken else None)
        self.survive(lambda: self.promoted(self.compared[-1], stage))

    @rule(which=st.integers(0, 5), stage=STAGE, at=WRITE)
    def merge(self, which: int, stage: Stage, at: int) -> None:
        """A merge promotes a candidate that was reviewed some time ago."""
        if self.compared:
            self.disturbed(at, None)
            self.survive(lambda: self.promoted(self.compared[-1 - which % len(self.compared)], stage))

    @rule(at=WRITE)
    def release(self, at: int) -> None:
        """Somebody releases what is in staging."""
        self.disturbed(at, None)
        self.survive(self.released)

    @rule(at=WRITE, to=st.sampled_from(["previous", "previous", "1", "2", "3"]), why=st.sampled_from("abc"))
    def roll_back(self, at: int, to: str, why: str) -> None:
        """Somebody rolls production back; after a crash, with the same words, to the same version."""
        wish = Wish(to=to, reason=why)
        before = self.registry.standing(PRODUCTION, whole=True).history.valid
        self.disturbed(at, None)
        self.survive(lambda: self.rolled_back(wish))
        self.survive(lambda: self.rolled_back(wish))
        assert len(self.registry.standing(PRODUCTION, whole=True).history.valid) <= len(before) + 1

    @rule(stage=st.sampled_from(STAGES))
    def doctor(self, stage: Stage) -> None:
        """`mlgate doctor --fix`: afterwards the alias is where the history says."""
        move_alias(WORKSPACE, "churn", MoveAlias(stage=stage, alias=stage))
        standing = self.registry.standing(stage)
        assert standing.alias_version == standing.current

    def disturbed(self, at: int, rival: Callable[[], object] | None) -> None:
        """Have something happen at a later write: the process ends, or `rival` comes first."""
        left = at

        def happens() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self.registry.at_write = lambda: None
                if rival is None:
                    raise Crash
                rival()

        self.registry.at_write = happens if at > 0 else lambda: None

    def survive(self, command: Callable[[], object]) -> None:
        """Run a command; a crash ends it, a faster rival is an answer."""
        with suppress(Crash, StaleError):
            command()
        self.registry.at_write = lambda: None

    def shipped(self, stage: Stage) -> None:
        """Compare a new candidate with what is in production now, and promote it."""
        self.compare(again=False)
        self.promoted(self.compared[-1], stage)

    def promoted(self, record: ComparisonRecord, stage: Stage) -> None:
        """Plan and apply a promotion to a stage."""
        production = self.registry.standing(PRODUCTION)
        known = tuple(self.registry.entries.values())
        observed = replace(OBSERVED, data={}, known=known, fenced=is_fenced(makings(record), known))
        plan = plan_promotion(record, self.registry.standing(stage), production, observed, TERMS)
        self.applied(plan, lambda step: promotion_tags(record, step, {}))

    def released(self) -> None:
        """Plan and apply a release."""
        staging = self.registry.standing(STAGING)
        staged = staging.head
        if staged is None:
            return
        record = next(one for one in self.compared if one.candidate.manifest_digest == staged.manifest)
        newest = [one for one in self.compared if one.candidate == record.candidate][-1]
        observed = replace(
            OBSERVED,
            now=NOW + timedelta(hours=1),
            known=tuple(self.registry.entries.values()),
            fenced=is_fenced(makings(record), self.registry.entries.values()),
        )
        source = Staged(entry=staged, standing=staging)
        plan = plan_release(source, newest, self.registry.standing(PRODUCTION), observed, TERMS)
        self.applied(plan, lambda step: promotion_tags(newest, step, {}))

    def rolled_back(self, wish: Wish) -> None:
        """Plan and apply a rollback."""
        standing = self.registry.standing(PRODUCTION)
        served = find_served(WORKSPACE, "churn", standing)
        target = find_target(WORKSPACE, "churn", standing, served, wish.to) if served else None
        plan = plan_rollback(standing, served, target, wish)

        def tags(step: Append) -> dict[str, str]:
            assert target is not None
            assert served is not None
            assert standing.head is not None
            left = left_behind(standing.head, served, target)
            return rollback_tags(target, left, step, wish, {"mlgate.reason": wish.reason})

        self.applied(plan, tags)

    def applied(self, plan: PromotionPlan | Refusal, tags: Callable[[Append], dict[str, str]]) -> None:
        """Carry out a plan; what ends without an exception was told to be done."""
        if isinstance(plan, Refusal):
            return
        noted = {}
        for step in plan.steps:
            match step:
                case Adopt():
                    noted = {ADOPTED: BEFORE}
                case Append():
                    self.appended(step, {**tags(step), **noted, MARK: str(next(self.marks))})
                case MoveAlias():
                    move_alias(WORKSPACE, "churn", step)
                case Archive():
                    archive(WORKSPACE, "churn", step)

    def appended(self, step: Append, tags: dict[str, str]) -> None:
        """Append an entry, and remember what was told of it; a stale one does not count."""
        try:
            entry = append(WORKSPACE, "churn", step, STORED, tags)
        except StaleError:
            counted = self.registry.standing(step.stage, whole=True).history.valid
            assert tags[MARK] not in {entry.tags[MARK] for entry in counted}
            raise
        self.told.append((step.stage, entry.version))

    @invariant()
    def one_chain(self) -> None:
        """Each entry that counts replaced the one before it, and the end of the history tells the same head."""
        for stage in STAGES:
            whole = self.registry.standing(stage, whole=True).history
            assert [entry.tags[BASE] for entry in whole.valid[1:]] == [entry.version for entry in whole.valid[:-1]]
            assert self.registry.standing(stage).head == whole.head

    @invariant()
    def what_is_confirmed_counted(self) -> None:
        """Before the newest confirmed entry, those that count are those that are confirmed."""
        for stage in STAGES:
            counted = {entry.version for entry in self.registry.standing(stage, whole=True).history.valid}
            entries = [entry for entry in self.registry.entries.values() if entry.stage == stage]
            last = max((int(entry.version) for entry in entries if entry.confirmed), default=0)
            before = [entry for entry in entries if int(entry.version) <= last]
            assert all(entry.confirmed == (entry.version in counted) for entry in before)

    @invariant()
    def what_is_served_has_passed(self) -> None:
        """An alias points to an entry that counted, whose bytes a comparison passed, or to what was there before."""
        reviewed = {record.candidate.manifest_digest for record in self.compared if record.verdict.passed} | {BEFORE}
        for stage in STAGES:
            standing = self.registry.standing(stage, whole=True)
            if standing.alias_version is not None and self.registry.entries[standing.alias_version].operation is None:
                assert not any(entry.confirmed for entry in standing.history.valid)
            elif standing.alias_version is not None:
                entry = standing.history.find(standing.alias_version)
                assert entry is not None
                assert entry.manifest in reviewed

    @invariant()
    def nothing_told_is_lost(self) -> None:
        """What a promotion was told to have appended counts, for good."""
        for stage, version in self.told:
            assert self.registry.standing(stage, whole=True).history.find(version) is not None

    @invariant()
    def what_was_left_is_marked(self) -> None:
        """A digest that was rolled back from is fenced, unless it was made production again."""
        for entry in self.registry.standing(PRODUCTION, whole=True).history.valid:
            digest = entry.tags.get(FENCES)
            later = [e for e in self.registry.entries.values() if int(e.version) > int(entry.version)]
            if digest and not any(e.tags.get(MANIFEST) == digest for e in later):
                assert is_fenced(Makings(manifest=digest), self.registry.entries.values())


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)

ARROW = re.compile(r"^    (\S+) --> (\S+): (\w+)$", re.MULTILINE)


def stages_of(registry: Registry) -> dict[str, str]:
    """Name the state of each version's bytes, as the diagram does."""
    found = {}
    for entry in registry.entries.values():
        state = "archived" if entry.tags.get(ARCHIVED) == YES else str(entry.stage)
        found[entry.version] = state
    return found


def test_the_page_s_arrows_are_the_walk_s() -> None:
    """Every arrow of the diagram is a command of the walk, and leads where the diagram says."""
    drawn = set(ARROW.findall(PAGE.read_text(encoding="utf-8")))
    walk = Walk()
    walk.empty()
    registry, seen = walk.registry, set()
    try:
        walk.compare(again=False)
        seen.add(("[*]", "candidate", "compare"))
        for stage in STAGES:  # merged to staging, then another one straight to production
            walk.promoted(walk.compared[-1], stage)
            seen.add(("candidate", stages_of(registry)[str(len(registry.entries))], "merge"))
            walk.compare(again=False)
        walk.promoted(walk.compared[-1], STAGING)
        seen.add(("staging", stages_of(registry)["1"], "replace"))
        walk.released()
        seen.add(("staging", stages_of(registry)["4"], "release"))
        seen.add(("production", stages_of(registry)["2"], "replace"))
        walk.rolled_back(Wish(to="previous", reason="alarms"))
        seen.add(("production", stages_of(registry)["4"], "rollback"))
        seen.add(("archived", stages_of(registry)["5"], "rollback"))
    finally:
        walk.teardown()
    assert seen == drawn
