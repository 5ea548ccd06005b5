"""What a person is told when mlgate.yaml is wrong."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlgate.config.load import load
from mlgate.config.reference import Reference, split_reference
from mlgate.errors import ConfigError

GOOD: dict[str, Any] = {
    "version": 1,
    "models": {
        "churn": {
            "data": {"train": "train.csv", "held_out": "held_out.csv", "key": "id", "label": "left"},
            "train": {"command": "python train.py"},
            "evaluate": {"task": "binary"},
            "gate": {"rules": [{"metric": "roc_auc", "test": "non_inferiority", "margin": 0.01}]},
        }
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the good configuration with one dotted key set, or removed for `...`."""
    config: dict[str, Any] = yaml.safe_load(yaml.safe_dump(GOOD))
    *parents, last = path.split(".")
    node: Any = config
    for part in parents:
        node = node[int(part) if isinstance(node, list) else part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return config


def told(folder: Path, config: Any) -> str:
    """Load a wrong configuration and return the message."""
    file = folder / "mlgate.yaml"
    file.write_text(config if isinstance(config, str) else yaml.safe_dump(config), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(file)
    assert error.value.hint
    return error.value.message


def test_defaults_come_from_one_place(tmp_path: Path) -> None:
    """A minimal file loads, and what it does not say has the model's defaults."""
    (tmp_path / "mlgate.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    loaded = load(tmp_path / "mlgate.yaml")
    assert loaded.config.models["churn"].train.timeout_minutes == 60
    assert loaded.config.registry.alias == "production"
    assert list(loaded.choose([])) == ["churn"]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("models.churn.data.heldout", "x", "unknown key 'heldout' (did you mean 'held_out'?)"),
        ("models.churn.data.key", ..., "models.churn.data.key: the key 'key' is missing"),
        ("models.churn.train.seed", "seven", "models.churn.train.seed: expected a valid integer; found 'seven'"),
        ("models.churn.gate.confidence_level", float("nan"), "expected a finite number; found nan"),
        ("models.churn.gate.confidence_level", 95, "expected less than 1; found 95"),
        ("models.churn.gate.rules", [], "gate.rules"),
        ("models.churn.gate.rules.0.metric", "roc_acu", "did you mean 'roc_auc'?"),
        ("models.churn.gate.rules.0.metric", "rmse", "metric rmse is not defined for task binary"),
        ("models.churn.gate.rules.0.margin", -0.1, "rules.0.margin: expected greater than or equal to 0"),
        ("models.churn.gate.rules.0.lower_bound", 0.5, "a rule asks one question"),
        ("models.churn.gate.rules.0.min_effect", 0.5, "min_effect belongs to test: superiority"),
        ("models.churn.gate.rules.0.relative_margin", 0.1, "give either margin or relative_margin"),
        ("models.churn.gate.rules", [{"metric": "f1", "test": "superiority", "margin": 0.1}], "a margin belongs to"),
        ("models.churn.gate.rules", [{"metric": "f1", "test": "equivalence"}], "equivalence needs a margin"),
        ("models.churn.gate.rules", [{"metric": "negative_flip_rate", "test": "point"}], "give upper_bound"),
        ("models.churn.train.function", "train:fit", "give exactly one of command and function"),
        ("models.a/b", GOOD["models"]["churn"], "model name 'a/b' must match"),
        ("registry", {"alias": "Prod"}, "registry.alias"),
        ("registry", {"candidates": "all"}, "registry.candidates"),
        ("version", 2, "version: expected 1; found 2"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, path: str, value: Any, expected: str) -> None:
    """A mistake is told with its key path, what stood there and what is expected."""
    message = told(tmp_path, changed(path, value))
    assert expected in message
    assert message.startswith("mlgate.yaml")


def test_the_line_is_named(tmp_path: Path) -> None:
    """The message names the line on which the wrong key stands."""
    text = yaml.safe_dump(changed("models.churn.train.seed", "seven"))
    line = 1 + text.splitlines().index("      seed: seven")
    assert f"mlgate.yaml, line {line}, models.churn.train.seed" in told(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Two mistakes give two lines."""
    config = changed("models.churn.train.seed", "seven")
    config["models"]["churn"]["evaluate"]["task"] = "divination"
    assert len(told(tmp_path, config).splitlines()) == 2


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("models.churn", 7, "models.churn: expected keys such as data and train; found 7"),
        ("models.churn.gate", ["roc_auc"], "models.churn.gate: expected keys such as rules and when; found a list"),
        ("models.churn.train.params", [1], "models.churn.train.params: expected keys and values; found a list"),
        ("models", 3, "models: expected keys and values; found 3"),
    ],
)
def test_a_section_that_is_none_is_told_what_belongs_there(
    tmp_path: Path, key: str, value: object, expected: str
) -> None:
    """In words of YAML, not of what reads it."""
    assert expected in told(tmp_path, changed(key, value))


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected keys such as version and models, found nothing"),
        ("- 1\n", "found list"),
        ("a: [1\n", "line 2: not readable as YAML"),
        ("version: 1\nversion: 1\n", "line 2: the key 'version' stands twice (first on line 1)"),
        ("a: &a [1]\nb: !!python/object:os.system x\n", "not readable as YAML"),
        ("x" * (1024 * 1024 + 1), "larger than 1024 KiB"),
        ("a: " + "[" * 3000, "mlgate.yaml"),
(BOMB, "aliases"),
    ],
    ids=["empty", "list", "cut", "twice", "tag", "huge", "deep", "bomb"],
)  # fmt: skip
def test_hostile_files_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    """Empty, cut, doubled, executable, huge, deep and multiplying files end in one message."""
    assert expected in told(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A binary file is said to be no UTF-8 text."""
    (tmp_path / "mlgate.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "mlgate.yaml")


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A folder, or a device that never ends, would otherwise be read."""
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(ConfigError, match="is not a file"):
            load(path)


def test_a_missing_file_is_named_with_its_key(tmp_path: Path) -> None:
    """A data file that does not exist is named with the line and key that name it."""
    (tmp_path / "mlgate.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    loaded = load(tmp_path / "mlgate.yaml")
    with pytest.raises(ConfigError, match=r"line \d+, models.churn.data.train: file 'train.csv' does not exist"):
        loaded.file("churn", "data", "train")


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    """--model with a name that is not there lists those that are."""
    (tmp_path / "mlgate.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    with pytest.raises(ConfigError, match="it describes: churn"):
        load(tmp_path / "mlgate.yaml").choose(["churm"])


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
PATHS = [
    "version",
    "models",
    "models.churn",
    "models.churn.data",
    "models.churn.gate.rules",
    "models.churn.train.params",
]


@given(path=st.sampled_from(PATHS), value=json_like)
def test_no_value_gives_a_traceback(tmp_path_factory: pytest.TempPathFactory, path: str, value: Any) -> None:
    """Whatever stands at a key, loading works or ends in a ConfigError."""
    file = tmp_path_factory.mktemp("config") / "mlgate.yaml"
    file.write_text(yaml.safe_dump(changed(path, value)), encoding="utf-8")
    with suppress(ConfigError):
        assert load(file).config.version == 1


@pytest.mark.parametrize(
    ("written", "file", "part"),
    [
        ("schema.yaml", "schema.yaml", None),
        ("data/checks.py:Flights", "data/checks.py", "Flights"),
        ("checks.py:", "checks.py:", None),
        ("contract.yaml:flights", "contract.yaml", "flights"),
        ("odd:name.yaml", "odd:name.yaml", None),
    ],
)
def test_a_schema_is_a_file_or_a_part_of_one(written: str, file: str, part: str | None) -> None:
    """A class of a Python file, an object of a contract."""
    assert split_reference(written) == Reference(file, part)


@pytest.mark.parametrize("value", [-1, 51, 2.5])
def test_few_rows_are_shown(tmp_path: Path, value: float) -> None:
    """At most fifty a broken rule, and none where nothing may be shown."""
    assert "data.examples" in told(tmp_path, changed("models.churn.data.examples", value))
