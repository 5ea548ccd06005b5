"""Apache Spark finds what polars finds, to the last count, in several partitions on this machine."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.__main__ import run
from mlgate.data.schema.checks import CHECKS
from mlgate.data.schema.pandera_checks import built_in
from mlgate.data.schema.schema import Column, Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.types import find_type, words
from mlgate.data.validation import alone
from mlgate.errors import ConfigError, DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from mlgate.data.validation.alone import Answer

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Apache Spark needs Java 17 or newer")
PARTITIONS = 7
ZONE = dt.UTC
START = dt.datetime(2020, 1, 1)  # noqa: DTZ001 (files mostly hold times without a zone)
NEAR = st.sampled_from([-1, 0, 1, 2, 127, 128, 255, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)])
REAL = st.one_of(st.sampled_from([0.0, -0.0, 0.1, 0.5, 1e300, math.inf, -math.inf]), st.floats(-2, 2, width=32))
TEXT = st.one_of(st.text("aé😀\n_ ", max_size=4), st.sampled_from(["", "AA", "ab", "zz", "ß"]))
DAYS = st.integers(-3, 3).map(lambda days: START.date() + dt.timedelta(days=days))
MOMENTS = st.integers(-3, 3).map(lambda count: START + dt.timedelta(days=count // 2, microseconds=count))
ZONED = MOMENTS.map(lambda moment: moment.replace(tzinfo=ZONE))
CENTS = st.integers(-200, 200).map(lambda cents: Decimal(cents) / 100)
KINDS: dict[str, tuple[pl.DataType, st.SearchStrategy[Any], st.SearchStrategy[Any]]] = {
    "whole": (pl.Int64(), NEAR, st.one_of(NEAR, st.just(0.5), st.just(10**25))),
    "short": (pl.Int8(), st.integers(-128, 127), st.one_of(st.integers(-3, 3), st.just(300), st.just(1.5))),
    "positive": (pl.UInt8(), st.integers(0, 255), st.integers(-1, 256)),
    "large": (pl.UInt64(), st.sampled_from([0, 1, 2**63, 2**64 - 1]), st.sampled_from([0, 1, 2**63, 2**64 - 1])),
    "real": (pl.Float64(), st.one_of(REAL, st.just(math.nan)), REAL),
    "single": (pl.Float32(), st.one_of(REAL.filter(lambda x: x != 1e300), st.just(math.nan)), REAL),
    "money": (pl.Decimal(12, 2), CENTS, st.one_of(CENTS, st.integers(-2, 2))),
    "flag": (pl.Boolean(), st.booleans(), st.booleans()),
    "text": (pl.String(), TEXT, TEXT),
    "day": (pl.Date(), DAYS, DAYS),
    "moment": (pl.Datetime("us"), MOMENTS, MOMENTS),
    "zoned": (pl.Datetime("us", "UTC"), ZONED, ZONED),
}
ONE = ["equal_to", "not_equal_to", "greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to"]
LISTS = {"isin": "allowed_values", "notin": "forbidden_values", "unique_values_eq": "values"}
KEYS = {"equal_to": "value", "not_equal_to": "value", "less_than": "max_value", "less_than_or_equal_to": "max_value"}
PATTERNS = ["a", "é$", "^a", "a|b", r"\w", r"\s$", r"[^a]b?", "(?i)É", ".", r"^\W", "a{2}", "(?:ab|😀)+"]


def frame_of(session: SparkSession, folder: Path, data: pl.DataFrame) -> DataFrame:
    """Give Spark the rows as Parquet, in any order and in several partitions."""
    data.write_parquet(folder / "d.parquet")
    return session.read.parquet(str(folder / "d.parquet")).repartition(PARTITIONS)


def told(answer: Answer) -> list[tuple[object, ...]]:
    """Leave the examples out."""
    return [(one.column, one.rule, one.count, one.of, one.expected, one.severity) for one in answer.violations]


def both(
    session: SparkSession, folder: Path, data: pl.DataFrame, schema: Schema, **asked: Any
) -> tuple[Answer, Answer]:
    """Judge the same rows by both engines."""
    from mlgate.data.validation.spark.judge import judge

    asked = {"file": "d.parquet", "key": None, "limit": 0} | asked
    return judge(frame_of(session, folder, data), schema, **asked), alone.judge(data.lazy(), schema, **asked)


@st.composite
def checks(draw: st.DrawFn, kind: str) -> list[Any]:
    """Draw checks of a column: any name, with arguments that polars compares such values with."""
    dtype, _, values = KINDS[kind]
    whole = values.filter(lambda one: isinstance(one, int)) if dtype.is_integer() else values
    listed = whole.filter(lambda one: abs(one) < 2**63) if dtype.is_integer() else whole
    if dtype.is_decimal():
        listed = CENTS
    found = []
    for name in draw(st.lists(st.sampled_from([*ONE, "in_range", *LISTS, "text"]), max_size=6)):
        if name in ONE:
            arguments = {KEYS.get(name, "min_value"): draw(values)}
        elif name == "in_range":
            low, high = sorted((draw(values), draw(values)))
            arguments = {"min_value": low, "max_value": high, "include_min": draw(st.booleans())}
            arguments["include_max"] = draw(st.booleans())
            if low == high:
                arguments |= {"include_min": True, "include_max": True}
        elif name in LISTS:
            many = draw(st.lists(listed, min_size=1, max_size=12))
            if name != "unique_values_eq" and dtype == pl.UInt64():
                continue
            arguments = {LISTS[name]: many}
        elif kind != "text":
            continue
        else:
            name, arguments = draw(st.sampled_from(of_text()))  # noqa: PLW2901 (a check of text instead)
        found.append(built_in(name, arguments, warns=draw(st.booleans())))
    return found


def of_text() -> list[tuple[str, dict[str, Any]]]:
    """List checks of text."""
    patterns = [(name, {"pattern": one}) for name in ("str_matches", "str_contains") for one in PATTERNS]
    parts = [(name, {"string": one}) for name in ("str_startswith", "str_endswith") for one in ("a", "é", "😀", "")]
    lengths = [{"min_value": 1}, {"max_value": 2}, {"min_value": 1, "max_value": 2}, {"exact_value": 1}]
    return [*patterns, *parts, *(("str_length", one) for one in lengths)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[pl.DataFrame, Schema]:
    """Draw rows of every type, and a schema with many checks of each."""
    height = draw(st.integers(0, 12))
    data, columns = {}, []
    alone_unique = draw(st.sets(st.sampled_from(list(KINDS)), max_size=2))
    for name, (dtype, values, _) in KINDS.items():
        rows = draw(st.lists(st.one_of(st.none(), values), min_size=height, max_size=height))
        data[name] = pl.Series(rows, dtype=dtype)
        flags = {"nullable": draw(st.booleans()), "unique": name in alone_unique}
        typed = find_type(str(dtype.base_type()).lower()) if draw(st.booleans()) else None
        columns.append(Column(name=name, type=typed, checks=tuple(draw(checks(name))), **flags))
    unique = draw(st.lists(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3, unique=True), max_size=1))
    return pl.DataFrame(data), Schema(columns=tuple(columns), unique=tuple(tuple(group) for group in unique))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(), key=st.sampled_from([None, *KINDS]))
def test_spark_finds_what_polars_finds(
    session: SparkSession, tmp_path: Path, case: tuple[pl.DataFrame, Schema], key: str | None
) -> None:
    """Whatever the rows and whatever is asked of them, in the same order and the same words."""
    theirs, ours = both(session, tmp_path, *case, key=key)
    assert theirs.rows == ours.rows
    assert told(theirs) == told(ours)


BUILT_IN: list[tuple[str, dict[str, Any], list[Any], list[Any]]] = [
    ("equal_to", {"value": 2}, [2, 2, None], [2, 3, None]),
    ("not_equal_to", {"value": 2}, [1, 3, None], [1, 2, None]),
    ("greater_than", {"min_value": 2}, [3, 4, None], [2, 3, None]),
    ("greater_than_or_equal_to", {"min_value": 2}, [2, 3, None], [1, 2, None]),
    ("less_than", {"max_value": 2}, [1, 0, None], [1, 2, None]),
    ("less_than_or_equal_to", {"max_value": 2}, [1, 2, None], [2, 3, None]),
    ("in_range", {"min_value": 1, "max_value": 3}, [1, 2, 3, None], [0, 4, 2, None]),
    ("in_range", {"min_value": 1, "max_value": 3, "include_min": False}, [2, 3, None], [1, 2, None]),
    ("in_range", {"min_value": 1, "max_value": 3, "include_max": False}, [1, 2, None], [2, 3, None]),
    ("isin", {"allowed_values": ["a", "b"]}, ["a", "b", None], ["a", "c", None]),
    ("notin", {"forbidden_values": ["a", "b"]}, ["c", "d", None], ["a", "c", None]),
    ("unique_values_eq", {"values": ["a", "b"]}, ["a", "b", None], ["a", "a", None]),
    ("str_matches", {"pattern": "a"}, ["ab", "a", None], ["ba", "a", None]),
    ("str_contains", {"pattern": "a$"}, ["ba", "a", None], ["ab", "a\n", None]),
    ("str_startswith", {"string": "é"}, ["éa", "é", None], ["aé", "", None]),
    ("str_endswith", {"string": "é"}, ["aé", "é", None], ["éa", "", None]),
    ("str_length", {"min_value": 1, "max_value": 2}, ["é", "😀a", None], ["", "ééé", None]),
    ("str_length", {"exact_value": 2}, ["éa", "😀a", None], ["", "ééé", None]),
]


def test_every_built_in_check_holds_and_breaks(session: SparkSession, tmp_path: Path) -> None:
    """On values written down for it, and in both engines alike."""
    assert {name for name, *_ in BUILT_IN} == set(CHECKS)
    data, columns = {}, []
    for number, (name, arguments, sound, broken) in enumerate(BUILT_IN):
        for kind, values in (("good", sound), ("bad", broken)):
            data[f"{kind}{number}"] = [*values, None, None][:4]
            columns.append(Column(name=f"{kind}{number}", nullable=True, checks=(built_in(name, arguments),)))
    found, ours = both(session, tmp_path, pl.DataFrame(data), Schema(columns=tuple(columns)))
    assert told(found) == told(ours)
    assert [one.column for one in found.violations] == [f"bad{number}" for number in range(len(BUILT_IN))]


ODD = [
    "", "a", "A", "é", "É", "e\u0301", "٣", "7", "_", "a b", "a\n", "\n", "a\r", "\u2028", "\x85", "\u00a0", "ß",
    "\u017f", "\u212a", "😀", "a😀", "word", "two words", "x-1", "x.1", "[a]", "a|b", "aaa", "\x0b",
    "\u200d", "Ⅷ", "²", None,
]  # fmt: skip
PIECES = [
    r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", ".",
    "^.$", "^a", "a$", "^$", r"\A", "[^a]", "[é-ü]", "(?i)a",
    "(?i)É", "(?i)k", "(?i)s", "(?s)a.", r"\bwords?\b", "a{2,}", "a|^é", r"\.", r"[\w-]+\d", "(?:a|x)+", "(?P<n>w)",
    r"^\w+\s\w+$", r"[\[\]]", "]", "a*?b", "(?i-s:A.)", r"^[^\n]+$",
]  # fmt: skip


def test_patterns_mean_in_java_what_they_mean_in_polars(session: SparkSession, tmp_path: Path) -> None:
    """Unicode classes, line breaks and case, at the start of a text and anywhere."""
    names = ("str_contains", "str_matches")
    checks = tuple(built_in(name, {"pattern": one}) for one in PIECES for name in names)
    schema = Schema(columns=(Column(name="text", nullable=True, checks=checks),))
    found, ours = both(session, tmp_path, pl.DataFrame({"text": ODD}), schema)
    assert told(found) == told(ours)
    assert len(found.violations) > len(PIECES)


TEXTS = [
    "5", "+5", "-0", " 5 ", "5.0", "1_000", "05", "1e3", "", "٣", "9223372036854775808", "0x1", "128", "-1", "+5.",
    "-.5", "5E+3", "inf", "-Infinity", "+INF", "nan", "-nan", "1e400", ".", "e5", "1e", "5f", "true", "FALSE", "yes",
    "1", "0", "2013-05-01", "2013-5-1", "2013-02-30", " 2013-05-01", "2013-05-01x", "2013-05-01 10:00:00",
    "2013-05-01T10:00", "2013-05-01T10:00:00.123456Z", "2013-05-01 10:00:00+00:00", "2013-05-01 10:00:00+02:00",
    "2013-05-01 25:00", None,
]  # fmt: skip
FLOATS = [1.0, 2.5, math.nan, math.inf, -0.0, 2.0**63, -(2.0**63), 127.0, 128.0, -1.0, 1e300, None]
SOURCES: dict[str, pl.Series] = {
    "text": pl.Series(TEXTS),
    "float64": pl.Series(FLOATS),
    "float32": pl.Series(FLOATS[:8], dtype=pl.Float32),
    "int64": pl.Series([0, 1, -1, 127, 128, 255, 256, 2**63 - 1, None]),
    "int32": pl.Series([0, 1, None], dtype=pl.Int32),
    "decimal": pl.Series([Decimal("1.00"), Decimal("1.50"), Decimal(-300), None], dtype=pl.Decimal(12, 2)),
    "bool": pl.Series([True, False, None]),
    "day": pl.Series([START.date(), None]),
    "moment": pl.Series([START, None]),
    "zoned": pl.Series([START, None]).dt.replace_time_zone("UTC"),
    "binary": pl.Series([b"a", None]),
    "empty": pl.Series([None, None], dtype=pl.Int8),
}  # fmt: skip
TARGETS = ["int8", "int64", "uint8", "uint64", "float32", "float64", "string", "bool", "date", "datetime"]


@pytest.mark.parametrize("file", ["d.parquet", "d.csv"])
def test_a_wrong_type_is_counted_alike(session: SparkSession, tmp_path: Path, file: str) -> None:
    """Every type declared for every other: the values that cannot be read, or all of them."""
    height = max(map(len, SOURCES.values()))
    data, columns = {}, []
    for source, values in SOURCES.items():
        for target in TARGETS:
            name = f"{source} as {target}"
            data[name] = values.extend_constant(None, height - len(values))
            columns.append(Column(name=name, type=find_type(target), nullable=True))
    found, ours = both(session, tmp_path, pl.DataFrame(data), Schema(columns=tuple(columns)), file=file)
    assert told(found) == told(ours)


def test_names_are_judged_without_a_job(session: SparkSession, tmp_path: Path) -> None:
    """Missing, unexpected, renamed and out of order; patterns; columns of any name."""
    path = tmp_path / "s.yaml"
    path.write_text(
        "columns:\n  id: {dtype: int64}\n  'x_.*': {regex: true, ge: 0}\n  x_z: {dtype: int64}\n  gone: {}\n"
        "  'a `b`.c': {dtype: int64, ge: 0, unique: true}\n  departure_time: {}\nordered: true\nstrict: true\n"
    )
    names = ["id", "x_z", "x_a", "x_b", "a `b`.c", "dep_time", "n0", "bad", "key"]
    data = pl.DataFrame({name: [-1, 1, -1] for name in names})
    found, ours = both(session, tmp_path, data, load_schema(path), key="a `b`.c", limit=5)
    assert told(found) == told(ours)
    shown = next(one for one in found.violations if one.rule == "unique")
    assert [(row.row, row.key, row.value) for row in shown.examples] == [(None, "-1", "-1")] * 2


def test_what_spark_cannot_judge_is_told_before_it_starts(session: SparkSession, tmp_path: Path) -> None:
    """All of it at once, with what to do; no row is read."""
    from pyspark.sql import functions

    from mlgate.data.validation.spark.judge import judge

    path = tmp_path / "m.py"
    path.write_text(
        "import pandera.polars as pa\nimport polars as pl\nfrom datetime import datetime\n"
        "class M(pa.DataFrameModel):\n"
        "    number: int = pa.Field(ge=0, coerce=True)\n"
        "    text: str = pa.Field(str_matches=r'[[:alpha:]]+')\n"
        "    gone: pl.Duration\n"
        "    moment: datetime = pa.Field(ge=datetime(2020, 1, 1))\n"
        "    @pa.check('number')\n    def odd(cls, data):\n        return data.lazyframe.select(data.key)\n"
        "    @pa.dataframe_check\n    def whole(cls, data):\n        return data.lazyframe.select('number')\n"
    )
    untouched = functions.raise_error(functions.lit("a row was read"))
    frame = session.range(1).select(
        untouched.cast("string").alias("number"), untouched.cast("string").alias("text"),
        untouched.cast("timestamp").alias("moment"),
    )  # fmt: skip
    model = load_schema(path, "M")
    columns = tuple(
        Column(name=one.name, type=None, checks=one.checks) if one.name == "moment" else one for one in model.columns
    )
    schema = Schema(columns=columns, checks=model.checks, unique=model.unique)
    with pytest.raises(ConfigError) as error:
        judge(frame, schema, file="d.parquet", key=None, limit=5)
    zoned = "(datetime(time_unit='us', time_zone='utc'))"
    assert error.value.message.splitlines() == [
        "Apache Spark cannot judge 6 rules of the schema:",
        "  number: odd: it is code of your own, which runs on polars",
        "  gone: type Duration(time_unit='us'): Spark has none like it",
        "  every row: whole: a check of whole rows runs on polars",
        "  number: coerce: Spark reads text as Int64 by rules of its own",
        "  text (string): str_matches: the pattern '[[:alpha:]]+' may mean something else in Java",
        f"  moment {zoned}: greater_than_or_equal_to: '2020-01-01 00:00:00' is no value of such a column",
    ]
    assert "--engine polars" in error.value.hint


def test_a_session_in_another_zone_is_refused(session: SparkSession) -> None:
    """Its moments would be others."""
    from mlgate.data.validation.spark.judge import judge

    session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        with pytest.raises(DataError, match="time zone is Asia/Tokyo"):
            judge(session.range(1), Schema(columns=()), file="d", key=None, limit=0)
    finally:
        session.conf.set("spark.sql.session.timeZone", "UTC")


CSV = 'id,hour,note\n1,5,"a ""quoted"", word"\n2,99,"two\nlines"\n2,x,\n'
SCHEMA = """\
columns:
  id: {dtype: int64, unique: true}
  hour: {dtype: int64, checks: {in_range: {min_value: 0, max_value: 23}}}
  note: {dtype: string, nullable: true, checks: {str_length: {max_value: 9}}}
"""


def validate(file: str, engine: str, *more: str) -> int:
    """Judge a file by an engine."""
    return run(["validate", "--data", file, "--schema", "s.yaml", "--engine", engine, *more])


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("text", [CSV, CSV.replace("x", "23"), "id,hour,note\n1,5,a\n"])
def test_the_command_judges_by_either_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """CSV, JSON lines, Parquet and a folder of it, with the same exit code and the same counts."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SCHEMA, encoding="utf-8")
    Path("d.csv").write_text(text, encoding="utf-8")
    frame = pl.read_csv("d.csv", infer_schema_length=None)
    frame.write_ndjson("d.jsonl")
    frame.write_parquet("d.parquet")
    Path("folder").mkdir()
    frame.write_parquet("folder/part-0.parquet")
    for file in ("d.csv", "d.jsonl", "d.parquet", "folder"):
        said = []
        for engine in ("polars", "spark"):
            code = validate(file, engine, "--key", "id", "--json", "--examples", "0")
            document = json.loads(capsys.readouterr().out)
            assert document.pop("engine") == engine
            said.append((code, document))
        assert said[0] == said[1], file


@pytest.mark.usefixtures("session")
def test_what_spark_cannot_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By exit code 2: damaged bytes, ragged lines, kinds that only polars reads, files that are not there."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SCHEMA, encoding="utf-8")
    Path("cut.parquet").write_bytes(b"PAR1 and no more")
    Path("ragged.csv").write_text("id,hour,note\n1,5\n2,6,a,b\n", encoding="utf-8")
    pl.DataFrame({"id": [1]}).write_ipc("d.arrow")
    for file, said in {
        "cut.parquet": "cut.parquet cannot be read",
        "ragged.csv": "ragged.csv cannot be read",
        "d.arrow": "Spark reads no Arrow files",
        "none.parquet": "none.parquet does not exist",
    }.items():
        assert validate(file, "spark") == 2
        assert said in capsys.readouterr().err


def test_every_type_that_a_schema_names_is_known_or_refused() -> None:
    """Spark has a type for each word, but for those of times without a day, durations and the largest numbers."""
    from mlgate.data.validation.spark.types import through_spark

    types = {word: find_type(word) for word in words()}
    without = {word for word, one in types.items() if one is not None and through_spark(one.target) is None}
    assert without == {"duration", "float16", "int128", "time", "timedelta", "timedelta64", "uint128"}


def test_a_built_in_check_keeps_its_meaning_under_another_name(session: SparkSession, tmp_path: Path) -> None:
    """A name is for people: the check is known by its kind, of either pandera."""
    from mlgate.data.validation.spark.judge import judge

    for engine in ("polars", "pandas"):
        path = tmp_path / f"{engine}_flights.py"
        path.write_text(
            f"import pandera.{engine} as pa\n\nFlights = None\n\n\nclass Hours(pa.DataFrameModel):\n    hour: int\n\n"
            "    @classmethod\n    def to_schema(cls):\n        return pa.DataFrameSchema(\n"
            "            {'hour': pa.Column(int, pa.Check.in_range(0, 23, name='plausible'))})\n",
            encoding="utf-8",
        )
        schema = load_schema(path, "Hours")
        frame = session.createDataFrame([(5,), (99,)], "hour long")
        (found,) = judge(frame, schema, file="d.parquet", key=None, limit=5).violations
        assert (found.rule, found.count) == ("plausible", 1)
