"""What doctor says of workflow files: each mistake is named with its line, and our own files have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.doctor.workflows import lint

ROOT = Path(__file__).parents[3]
OURS = [*sorted((ROOT / "workflows-examples").glob("*.yml")), *sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
SHA = "1" * 40
GOOD = f"""\
name: promote
on:
  push: {{branches: [main]}}
permissions: {{}}
concurrency:
  group: mlgate-production
  cancel-in-progress: false
jobs:
  promote:
    runs-on: ubuntu-latest
    environment: production
    permissions: {{contents: read}}
    steps:
      - uses: actions/checkout@{SHA}
      - uses: mlgate/mlgate@{SHA}
        env:
          MLFLOW_TRACKING_PASSWORD: ${{{{ secrets.MLFLOW_TRACKING_PASSWORD }}}}
"""
CHECK = f"""\
on: pull_request
permissions: {{}}
jobs:
  check:
    runs-on: ubuntu-latest
    environment: candidates
    steps:
      - uses: mlgate/mlgate@{SHA}
        env:
          MLFLOW_TRACKING_PASSWORD: ${{{{ secrets.MLFLOW_TRACKING_PASSWORD }}}}
"""


def said(text: str, **others: str) -> list[tuple[str, int | None]]:
    """Return reason and line of what is wrong in one file, beside other files."""
    files = {"promote.yml": text, **{f"{name}.yml": other for name, other in others.items()}}
    return [(problem.reason, problem.line) for problem in lint(files)]


def test_our_own_files_are_clean() -> None:
    """The example workflows, alone and together, and the repository's own; but for the commit that a user fills in."""
    assert len(OURS) >= 10
    found = lint({path.name: path.read_text(encoding="utf-8") for path in OURS})
    assert {problem.reason for problem in found} == {"placeholder"}
    filled = {path.name: path.read_text(encoding="utf-8").replace("@" + "0" * 40, f"@{SHA}") for path in OURS}
    assert lint(filled) == []


def test_the_good_ones_are_clean() -> None:
    """The same name of a secret in two environments is two secrets."""
    assert said(GOOD, check=CHECK) == []


@pytest.mark.parametrize(
    ("before", "after", "reason", "line"),
    [
        ("concurrency:\n  group: mlgate-production\n  cancel-in-progress: false\n", "", "no_concurrency", 6),
        ("group: mlgate-production", "group: p-${{ github.run_id }}", "own_group", 5),
        ("group: mlgate-production", "group: p-${{ github.sha }}", "own_group", 5),
        ("cancel-in-progress: false", "cancel-in-progress: true", "cancelled", 5),
        ("    environment: production\n", "", "no_environment", 9),
        ("permissions: {}\n", "", None, None),
        ("    permissions: {contents: read}\n", "    permissions: write-all\n", "wide_permissions", 12),
        ("{contents: read}", "{contents: write, pull-requests: write}", "wide_permissions", 12),
        ("{contents: read}", "{contents: read, pull-requests: write, id-token: write}", None, None),
        (f"checkout@{SHA}", "checkout@v4", "not_pinned", 14),
        (f"mlgate/mlgate@{SHA}", "mlgate/mlgate@main", "not_pinned", 15),
        (f"mlgate/mlgate@{SHA}", "mlgate/mlgate@" + "0" * 40, "placeholder", 15),
        (f"mlgate/mlgate@{SHA}", "./.github/actions/mine", None, None),
        ("push: {branches: [main]}", "pull_request_target:", "pull_request_target", 2),
        ("push: {branches: [main]}", "push:\n  pull_request:", "shared_secret", 18),
        ("  push: {branches: [main]}", "  push: {branches: [main}", "unreadable_workflow", 3),
    ],
)
def test_each_mistake_is_named(before: str, after: str, reason: str | None, line: int | None) -> None:
    """One change of a good file, one reason, and the line to look at."""
    assert before in GOOD
    found = said(GOOD.replace(before, after))
    assert (reason, line) in found if reason else found == []


def test_no_permissions_anywhere() -> None:
    """The token then may do what the repository's settings say."""
    bare = GOOD.replace("permissions: {}\n", "").replace("    permissions: {contents: read}\n", "")
    assert said(bare) == [("no_permissions", 8)]


@pytest.mark.parametrize(
    ("step", "moves"),
    [
        (f"uses: mlgate/mlgate/actions/promote@{SHA}", True),
        (f"uses: our/fork-of-mlgate/actions/rollback@{SHA}", False),
        (f"uses: ours/mlgate/actions/rollback@{SHA}", True),
        (f"uses: mlgate/mlgate/actions/compare@{SHA}", False),
        (f"uses: mlgate/mlgate@{SHA}\n        with: {{operation: check}}", False),
        (f"uses: mlgate/mlgate@{SHA}\n        with: {{operation: '${{{{ inputs.what }}}}'}}", True),
        ("run: python -m mlgate promote --model churn", True),
        ("run: |\n          cd models\n          mlgate rollback --reason slow", True),
        ("run: '\"mlgate\" promote'", True),
        ("run: \"'mlgate' 'rollback' --reason slow\"", True),
        ("run: |\n          mlgate \\\n            promote --model churn", True),
        ("run: if ! (mlgate promote); then exit 1; fi", True),
        ("run: |\n          mlgate run \\\n            --operation check", False),
        ("run: mlgate run --operation check", False),
        ("run: mlgate run", True),
        ("run: mlgate history && echo promote", False),
        ("run: echo ready", False),
    ],
)
def test_what_moves_production(step: str, moves: bool) -> None:  # noqa: FBT001 (a row)
    """Promotion and rollback by action or by command; the whole loop unless it is told to check."""
    text = f"on: push\njobs:\n  a:\n    steps:\n      - {step}\n"
    assert bool(said(text)) is moves


@pytest.mark.parametrize("event", ["pull_request", "merge_group"])
def test_the_loop_on_a_pull_request_moves_nothing(event: str) -> None:
    """There it checks."""
    assert said(f"on: {event}\njobs:\n  a:\n    steps:\n      - uses: mlgate/mlgate@{SHA}\n") == []


@pytest.mark.parametrize(
    ("change", "shared"),
    [
        (("environment: candidates", "environment: production"), True),
        (("environment: candidates", "environment: {name: production}"), True),
        (("environment: candidates", "name: check"), False),
        (("secrets.MLFLOW_TRACKING_PASSWORD", "secrets.CANDIDATE_PASSWORD"), False),
        (("jobs:", "env: {OTHER: '${{ secrets.MLFLOW_TRACKING_PASSWORD }}'}\njobs:"), False),
        (("environment: candidates", "environment: production\n    if: github.event_name == 'push'"), False),
    ],
)
def test_the_promoter_s_secret_stays_out_of_pull_requests(change: tuple[str, str], shared: bool) -> None:  # noqa: FBT001
    """A secret is known by its name and its environment."""
    assert change[0] in CHECK
    found = said(GOOD, check=CHECK.replace(*change))
    assert ([reason for reason, _ in found] == ["shared_secret"]) is shared


@pytest.mark.parametrize(
    ("events", "condition", "believed"),
    [
        ("pull_request", "github.event_name == 'push'", True),
        ("pull_request", "github.event_name == 'push' && success()", True),
        ("pull_request", "github.ref == 'refs/heads/main'", True),
        ("pull_request", "github.event_name != 'pull_request'", True),
        ("pull_request", "github.event_name == 'push' || github.event_name == 'pull_request'", False),
        ("pull_request", "github.ref == 'refs/heads/main' || github.actor == 'me'", False),
        ("pull_request", "!(github.event_name == 'push')", False),
        ("pull_request", "! (github.ref == 'refs/heads/main')", False),
        ("pull_request", "github.event_name != 'pull_request_target'", False),
        ("pull_request", "github.event_name == 'pull_request'", False),
        ("[pull_request, pull_request_target]", "github.event_name != 'pull_request'", False),
        ("[pull_request, pull_request_target]", "github.event_name == 'push'", True),
    ],
)
def test_only_a_condition_that_is_understood_is_believed(events: str, condition: str, *, believed: bool) -> None:
    """One that names alternatives, or negates what is in brackets, may let pull requests in."""
    asked = CHECK.replace("on: pull_request", f"on: {events}")
    asked = asked.replace("environment: candidates", f'environment: production\n    if: "{condition}"')
    assert ("shared_secret" not in {reason for reason, _ in said(GOOD, check=asked)}) is believed


def test_repository_secrets_are_shared_whatever_uses_them() -> None:
    """Without environments one name is one secret, in a job without mlgate, too."""
    bare = GOOD.replace("    environment: production\n", "")
    used = "{P: \"${{ secrets['MLFLOW_TRACKING_PASSWORD'] }}\"}"
    other = f"on: [pull_request]\njobs:\n  lint:\n    steps:\n      - run: x\n        env: {used}\n"
    assert ("shared_secret", 6) in said(bare, lint=other)


def test_groups_that_do_not_wait_for_each_other_are_told() -> None:
    """Promotions in two groups: an advice, since the registry keeps them apart anyway."""
    other = GOOD.replace("mlgate-production", "another")
    found = lint({"a.yml": GOOD, "b.yml": GOOD, "c.yml": other})
    assert [(one.reason, one.file, one.level) for one in found] == [("other_group", "c.yml", "advice")]


@pytest.mark.parametrize(
    "step",
    [
        f"- uses: mlgate/mlgate/actions/rollback@{SHA}",
        f"- uses: mlgate/mlgate@{SHA}\n        with: {{operation: rollback}}",
        "- run: mlgate rollback --reason slow",
        "- run: mlgate run --operation=rollback --reason slow",
    ],
)
def test_a_rollback_waits_for_no_promotion(step: str) -> None:
    """GitHub keeps one waiting run of a group: the next merge would drop it. In a group of its own all is well."""
    back = GOOD.replace(f"- uses: mlgate/mlgate@{SHA}", step)
    (found,) = lint({"a.yml": GOOD, "b.yml": back})
    assert (found.reason, found.file, found.line, found.level) == ("dropped_rollback", "b.yml", 5, "problem")
    own = back.replace("mlgate-production", "mlgate-rollback-${{ inputs.model }}")
    assert lint({"a.yml": GOOD, "b.yml": own}) == []
    assert lint({"a.yml": GOOD, "b.yml": back.replace("mlgate-production", "mlgate-rollback")}) == []


def test_a_job_that_may_do_either_waits_with_the_promotions() -> None:
    """What an expression asks for may be a promotion."""
    either = GOOD.replace(
        f"mlgate/mlgate@{SHA}\n", f"mlgate/mlgate@{SHA}\n        with: {{operation: '${{{{ inputs.what }}}}'}}\n"
    )
    assert lint({"a.yml": GOOD, "b.yml": either}) == []


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "jobs: 3\n", "on: push\njobs: {a: {steps: [1, null]}}\n", "a: &a\n  *a\n"]
)
def test_odd_files_are_no_crash(text: str) -> None:
    """Whatever stands in the folder is read, or said to be unreadable."""
    assert all(reason == "unreadable_workflow" for reason, _ in said(text))
