"""Which merged pull request a job on the default branch comes from; GitHub says so, never the commit's message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.adapters.github import GitHub
    from mlgate.adapters.runner import Runner


def merged_pull(around: Runner, github: GitHub) -> int | None:
    """Return the pull request whose merge was pushed to the default branch; raises GitHubError.

    A schedule or a run by hand has none: they stand on a commit that some pull request brought long ago.
    """
    if around.event_name != "push" or not around.on_default_branch:
        return None
    return github.pull_of_commit(around.sha)
