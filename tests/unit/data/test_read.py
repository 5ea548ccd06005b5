"""Files: what can be read is read, and what cannot says which file and what to do."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import polars as pl
import pytest

from mlgate.data.files.digest import describe, sha256
from mlgate.data.files.read import collect, read, scan
from mlgate.errors import DataError

FLIGHTS = pl.DataFrame({"id": ["a", "b", "c"], "delay": [1, 2, None]})


def written(folder: Path, name: str, content: bytes | str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["d.parquet", "d.csv", "d.csv.gz", "D.CSV"])
def test_every_known_kind_reads_the_same(tmp_path: Path, name: str) -> None:
    """Parquet, CSV and packed CSV of one table give one frame."""
    path = tmp_path / name
    if name.endswith("parquet"):
        FLIGHTS.write_parquet(path)
    else:
        text = FLIGHTS.write_csv().encode()
        path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    assert scan(path).collect().equals(FLIGHTS)
    assert read(path, ["delay"]).columns == ["delay"]


def test_a_file_without_rows_is_read(tmp_path: Path) -> None:
    """A header alone, or a Parquet file without rows, has columns and no rows."""
    assert scan(written(tmp_path, "h.csv", "a,b\n")).collect().shape == (0, 2)
    FLIGHTS.clear().write_parquet(tmp_path / "h.parquet")
    assert scan(tmp_path / "h.parquet").collect().shape == (0, 2)


def test_types_come_from_all_rows(tmp_path: Path) -> None:
    """A number that turns into text after many rows makes the column text, and no error."""
    path = written(tmp_path, "late.csv", "a\n" + "1\n" * 5000 + "x\n")
    assert scan(path).collect_schema()["a"] == pl.String


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    """A CSV file that a spreadsheet wrote has the columns it shows."""
    path = written(tmp_path, "bom.csv", "a,b\n1,é\n".encode("utf-8-sig"))
    assert scan(path).collect().to_dicts() == [{"a": 1, "b": "é"}]


PARQUET_TAIL = 10


def broken(folder: Path) -> dict[str, tuple[Path, str]]:
    """Make every kind of wrong file: its path and a word of the message."""
    FLIGHTS.write_parquet(folder / "whole.parquet")
    whole = (folder / "whole.parquet").read_bytes()
    packed = gzip.compress(b"a,b\n1,2\n" * 100)
    (folder / "folder.csv").mkdir()
    files = {
        "cut.parquet": (whole[:-PARQUET_TAIL], "cannot be read"),
        "empty.parquet": (b"", "cannot be read"),
        "empty.csv": (b"", "empty"),
        "blank.csv": (b"\n\n", "empty"),
        "long.csv": (b"a,b\n1,2\n3,4,5\n", "line 3: 3 values"),
        "short.csv": (b"a,b\n1,2\n3\n4,5\n", "line 3: 1 values"),
        "latin.csv": ("a,b\n1,\xe9\n".encode("latin-1"), "UTF-8"),
        "wide.csv": ("a,b\n1,2\n".encode("utf-16"), "UTF-8"),
        "twice.csv": (b"a,a,b\n1,2,3\n", "more than one column"),
        "quote.csv": (b'a,b\n1,"x\n', "cannot be read"),
        "cut.csv.gz": (packed[:-6], "cannot be read"),
        "semicolon.csv": (b"a;b;c\n1;2;3\n", "separated by semicolons"),
        "cut.jsonl": (b'{"a": 1}\n{"a": ', "cannot be read"),
        "cut.arrow": (b"ARROW1\0\0", "cannot be read"),
        "table.xlsx": (b"PK", "kind that mlgate does not read"),
    }
    made = {name: (written(folder, name, content), word) for name, (content, word) in files.items()}
    made["missing.csv"] = (folder / "missing.csv", "does not exist")
    made["folder.csv"] = (folder / "folder.csv", "a folder without data files")
    return made


def test_every_wrong_file_is_named_with_the_next_step(tmp_path: Path) -> None:
    """Whatever is wrong, the error is a DataError that names the path, what is wrong, and what to do."""
    for path, word in broken(tmp_path).values():
        with pytest.raises(DataError, match=word) as caught:
            describe(path, role="training", shown_as=path.name)
        assert str(path) in caught.value.message
        assert caught.value.hint
        assert "\n" not in caught.value.message


def test_two_parquet_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    """Parquet can hold two columns of one name, and no frame can."""
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "twice.parquet"
    parquet.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(DataError, match="more than one"):
        scan(path)


def test_damage_inside_a_parquet_file_is_found_when_it_is_read(tmp_path: Path) -> None:
    """A file whose footer is whole and whose pages are not opens, and fails with its name when it is read."""
    path = tmp_path / "damaged.parquet"
    pl.DataFrame({"a": range(1000)}).write_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(300) + content[304:])
    with pytest.raises(DataError, match=r"damaged\.parquet cannot be read"):
        collect(scan(path), str(path))


def test_a_column_that_is_not_there_is_named_with_its_neighbour(tmp_path: Path) -> None:
    """Asking for an unknown column tells the known ones and the nearest."""
    FLIGHTS.write_parquet(tmp_path / "d.parquet")
    with pytest.raises(DataError, match="no column 'dely'") as caught:
        read(tmp_path / "d.parquet", ["dely"])
    assert "did you mean 'delay'" in caught.value.hint


def test_a_file_is_described_by_its_bytes(tmp_path: Path) -> None:
    """The digest is the sha256 of the bytes, and rows, columns and size are counted."""
    path = written(tmp_path, "d.csv", "a,b\n1,2\n3,4\n")
    found = describe(path, role="training", shown_as="data/d.csv")
    assert found.sha256 == sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.path, found.rows, found.columns, found.bytes) == ("data/d.csv", 2, 2, 12)


@pytest.mark.parametrize(
    "name", ["d.csv.zst", "d.jsonl", "d.ndjson", "d.jsonl.gz", "d.jsonl.zst", "d.arrow", "d.feather", "d.ipc"]
)
def test_other_kinds_read_the_same(tmp_path: Path, name: str) -> None:
    """Text packed in any way, lines of JSON, and Arrow."""
    path = tmp_path / name
    if ".jsonl" in name or ".ndjson" in name:
        text = FLIGHTS.write_ndjson().encode()
        path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
        if name.endswith("zst"):
            FLIGHTS.lazy().sink_ndjson(path, compression="zstd")
    elif name.endswith("zst"):
        FLIGHTS.write_csv(path, compression="zstd")
    else:
        FLIGHTS.write_ipc(path)
    assert scan(path).collect().equals(FLIGHTS)
    assert describe(path, role="training", shown_as=name).rows == 3


def test_folders_and_patterns_are_read_as_one(tmp_path: Path) -> None:
    """With the columns that folders stand for, whatever a writer leaves beside the data, and a digest of all files."""
    for origin in ("EWR", "JFK"):
        folder = tmp_path / "data [1]" / f"origin={origin}"
        folder.mkdir(parents=True)
        FLIGHTS.write_parquet(folder / "part-0.parquet")
    (tmp_path / "data [1]" / "_SUCCESS").touch()
    (tmp_path / "data [1]" / ".part.crc").touch()
    whole = scan(tmp_path / "data [1]").collect()
    assert (whole.height, sorted(whole["origin"].unique())) == (6, ["EWR", "JFK"])
    some = tmp_path / "data [1]" / "origin=E*" / "*.parquet"
    assert scan(some).collect().height == 3
    described = describe(tmp_path / "data [1]", role="training", shown_as="data")
    listed = "".join(
        f"{sha256(tmp_path / 'data [1]' / name)}  {name}\n"
        for name in ("origin=EWR/part-0.parquet", "origin=JFK/part-0.parquet")
    )
    assert described.sha256 == hashlib.sha256(listed.encode()).hexdigest()
    assert described.rows == 6
    FLIGHTS.head(1).write_parquet(tmp_path / "data [1]" / "origin=JFK" / "part-1.parquet")
    assert sha256(tmp_path / "data [1]") != described.sha256


def test_folders_and_patterns_without_data_are_named(tmp_path: Path) -> None:
    """As are folders of several kinds, and files that do not fit each other."""
    with pytest.raises(DataError, match="folder without data files"):
        scan(tmp_path)
    with pytest.raises(DataError, match="no file matches"):
        scan(tmp_path / "*.parquet")
    FLIGHTS.write_parquet(tmp_path / "a.parquet")
    FLIGHTS.rename({"delay": "late"}).write_parquet(tmp_path / "b.parquet")
    with pytest.raises(DataError, match="cannot be read"):
        collect(scan(tmp_path), "d")
    FLIGHTS.write_csv(tmp_path / "c.csv")
    with pytest.raises(DataError, match="files of several kinds: csv, parquet"):
        scan(tmp_path)


def test_text_in_several_files_may_differ_in_how_numbers_look(tmp_path: Path) -> None:
    """One file of whole numbers and one of decimals are one column of numbers."""
    written(tmp_path, "a.csv", "a\n1\n")
    written(tmp_path, "b.csv", "a\n1.5\n")
    assert scan(tmp_path / "*.csv").collect()["a"].to_list() == [1.0, 1.5]


def test_large_text_is_parsed_once_and_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Parquet in the temporary folder; what is read is the same, and a changed file is parsed again."""
    monkeypatch.setattr("mlgate.data.files.read.LARGE", 10)
    path = written(tmp_path, "d.csv", FLIGHTS.write_csv())
    frame = scan(path)
    assert "Parquet SCAN" in frame.explain()
    assert frame.collect().equals(FLIGHTS)
    assert scan(path) is frame
    written(tmp_path, "d.csv", "id,delay\nz,1\n")
    assert scan(path).collect()["id"].to_list() == ["z"]
    with pytest.raises(DataError, match="line 3: 1 values"):
        scan(written(tmp_path, "short.csv", "aaaaaaaa,b\n1,2\n3\n4,5\n"))


def test_a_delta_table_is_read(tmp_path: Path) -> None:
    """By its log: a file that the log no longer names does not count."""
    deltalake = pytest.importorskip("deltalake")
    table = tmp_path / "table"
    deltalake.write_deltalake(str(table), FLIGHTS)
    deltalake.write_deltalake(str(table), FLIGHTS.head(1), mode="overwrite")
    assert scan(table).collect().height == 1
    before = describe(table, role="training", shown_as="table").sha256
    deltalake.write_deltalake(str(table), FLIGHTS, mode="append")
    assert describe(table, role="training", shown_as="table").sha256 != before
