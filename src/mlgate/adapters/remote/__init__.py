"""Data behind URLs: what a URL names is copied once to this machine, and is a path from there on."""

from mlgate.adapters.remote.copies import LocalCopies, fetch
from mlgate.adapters.remote.progress import Progress

__all__ = ["LocalCopies", "Progress", "fetch"]
