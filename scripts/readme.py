"""Write the generated parts of README.md: the smallest workflow and the table of inputs and outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Replace what stands between the markers."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r"(<!-- example: (\S+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}```yaml\n{(ROOT / 'workflows-examples' / found[2]).read_text()}```\n{found[3]}",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r"(<!-- inputs -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}{table('inputs')}\n{table('outputs')}{found[2]}",
        text,
        flags=re.DOTALL,
    )
    path.write_text(text, encoding="utf-8")


def table(kind: str) -> str:
    """List every input or output of the actions once, with the actions that have it."""
    rows: dict[str, tuple[str, list[str]]] = {}
    for path in [ROOT / "action.yml", *sorted(ROOT.glob("actions/*/action.yml"))]:
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        where = "mlgate" if path.parent == ROOT else path.parent.name
        for name, value in content[kind].items():
            rows.setdefault(name, (value["description"].strip(), []))[1].append(where)
    lines = [f"| {kind[:-1]} | of | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {', '.join(where)} | {meaning} |" for name, (meaning, where) in rows.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
