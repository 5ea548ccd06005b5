"""Which merged pull request a job on the default branch comes from; GitHub says so, never the commit's message."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mlgate.errors import GitHubError

if TYPE_CHECKING:
    from mlgate.adapters.github import GitHub
    from mlgate.adapters.runner import Runner
    from mlgate.steps.workspace import Workspace

_KNOWN: WeakKeyDictionary[GitHub, int | None] = WeakKeyDictionary()


def merged_pull(around: Runner, github: GitHub) -> int | None:
    """Return the pull request whose merge was pushed to the default branch; raises GitHubError.

    A schedule or a run by hand has none: they stand on a commit that some pull request brought long ago.
    """
    if around.event_name != "push" or not around.on_default_branch:
        return None
    return github.pull_of_commit(around.sha)


def pull_request_of(workspace: Workspace) -> int | None:
    """Return the number of the merged pull request that this job promotes, asking once; a failure is a warning."""
    github = workspace.hub
    if github is None:
        return None
    if github not in _KNOWN:
        _KNOWN[github] = None
        try:
            _KNOWN[github] = merged_pull(workspace.runner, github)
        except GitHubError as error:
            workspace.warn(f"the history will not name the pull request: {error.message}; {error.hint}")
    return _KNOWN[github]
