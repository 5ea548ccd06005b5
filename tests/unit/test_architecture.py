"""The shape of the code, held as tests: which way imports point, what is imported when, how large files may grow."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mlgate import errors

SOURCE = Path(errors.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
LAYERS = {
    "errors": 0, "escape": 0, "tag_names": 0, "verdict": 0, "records": 1, "config": 1,
    "data": 2, "evaluation": 2, "training": 2, "promotion": 3, "report": 4, "doctor": 4,
    "adapters": 5, "steps": 6, "cli": 7, "__main__": 8, "__init__": -1,
}  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ONLY_IN = {
    "mlflow": ("adapters/registry", "worker"),
    "github": ("adapters/github/",),
    "pandera": ("data/schema/",),
    "pyspark": ("data/profile/spark", "data/validation/spark", "adapters/spark"),
    "click": ("cli", "__main__"),
    "fsspec": ("adapters/remote/",),
    "aiohttp": ("adapters/remote/",),
    "scipy": ("evaluation", "data/drift"),
    "great_expectations": ("data/gx.py",),
    "open_data_contract_standard": ("data/schema/odcs",),
}


def layer(module: str) -> str:
    """Name the part of mlgate that `mlgate.x.y` belongs to."""
    return [*module.split("."), "__init__"][1]


def imports(path: Path) -> set[str]:
    """List every module that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "mlgate"}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path) -> None:
    """A module imports only from its own layer or a lower one; the worker imports nothing of mlgate."""
    part = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    used = {layer(name) for name in imports(path) if name.startswith("mlgate.")}
    if part == "worker":
        assert not used
    else:
        assert all(LAYERS.get(name, -1) <= LAYERS[part] for name in used), used


def test_no_two_modules_need_each_other() -> None:
    """There is an order in which every module can be read after all that it imports."""
    names = {path: ".".join(("mlgate", *path.relative_to(SOURCE).with_suffix("").parts)) for path in MODULES}
    known = set(names.values())
    list(TopologicalSorter({name: imports(path) & known - {name} for path, name in names.items()}).static_order())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_each_outside_library_has_one_home(path: Path) -> None:
    """mlflow, PyGithub, pandera, click, scipy and the readers of others' schemas are imported in one place each."""
    where = path.relative_to(SOURCE).as_posix()
    for name in {module.split(".")[0] for module in imports(path)} & set(ONLY_IN):
        assert where.startswith(ONLY_IN[name]), f"{where} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    """By the runner; by the registry only what MLflow itself reads."""
    where, text = path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")
    if where.startswith("adapters/registry/"):
        assert set(re.findall(r"os\.environ\b\S*", text)) <= {
            'os.environ.get("MLFLOW_TRACKING_USERNAME")',
            "os.environ.setdefault(name,",
        }
    elif where != "adapters/runner.py" and not where.startswith("worker/"):
        assert "os.environ" not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_stay_small(path: Path) -> None:
    """No file over 300 lines, and every one says what it is for."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_functions_stay_small(path: Path) -> None:
    """No function over 50 lines, its docstring included."""
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, FUNCTIONS)]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 50] == []


def loaded(*arguments: str) -> set[str]:
    """Run the command line in a new process and return the top-level modules that it imported."""
    code = (
        "import json, sys\n"
        "from mlgate.__main__ import run\n"
        f"run({list(arguments)!r})\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.strip().splitlines()[-1]))


HEAVY = {"mlflow", "pandas", "polars", "pandera", "scipy", "numpy", "github", "sklearn"}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["schema"], *[[c, "--help"] for c in ("init", "run", "report", "promote", "validate")]],
    ids=" ".join,
)
def test_help_is_light(arguments: list[str]) -> None:
    """Asking for help or the schema imports no heavy library, nor does --help import pydantic."""
    found = loaded(*arguments)
    assert not found & HEAVY
    if arguments == ["--help"]:
        assert not found & {"pydantic", "rich", "yaml", "jinja2"}


def test_exit_codes_are_unique() -> None:
    """Each exit code means one thing, and each branch of the tree has its own."""
    codes = [code.value for code in errors.ExitCode]
    assert len(codes) == len(set(codes))
    branches = errors.MlgateError.__subclasses__()
    assert len({branch.exit_code for branch in branches}) == len(branches) == 3
    assert {branch.exit_code.value for branch in branches} == {2, 3, 4}


def test_the_tree_is_drawn() -> None:
    """The docstring's drawing names every error class."""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.MlgateError):
            assert name in (errors.__doc__ or "")
