"""The base's policy is found wherever it is: in the clone, on origin, at GitHub; and said to be unknown elsewhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rich.console import Console

from mlgate.adapters.runner import read_runner
from mlgate.config.load import load
from mlgate.config.model import Model
from mlgate.promotion.policy import approval_label
from mlgate.records import PolicyChange
from mlgate.steps.base_policy import BasePolicy, describe_change, read_base, replaced_policy
from mlgate.steps.workspace import Workspace
from mlgate.training.identity import policy_digest
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import CONFIG, commit, git

LOWERED = CONFIG.replace("lower_bound: 0.6", "lower_bound: 0.5")
PASSED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="the rule holds")
FAILED = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc", sentence="below 0.6")


@dataclass
class Hub:
    """GitHub's API on loopback: files by commit, pull requests by number with their labels, pulls by commit."""

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    labels: dict[int, list[str]] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, address: str) -> tuple[int, Any]:
        """Answer as GitHub does; what is not there is 404."""
        path, query = urlsplit(address).path.removeprefix("/repos/o/r"), parse_qs(urlsplit(address).query)
        self.asked.append(path)
        parts = path.strip("/").split("/", 1)
        if parts[0] == "contents":
            return self.content(parts[1], query["ref"][0])
        if parts[0] == "pulls" and int(parts[1]) in self.labels:
            return 200, {"number": int(parts[1]), "labels": [{"name": name} for name in self.labels[int(parts[1])]]}
        if parts[0] == "commits":
            sha, _, of = parts[1].partition("/")
            if of == "pulls":
                number = self.merged[sha]
                return 200, [{"number": number, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": sha}]
            if sha in self.files or sha in self.merged:
                return 200, {"sha": sha, "url": f"{self.url}{urlsplit(address).path}"}
        return 404, {"message": "Not Found"}

    def content(self, path: str, ref: str) -> tuple[int, Any]:
        """Answer one file."""
        content = self.files.get(ref, {}).get(path)
        if content is None:
            return 404, {"message": "Not Found"}
        return 200, {"type": "file", "encoding": "base64", "path": path, "content": b64encode(content).decode()}


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Start GitHub's stand-in."""
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = made.answer(self.path)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()


def at(
    folder: Path, name: str = "", event: dict[str, Any] | None = None, hub: Hub | None = None, *, sha: str = ""
) -> Workspace:
    """Open a checkout as a job of that event does."""
    told = folder.with_suffix(".event.json")
    told.write_text(json.dumps({"repository": {"default_branch": "main"}, **(event or {})}), encoding="utf-8")
    around = {"PATH": "", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(told), "GITHUB_REPOSITORY": "o/r"}
    around |= {"GITHUB_ACTIONS": "true"} if name else {}
    around |= {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": sha}
    around |= {"GITHUB_API_URL": hub.url} if hub else {}
    token = "a-token" if hub else None
    return Workspace(load(folder / "mlgate.yaml"), read_runner(around), Console(quiet=True), token)


def head(folder: Path, name: str = "HEAD") -> str:
    """Return a commit."""
    return git(folder, "rev-parse", name).strip()


def bound(base: BasePolicy | None) -> float | None:
    """Return the bound of the base's only rule."""
    assert base is not None
    assert base.model is not None, base.unknown
    return base.model.gate.rules[0].lower_bound


@pytest.fixture
def branched(repository: Path) -> Path:
    """A repository whose branch `pr` lowers the bound of the gate, while main moves on."""
    git(repository, "checkout", "-b", "pr")
    commit(repository, {"mlgate.yaml": LOWERED})
    git(repository, "checkout", "main")
    commit(repository, {"README.md": "later\n"})
    git(repository, "checkout", "pr")
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    return repository


@pytest.fixture
def merge(branched: Path) -> Path:
    """A clone of depth 1 of what merging `pr` into `main` would give; the base is not in it."""
    git(branched, "checkout", "--detach", "main")
    git(branched, "merge", "--no-ff", "-m", "merge", "pr")
    git(branched, "branch", "merged")
    folder = branched.parent / "shallow"
    git(branched, "clone", "--depth=1", "--branch=merged", branched.as_uri(), str(folder))
    return folder


def pull(base: str, pr: str, *labels: str) -> dict[str, Any]:
    """Make the event of a pull request."""
    named = [{"name": label} for label in labels]
    return {"pull_request": {"number": 7, "base": {"sha": base}, "head": {"sha": pr}, "labels": named}}


def test_a_laptop_compares_with_where_its_branch_began(branched: Path) -> None:
    """Also for what is not committed yet; on main nothing changed."""
    base = read_base(at(branched), "churn", in_production=True)
    assert bound(base) == 0.6
    git(branched, "checkout", "main")
    workspace = at(branched)
    assert describe(workspace, FAILED) is None
    (branched / "mlgate.yaml").write_text(LOWERED, encoding="utf-8")
    change = describe(at(branched), FAILED)
    assert change is not None
    assert [one.base for one in change.differences] == ["roc_auc >= 0.6"]


def test_a_pull_request_is_held_against_what_it_is_merged_into(branched: Path, merge: Path) -> None:
    """Not against the older commit that the event names: what main did meanwhile is not the pull request's doing."""
    older = head(branched, "main~1")
    git(branched, "checkout", "main")
    commit(branched, {"mlgate.yaml": CONFIG.replace("0.6", "0.7")})
    git(branched, "checkout", "--detach", "main")
    git(branched, "merge", "--no-ff", "-X", "ours", "-m", "merge", "pr")
    event = pull(older, head(branched, "pr"))
    assert bound(read_base(at(branched, "pull_request", event), "churn", in_production=True)) == 0.7
    # a checkout of the head itself has no such merge: the event is all that is known
    git(branched, "checkout", "--detach", "pr")
    assert bound(read_base(at(branched, "pull_request", event), "churn", in_production=True)) == 0.6
    assert (merge / ".git" / "shallow").exists()


def test_a_merge_of_the_author_s_own_names_no_base(branched: Path) -> None:
    """Its first parent is a commit of the pull request, whose policy is the one in question."""
    base = head(branched, "main")
    git(branched, "merge", "--no-ff", "-m", "catch up", "main")
    event = pull(base, head(branched))
    assert bound(read_base(at(branched, "pull_request", event), "churn", in_production=True)) == 0.6


@pytest.mark.parametrize("way", ["fetched", "asked"])
def test_a_shallow_checkout_finds_the_base(branched: Path, merge: Path, hub: Hub, way: str) -> None:
    """With a token by one request, without one from origin."""
    base = head(branched, "main")
    hub.files = {base: {"mlgate.yaml": CONFIG.encode()}}
    event = pull(base, head(branched, "pr"))
    workspace = at(merge, "pull_request", event, hub if way == "asked" else None)
    assert bound(read_base(workspace, "churn", in_production=True)) == 0.6
    assert hub.asked == (["/contents/mlgate.yaml"] if way == "asked" else [])


def test_what_github_does_not_give_is_fetched(branched: Path, merge: Path, hub: Hub) -> None:
    """A token that may not read the contents is no end."""
    event = pull(head(branched, "main"), head(branched, "pr"))
    assert bound(read_base(at(merge, "pull_request", event, hub), "churn", in_production=True)) == 0.6


def test_github_says_whether_the_file_or_the_commit_is_missing(branched: Path, merge: Path, hub: Hub) -> None:
    """A base without the file is a base; a commit that GitHub does not have is none."""
    git(merge, "remote", "remove", "origin")
    base = head(branched, "main")
    event = pull(base, head(branched, "pr"))
    hub.files = {base: {}}
    assert read_base(at(merge, "pull_request", event, hub), "churn", in_production=False) is None
    hub.files = {}
    found = read_base(at(merge, "pull_request", event, hub), "churn", in_production=False)
    assert found is not None
    assert found.unknown.startswith("GitHub answered 404 Not Found; asked for commit")


def test_a_base_that_nobody_gives_is_not_known(branched: Path, merge: Path) -> None:
    """It is said, with what to do, and the candidate is judged by the change's own policy."""
    git(merge, "remote", "remove", "origin")
    event = pull(head(branched, "main"), head(branched, "pr"))
    change = describe(at(merge, "pull_request", event), FAILED)
    assert change is not None
    assert change.unknown.endswith("is not in this clone, and neither a token nor origin gives it")
    assert change.verdict is None
    assert replaced_policy(at(merge, "pull_request", event), "churn") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CONFIG.replace("gate:", "sure: 1\n    gate:"), "unknown key 'sure'"),
        ("version: [", "not readable as YAML"),
        ("#" * 2**21, "is larger than 1024 KiB"),
    ],
)
def test_a_base_that_cannot_be_read_is_not_known(repository: Path, content: str, reason: str) -> None:
    """Whatever stands in its file."""
    commit(repository, {"mlgate.yaml": content})
    git(repository, "checkout", "-b", "pr")
    commit(repository, {"mlgate.yaml": LOWERED})
    base = read_base(at(repository), "churn", in_production=False)
    assert base is not None
    assert base.model is None
    assert reason in base.unknown


def test_a_base_that_is_no_text_is_not_known(repository: Path) -> None:
    """Bytes that are not UTF-8 are said to be that."""
    (repository / "mlgate.yaml").write_bytes(b"version: \xff\xfe")
    git(repository, "commit", "-am", "bytes")
    git(repository, "checkout", "-b", "pr")
    commit(repository, {"mlgate.yaml": LOWERED})
    base = read_base(at(repository), "churn", in_production=False)
    assert base is not None
    assert base.unknown == "mlgate.yaml of the base is not UTF-8"


@pytest.mark.parametrize("in_production", [False, True])
def test_a_model_that_the_base_does_not_have(repository: Path, *, in_production: bool) -> None:
    """It is new, unless it is in production: then its policy was moved to where the base does not have it."""
    git(repository, "checkout", "-b", "pr")
    git(repository, "mv", "mlgate.yaml", "other.yaml")
    git(repository, "commit", "-m", "move")
    workspace = at_config(repository, "other.yaml")
    base = read_base(workspace, "churn", in_production=in_production)
    if in_production:
        assert base is not None
        assert base.unknown == "other.yaml of the base does not describe churn, which is in production already"
    else:
        assert base is None


def at_config(folder: Path, name: str) -> Workspace:
    """Open a laptop's checkout with another configuration file."""
    return Workspace(load(folder / name), read_runner({"PATH": ""}), Console(quiet=True))


def test_a_configuration_may_live_in_a_folder(repository: Path, hub: Hub) -> None:
    """Its path is that of the repository, in the clone as at GitHub."""
    commit(repository, {"models/mlgate.yaml": CONFIG})
    base = head(repository)
    git(repository, "checkout", "-b", "pr")
    commit(repository, {"models/mlgate.yaml": LOWERED})
    assert bound(read_base(at(repository / "models"), "churn", in_production=True)) == 0.6
    hub.files = {"1" * 40: {"models/mlgate.yaml": CONFIG.replace("0.6", "0.8").encode()}}
    away = at(repository / "models", "pull_request", pull("1" * 40, base), hub)
    assert bound(read_base(away, "churn", in_production=True)) == 0.8


def describe(workspace: Workspace, by_base: Verdict) -> PolicyChange | None:
    """Describe the change where the base's policy says `by_base` of the predictions."""
    base = read_base(workspace, "churn", in_production=True)
    return describe_change(workspace, "churn", base, PASSED, lambda _: by_base)


def label_of(branched: Path) -> str:
    """Name the label that approves the change of the branch."""
    base, now = (
        load(branched / "mlgate.yaml").config.models["churn"]
        if text is None
        else Model.model_validate(load_text(branched, text))
        for text in (CONFIG, None)
    )
    return approval_label(policy_digest(base), policy_digest(now))


def load_text(folder: Path, text: str) -> dict[str, Any]:
    """Read a model from a text."""
    (folder.parent / "base.yaml").write_text(text, encoding="utf-8")
    return load(folder.parent / "base.yaml").config.models["churn"].model_dump(by_alias=True)


def test_the_label_of_this_change_approves_it(branched: Path, hub: Hub) -> None:
    """As the event tells, or, where there is a token, as it is now: a job that is run again has the old event."""
    label, base, pr = label_of(branched), head(branched, "main"), head(branched, "pr")
    told = pull(base, pr, "bug", label)
    cases: list[tuple[str, dict[str, Any], dict[int, list[str]] | None, str | None]] = [
        ("pull_request", told, None, "pull request #7"),
        ("pull_request", pull(base, pr, "bug", "mlgate: policy approved", f"{label}0"), None, None),
        ("pull_request", pull(base, pr), {7: [label]}, "pull request #7"),
        ("pull_request", told, {7: []}, None),
        ("pull_request", told, {}, "pull request #7"),
        ("merge_group", queued(base), {42: [label]}, "pull request #42"),
        ("merge_group", queued(base), None, None),
        ("push", {"before": base}, {42: [label]}, "pull request #42"),
        ("push", {"before": base}, {42: ["bug"]}, None),
        ("push", {"before": base}, None, None),
    ]
    for name, event, github, approved in cases:
        hub.labels, hub.merged = github or {}, {pr: 42}
        change = describe(at(branched, name, event, hub if github is not None else None, sha=pr), FAILED)
        assert change is not None
        assert (change.label, change.approved) == (label, approved), (name, github)


def queued(base: str) -> dict[str, Any]:
    """Make the event of a merge queue."""
    return {"merge_group": {"base_sha": base, "head_ref": f"refs/heads/gh-readonly-queue/main/pr-42-{base}"}}


def test_what_passes_by_the_base_needs_no_label(branched: Path, hub: Hub) -> None:
    """GitHub is not even asked."""
    change = describe(at(branched, "", None, hub), PASSED)
    assert change is not None
    assert (change.holds, change.approved, hub.asked) == (True, None, [])


def test_rows_that_were_never_scored_are_not_judged(branched: Path) -> None:
    """Another held-out file cannot be held against the base's policy: it asks for a label."""
    commit(branched, {"mlgate.yaml": CONFIG.replace("held_out.csv", "train.csv")})
    change = describe(at(branched), PASSED)
    assert change is not None
    assert change.verdict is not None
    assert change.verdict.outcome is Outcome.INCONCLUSIVE
    assert change.verdict.sentence.startswith("data.held_out changed, so that what was made here cannot be held")


def test_a_push_replaces_the_policy_before_it(branched: Path) -> None:
    """By the digest of the base's; a push that leaves the policy alone replaces none."""
    base = head(branched, "main")
    base_model = read_base(at(branched), "churn", in_production=True)
    assert base_model is not None
    assert base_model.model is not None
    found = replaced_policy(at(branched, "push", {"before": base}), "churn")
    assert found == policy_digest(base_model.model)
    assert replaced_policy(at(branched, "push", {"before": head(branched)}), "churn") is None
    assert replaced_policy(at(branched, "push", {"before": "0" * 40}), "churn") is not None
