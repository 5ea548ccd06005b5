"""The policy as it is where a change starts from, what the change makes of it, and who approved that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.adapters import git
from mlgate.config.load import parse
from mlgate.errors import ConfigError, GitHubError, MlgateError, RequestError, ToolError
from mlgate.evaluation.policy_change import out_of_reach, policy_changes
from mlgate.promotion.policy import DECIDED_BY, approval_label
from mlgate.records import PolicyChange
from mlgate.training.identity import policy_digest
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.config.model import Config, Model
    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class BasePolicy:
    """A model's configuration at the commit that a change starts from; None with the reason where it is not known."""

    commit: str
    model: Model | None
    unknown: str = ""


def read_base(workspace: Workspace, name: str, *, in_production: bool) -> BasePolicy | None:
    """Read what the base says of the model; None where there is no base, or no such model on it.

    A model that is in production already is not new, so that a base without it is one that is not known.
    """
    commit = _base_commit(workspace)
    return _read_at(workspace, name, commit, in_production=in_production) if commit else None


def _read_at(workspace: Workspace, name: str, commit: str, *, in_production: bool) -> BasePolicy | None:
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
        return BasePolicy(commit=commit, model=None, unknown=f"{commit[:80]!r} is no commit")
    try:
        config = _config_at(workspace, commit)
    except MlgateError as error:
        return BasePolicy(commit=commit, model=None, unknown=" ".join(error.message.split())[:300])
    model = config.models.get(name) if config else None
    if model is None and in_production:
        reason = f"{workspace.loaded.path.name} of the base does not describe {name}, which is in production already"
        return BasePolicy(commit=commit, model=None, unknown=reason)
    return BasePolicy(commit=commit, model=model) if model else None


def replaced_policy(workspace: Workspace, name: str, evidence: ComparisonRecord | None = None) -> str | None:
    """Return the digest of the base's policy where the one that is checked out is another.

    The base is that of this job's event, and of a comparison that did not know its base's policy also its own: the
    next push, or a schedule, stands on the very policy that came with the change.
    """
    bases = [read_base(workspace, name, in_production=False)]
    change = evidence.policy if evidence else None
    if change is not None and change.unknown:
        bases.append(_read_at(workspace, name, change.base_commit, in_production=True))
    for base in filter(None, bases):
        if base.model is None:
            workspace.warn(f"{name}: whether this merge changes how it is judged is not known: {base.unknown}")
        elif policy_changes(base.model, workspace.model(name)):
            return policy_digest(base.model)
    return None


def describe_change(
    workspace: Workspace, name: str, base: BasePolicy | None, own: Verdict, judge: Callable[[Model], Verdict]
) -> PolicyChange | None:
    """Say what changed in the policy and what the base's policy says of the same predictions; None for no change."""
    if base is None:
        return None
    if base.model is None:
        workspace.warn(
            f"{name}: the policy before this change is not known ({base.unknown}); "
            "the candidate was judged by the change's own policy"
        )
        return PolicyChange(base_commit=base.commit, unknown=base.unknown)
    now = workspace.model(name)
    differences = policy_changes(base.model, now)
    if not differences:
        return None
    verdict = _by_base(base.model, out_of_reach(differences), judge)
    base_digest = policy_digest(base.model)
    label = approval_label(base_digest, policy_digest(now))
    return PolicyChange(
        base_commit=base.commit,
        base_digest=base_digest,
        differences=differences,
        own=own,
        verdict=verdict,
        label=label,
        approved=None if verdict.passed else _approval(workspace, label),
    )


def _by_base(base: Model, out_of_reach: tuple[str, ...], judge: Callable[[Model], Verdict]) -> Verdict:
    if out_of_reach:
        keys = f"{', '.join(out_of_reach)} changed"
        sentence = f"{keys}, so that what was made here cannot be held against the base's policy"
        return Verdict(outcome=Outcome.INCONCLUSIVE, decided_by=DECIDED_BY, sentence=sentence)
    quiet = base.gate.model_copy(update={"hints": False})
    try:
        return judge(base.model_copy(update={"gate": quiet}))
    except RequestError as error:  # such as a slice by a column that the held-out rows no longer have
        sentence = f"the base's policy cannot be applied here: {' '.join(error.message.split())[:300]}"
        return Verdict(outcome=Outcome.INCONCLUSIVE, decided_by=DECIDED_BY, sentence=sentence)


def _base_commit(workspace: Workspace) -> str | None:
    """Find the commit that the change starts from; a branch without an event starts where it left the default one.

    For a pull request it is the commit that GitHub merged it into, if that is checked out: the one that the event
    names is older when the base moved on.
    """
    around, folder = workspace.runner, workspace.folder
    if around.event_name == "pull_request":
        merged = git.parents(folder)
        if len(merged) == 2 and merged[1] == around.head_sha:
            return merged[0]
    return around.base_commit or git.merge_base(folder, around.default_branch)


def _config_at(workspace: Workspace, commit: str) -> Config | None:
    """Read the configuration at a commit; None where there was none."""
    name = workspace.loaded.path.name
    content = _content(workspace, commit, name)
    if content is None:
        return None
    try:
        return parse(content.decode(), name)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} of the base is not UTF-8", hint="correct it on the base") from error


def _content(workspace: Workspace, commit: str, name: str) -> bytes | None:
    """Read a file at a commit: from the clone, else from GitHub, which costs one request, else by fetching it all."""
    folder, github = workspace.folder, workspace.hub
    if not git.has_commit(folder, commit):
        problem: MlgateError = ToolError(
            f"commit {commit[:12]} is not in this clone, and neither a token nor origin gives it",
            hint="give the step a github-token, or check out with fetch-depth: 0",
        )
        if github is not None:
            try:
                return github.file_at(commit, git.prefix(folder) + name)
            except GitHubError as error:
                problem = error
        if not (workspace.runner.on_actions and git.fetch_commit(folder, commit)):
            raise problem
    return git.file_at(folder, commit, name)


def _approval(workspace: Workspace, label: str) -> str | None:
    """Return which pull request has the label, as it is now where GitHub can be asked."""
    around = workspace.runner
    number, labels = around.pull_request or around.queued_pull, around.labels
    github = workspace.hub
    if github is not None:
        try:
            if number is None and around.event_name == "push":
                number = github.pull_of_commit(around.sha)
            labels = github.labels(number) if number is not None else labels
        except GitHubError as error:
            workspace.warn(f"the labels of the pull request could not be read: {error.message}; {error.hint}")
    return f"pull request #{number}" if number is not None and label in labels else None
