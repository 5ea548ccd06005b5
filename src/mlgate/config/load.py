"""Read `mlgate.yaml` once, or a policy file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlgate.config.address import plain_path, shown
from mlgate.config.document import nearest_key, parse_document, read_document
from mlgate.config.model import Config, Model
from mlgate.config.policy import Policy
from mlgate.config.position import MAX_BYTES
from mlgate.config.reference import split_reference
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mlgate.config.position import Positions

PATTERN = frozenset("*?[")
SEVERAL = {("data", "train"), ("data", "held_out")}  # what may be a folder or a pattern, too


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A configuration, the file it came from, and where each key stands in it."""

    config: Config
    path: Path
    positions: Positions

    def named(self, model: str, *keys: str) -> str:
        """Return what a key of `model` says, as it is written."""
        section: Any = self.config.models[model]
        for key in keys:
            section = getattr(section, "schema_" if key == "schema" else key)
        return str(section)

    def file(self, model: str, *keys: str) -> Path:
        """Resolve the file that a key of `model` names, against the configuration's folder.

        Data may also be a folder, or a pattern such as data/part-*.parquet; a URL is no file here.
        Raises ConfigError with file, line and key path when it does not exist.
        """
        section = self.named(model, *keys)
        found = self.path.parent / (split_reference(section).file if keys[-1] == "schema" else plain_path(section))
        several = keys in SEVERAL and (found.is_dir() or not PATTERN.isdisjoint(section))
        if found.is_file() or several:
            return found
        where = self.positions.describe(("models", model, *keys))
        raise ConfigError(
            f"{self.path.name}{where}: file {shown(section)!r} does not exist (looked for {shown(str(found))})",
            hint="correct the path (it is relative to mlgate.yaml), or make the file before this step",
            file=self.path,
            line=self.positions.line(("models", model, *keys)),
        )

    def choose(self, names: Iterable[str]) -> dict[str, Model]:
        """Pick the named models, or all of them; raises ConfigError for a name that is not there."""
        wanted = list(dict.fromkeys(names)) or list(self.config.models)
        for name in wanted:
            if name not in self.config.models:
                known = ", ".join(self.config.models)
                raise ConfigError(
                    f"there is no model {name[:80]!r} in {self.path.name}; it describes: {known}",
                    hint=f"pass --model with one of these{nearest_key(name, self.config.models)}",
                )
        return {name: self.config.models[name] for name in wanted}


def load(path: Path) -> Loaded:
    """Read and check the configuration at `path`; raises ConfigError naming every problem at once."""
    config, positions = read_document(path, Config, hint="`mlgate init` writes one; or pass --config PATH")
    return Loaded(config=config, path=path.resolve(), positions=positions)


def parse(text: str, name: str) -> Config:
    """Check the text of a configuration that is not checked out; raises ConfigError naming every problem at once."""
    if len(text) > MAX_BYTES:
        raise ConfigError(f"{name} is larger than {MAX_BYTES // 1024} KiB", hint="a configuration is small")
    return parse_document(text, name, Config, hint="`mlgate schema` prints what belongs there")[0]


def load_policy(path: Path) -> Policy:
    """Read and check the policy at `path`; raises ConfigError naming every problem at once."""
    return read_document(path, Policy, hint="docs/gate.md shows a policy file")[0]
