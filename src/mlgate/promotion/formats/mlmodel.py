"""Judge an MLmodel: it says which Python module loads the model, from which files, so it can name any code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from mlgate.config.position import read_positions
from mlgate.promotion.formats.native import read_small
from mlgate.promotion.formats.values import Format, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlgate.promotion.formats.values import Loading, ModelFile

    Check = Callable[[str, object, frozenset[str]], Iterator["Problem"]]

KIND = "MLmodel"
_SHOWN = 3
_TOP = words(
    """artifact_path auth_policy databricks_runtime env_vars flavors is_signature_from_type_hint metadata mlflow_version
    model_id model_size_bytes model_uuid prompts resources run_id saved_input_example_info signature
    type_hint_from_example utc_time_created"""
)
_LOADERS = {f"mlflow.{name}": name for name in ("sklearn", "xgboost", "lightgbm", "catboost", "onnx")}
_RUN_CODE = frozenset({"mlflow.pyfunc.model", "mlflow.pyfunc.loaders.code_model"})
_PREDICT = frozenset({"predict", "predict_proba", "predict_log_proba", "predict_joint_log_proba", "score"})
_ENDINGS = {
    "sklearn": (".skops",),
    "xgboost": (".ubj", ".json", ".xgb"),
    "lightgbm": (".lgb", ".txt", ".skops"),
    "catboost": (".cb", ".cbm"),
    "onnx": (".onnx",),
}
_BOOSTERS = words(
    """xgboost.core.Booster xgboost.sklearn.XGBClassifier xgboost.sklearn.XGBModel xgboost.sklearn.XGBRFClassifier
    xgboost.sklearn.XGBRFRegressor xgboost.sklearn.XGBRanker xgboost.sklearn.XGBRegressor"""
)
_NATIVE_LIGHTGBM = "lightgbm.basic.Booster"
_PROVIDERS = frozenset(
    f"{name}ExecutionProvider" for name in words("Azure CPU CUDA CoreML DML MIGraphX OpenVINO ROCM Tensorrt TensorRT")
)
_OPTIONS = frozenset({"execution_mode", "graph_optimization_level", "inter_op_num_threads", "intra_op_num_threads"})

Problem = tuple["Loading", str]


def judge_mlmodel(file: ModelFile, paths: frozenset[str]) -> Format:
    """Judge an MLmodel; `paths` are the files that stand beside it, by their names relative to it."""
    try:
        text = read_small(file)
        read_positions(text)
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Format.unknown(KIND, f"not readable as YAML: {getattr(error, 'problem', None) or error}")
    if not isinstance(content, dict) or not isinstance(content.get("flavors"), dict):
        return Format.unknown(KIND, "names no flavors")
    problems = list(_problems(content, paths))
    if not problems:
        return Format.safe(KIND)
    problems.sort(key=lambda problem: problem[0] != "code")
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return Format(kind=KIND, loading=problems[0][0], reason="; ".join(said for _, said in problems[:_SHOWN]) + more)


def _problems(content: dict[Any, Any], paths: frozenset[str]) -> Iterator[Problem]:
    for key in sorted(content.keys() - _TOP, key=str):
        yield "unknown", f"the key {_shown(key)} is not one that MLflow writes"
    for key in ("is_signature_from_type_hint", "type_hint_from_example"):
        if content.get(key):
            yield "unknown", f"{key}: its types are Python"
    flavors = content["flavors"]
    for name, settings in flavors.items():
        if name not in _FLAVORS or not isinstance(settings, dict):
            yield "unknown", f"the flavor {_shown(name)} is not one that mlgate knows"
            continue
        yield from _flavor(name, settings, paths)
    pyfunc = flavors.get("python_function")
    loader = _LOADERS.get(str(pyfunc.get("loader_module"))) if isinstance(pyfunc, dict) else None
    if loader is not None and loader not in flavors:
        yield "code", f"the flavor {loader} is missing, and without it MLflow may read a pickle"


def _flavor(name: str, settings: dict[Any, Any], paths: frozenset[str]) -> Iterator[Problem]:
    known = _FLAVORS[name]
    if name in {"sklearn", "lightgbm"}:
        yield from _format(name, settings)
    for key, value in settings.items():
        if key in {"code", "model_code_path"}:
            if value:
                yield "code", f"{name}.{key}: {_shown(value)} is Python of the model's own"
        elif key == "extra_files":
            continue  # names files beside the model, which are judged themselves
        elif key not in known:
            yield "unknown", f"{name}.{_shown(key)} is not a key that mlgate knows"
        else:
            yield from known[key](name, value, paths)


def _format(name: str, settings: dict[Any, Any]) -> Iterator[Problem]:
    """Judge how scikit-learn's models are kept; where nothing is said, MLflow reads a pickle."""
    if name == "lightgbm" and settings.get("model_class") == _NATIVE_LIGHTGBM:
        return
    kept = settings.get("serialization_format")
    if kept != "skops":
        yield "code", f"{name}.serialization_format: {_shown(kept or 'pickle')} runs code when loaded"


def _loader(_name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
    if str(value) in _LOADERS:
        return
    foreign = not str(value).startswith("mlflow.") or str(value) in _RUN_CODE
    yield "code" if foreign else "unknown", f"loader_module: {_shown(value)} is not one that only reads data"


def _path(name: str, value: object, paths: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(value, str) or value not in paths:
        yield "unknown", f"{name} reads {_shown(value)}, which is no file of the model"
    elif not value.endswith(_ENDINGS.get(name, "")):
        yield "code", f"{name} reads {_shown(value)}, which is not a format of data only"


def _environment(name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
    named = list(value.values()) if isinstance(value, dict) else [value]
    if not all(str(entry) in {"conda.yaml", "python_env.yaml"} for entry in named):
        yield "unknown", f"{name}.env: {_shown(value)}"


def _among(known: frozenset[str]) -> Check:
    def check(name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
        if not isinstance(value, str) or value not in known:
            yield "unknown", f"{name}: {_shown(value)} is not on mlgate's list"

    return check


def _providers(name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
    """Judge where ONNX runs: options of a provider may name a library to load."""
    named = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) and entry in _PROVIDERS for entry in named):
        yield "code", f"{name}.providers: {_shown(value)} may load a library"


def _options(name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
    if value and not (isinstance(value, dict) and value.keys() <= _OPTIONS):
        yield "unknown", f"{name}.onnx_session_options: {_shown(value)} holds more than mlgate knows"


def _data(name: str, value: object, _paths: frozenset[str]) -> Iterator[Problem]:
    """Accept what is read as plain data."""
    del name, value
    yield from ()


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, str | int | float | bool) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


_FLAVORS: dict[str, dict[str, Check]] = {
    "python_function": {
        "loader_module": _loader,
        "model_path": _path,
        "data": _path,
        "env": _environment,
        "predict_fn": _among(_PREDICT),
        "python_version": _data,
        "streamable": _data,
    },
    "sklearn": {
        "pickled_model": _path,
        "sklearn_version": _data,
        "serialization_format": _data,
        "skops_trusted_types": _data,
    },
    "xgboost": {
        "data": _path,
        "model_class": _among(_BOOSTERS),
        "model_format": _among(frozenset({"ubj", "json", "xgb"})),
        "xgb_version": _data,
    },
    "lightgbm": {
        "data": _path,
        "model_class": _data,
        "lgb_version": _data,
        "serialization_format": _data,
        "skops_trusted_types": _data,
    },
    "catboost": {
        "data": _path,
        "model_type": _among(frozenset({"CatBoost", "CatBoostClassifier", "CatBoostRegressor", "CatBoostRanker"})),
        "save_format": _among(frozenset({"cbm", "json", "onnx"})),
        "catboost_version": _data,
    },
    "onnx": {
        "data": _path,
        "providers": _providers,
        "onnx_session_options": _options,
        "onnx_version": _data,
    },
}
