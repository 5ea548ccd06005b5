"""GitHub's API, as far as mlgate uses it: comments, pull requests, deployments, checks; the only PyGithub import.

A token that may not write is an answer (`NotPermitted`), because no verdict and no promotion depends on whether
GitHub could be told; everything else that goes wrong is a `GitHubError`.
"""

from mlgate.adapters.github.checks import Told
from mlgate.adapters.github.comments import Posted, Wanted
from mlgate.adapters.github.deployments import Announced, Deployment
from mlgate.adapters.github.hub import GitHub, NotPermitted, Resolved
from mlgate.adapters.github.writer import WORKFLOW_AUTHOR

__all__ = [
    "WORKFLOW_AUTHOR",
    "Announced",
    "Deployment",
    "GitHub",
    "NotPermitted",
    "Posted",
    "Resolved",
    "Told",
    "Wanted",
]
