"""`quasikarp memory list, show, stats, export, import, forget, migrate` on records that need no solver."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from memory.embedder import Embedder
from memory.embedding.ngrams import HashedNgrams
from memory.embedding.structure import StructureVectors
from memory.memory import Memory, embedders
from memory.record import LARGEST_DOCUMENT, Record
from memory.stores.embedded import EmbeddedStore
from memory.testing import example_record
from ui.cli import app
from ui.memory_cli import LISTED

HOSTILE = "\x1b[31m[red]x\ny\u202e"
WITNESS = {
    "claim": "sound",
    "point_of": "candidate",
    "point": {"u": "3"},
    "image": {"x": "6"},
    "violates": "row cap",
    "explanation": "the image breaks row cap",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "memory"


@pytest.fixture
def filled(folder: Path) -> list[Record]:
    """Six records in the folder, two of them refuted, three with a kind of their own."""
    records = [replace(example_record(k), kind="digits" if k < 3 else "Scaling+x") for k in range(6)]
    keep(folder, records)
    return records


def keep(folder: Path, records: list[Record]) -> None:
    with Memory.open(folder) as memory:
        memory.learn(records)


def memory(*arguments: object, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(app, ["memory", *map(str, arguments)], input=stdin)
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output
    return result


def parsed(*arguments: object) -> dict[str, Any]:
    result = memory(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def complaint(*arguments: object) -> str:
    """Return the one line of a command that cannot be done."""
    result = memory(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("quasikarp: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_stats_count_everything(folder: Path, filled: list[Record]) -> None:
    assert parsed("stats", "--memory", folder) == {
        "schema": "quasikarp/memory-stats/1",
        "location": str(folder),
        "verified": 4,
        "refuted": 2,
        "unreadable": 0,
        "records": 6,
        "templates": 0,
        "kinds": {"Scaling+x": 3, "digits": 3},
        "embedder": next(iter(embedders())),
    }
    text = memory("stats", "--memory", folder).stdout
    assert text.startswith(f"{folder}: 4 verified, 2 refuted\n")
    assert "  3  digits\n" in text


def test_a_folder_that_does_not_exist_is_an_empty_memory(folder: Path) -> None:
    data = parsed("stats", "--memory", folder)
    assert [data[key] for key in ("verified", "refuted", "unreadable", "records", "templates", "kinds")] == [0] * 5 + [
        {}
    ]
    assert parsed("list", "--memory", folder)["records"] == []
    assert memory("list", "--memory", folder).stdout == "no such records\n"
    assert memory("export", "--memory", folder).stdout == ""
    assert "0 records are gone" in memory("forget", "--all", "--yes", "--memory", folder).stdout
    assert not folder.exists()


def test_a_record_that_was_altered_is_counted_and_costs_only_itself(folder: Path, filled: list[Record]) -> None:
    with sqlite3.connect(folder / "records.sqlite3") as connection:
        connection.execute("UPDATE records SET document = '{}' WHERE id = ?", (filled[1].id,))
    connection.close()
    data = parsed("stats", "--memory", folder)
    assert (data["verified"], data["refuted"], data["unreadable"], data["records"]) == (3, 2, 1, 6)
    assert len(parsed("list", "--memory", folder)["records"]) == 5
    assert "damaged or altered" in complaint("show", filled[1].id, "--memory", folder)
    exported = memory("export", "--memory", folder)
    assert exported.stdout.count("\n") == 5
    assert exported.stderr == "quasikarp: warning: 1 unreadable record is left out\n"
    assert memory("forget", filled[1].id, "--memory", folder).stdout == "1 record is gone, 5 left\n"


def test_list_shows_the_newest_first(folder: Path, filled: list[Record]) -> None:
    data = parsed("list", "--memory", folder)
    assert data["schema"] == "quasikarp/memory-list/1"
    assert [record["id"] for record in data["records"]] == [record.id for record in reversed(filled)]
    assert data["records"][0] == {
        "id": filled[5].id,
        "outcome": "refuted",
        "kind": "Scaling+x",
        "contract": "reformulation",
        "reference": {"name": "model 5", "variables": 3, "integers": 1, "constraints": 2, "nonzeros": 5},
        "candidate": {"name": "other 5", "variables": 4, "integers": 2, "constraints": 3, "nonzeros": 7},
        "source": "memory.testing",
    }
    assert data["more"] is False
    lines = memory("list", "--memory", folder).stdout.splitlines()
    assert len(lines) == 6
    for word in (filled[5].id[:12], "refuted", "other 5 (4 var, 3 rows) -> model 5 (3 var, 2 rows)", "memory.testing"):
        assert word in lines[0]


@pytest.mark.parametrize(
    ("options", "expected", "more"),
    [
        (["--kind", "DIGIT"], [2, 1, 0], False),
        (["--kind", "nothing"], [], False),
        (["--outcome", "refuted"], [5, 2], False),
        (["--outcome", "verified", "--kind", "x"], [4, 3], False),
        (["--limit", "2"], [5, 4], True),
        (["--limit", "6"], [5, 4, 3, 2, 1, 0], False),
    ],
)
def test_list_chooses(folder: Path, filled: list[Record], options: list[str], expected: list[int], more: bool) -> None:
    data = parsed("list", "--memory", folder, *options)
    assert [record["id"] for record in data["records"]] == [filled[k].id for k in expected]
    assert data["more"] is more
    assert ("older ones" in memory("list", "--memory", folder, *options).stdout) is more


def test_a_long_list_is_folded_for_people_only(folder: Path) -> None:
    keep(folder, [example_record(k) for k in range(LISTED + 5)])
    assert len(memory("list", "--memory", folder).stdout.splitlines()) == LISTED + 1
    assert len(parsed("list", "--memory", folder)["records"]) == LISTED + 5


def test_show_has_rules_claims_witness_and_source(folder: Path) -> None:
    record = replace(example_record(2), witness=WITNESS)
    keep(folder, [record])
    text = memory("show", record.id[:5], "--memory", folder).stdout
    for words in ("refuted under reformulation: scaling", record.id, "from memory.testing", "  x = 2 u\n", "sound"):
        assert words in text
    for words in (
        "model 2, 3 variables (1 integer), 2 rows, 5 nonzeros",
        "Counterexample to sound",
        "violates row cap",
    ):
        assert words in text
    assert parsed("show", f"memory:{record.id}", "--memory", folder) == record.to_json()


@pytest.mark.parametrize("witness", [{}, {"claim": 3}, {**WITNESS, "point": "u"}, {**WITNESS, "image": {"x": [1]}}])
def test_what_a_stranger_put_into_a_record_is_shown_inertly(folder: Path, witness: dict[str, Any]) -> None:
    template = {"patterns": [HOSTILE]}
    record = replace(
        example_record(0), kind=HOSTILE, rules=(HOSTILE,), source=HOSTILE, witness=witness, template=template
    )
    keep(folder, [record])
    for command in (["show", record.id], ["list"], ["stats"]):
        result = memory(*command, "--memory", folder)
        assert result.exit_code == 0
        assert "\\x1b[31m[red]x\\ny\\u202e" in result.stdout
        assert "\u202e" not in result.stdout


def test_an_id_must_name_one_record(folder: Path) -> None:
    records = [example_record(k) for k in range(40)]
    keep(folder, records)
    letter = max("0123456789abcdef", key=lambda c: sum(record.id[0] == c for record in records))
    several = sum(record.id[0] == letter for record in records)
    assert f"{several} records begin with '{letter}'" in complaint("show", letter, "--memory", folder)
    for text in ("zz", "memory:", " ", "\x1b", records[0].id + "0"):
        assert "no record" in complaint("show", text, "--memory", folder)
    assert "no record 'zz'" in complaint("forget", records[0].id, "zz", "--memory", folder)
    assert parsed("stats", "--memory", folder)["records"] == 40


def test_forget_removes_what_is_named(folder: Path, filled: list[Record]) -> None:
    result = memory("forget", filled[0].id[:8], f"memory:{filled[3].id}", filled[0].id, "--memory", folder)
    assert (result.exit_code, result.stdout) == (0, "2 records are gone, 4 left\n")
    left = {record["id"] for record in parsed("list", "--memory", folder)["records"]}
    assert left == {filled[k].id for k in (1, 2, 4, 5)}


def test_forgetting_everything_needs_two_words(folder: Path, filled: list[Record]) -> None:
    assert "would remove 6 records" in complaint("forget", "--all", "--memory", folder)
    for arguments in ([], ["--yes"], ["--all", "--yes", filled[0].id]):
        assert "name the records" in complaint("forget", *arguments, "--memory", folder)
    assert parsed("stats", "--memory", folder)["records"] == 6
    assert memory("forget", "--all", "--yes", "--memory", folder).stdout == "6 records are gone, 0 left\n"


def test_export_and_import_carry_every_record(folder: Path, filled: list[Record], tmp_path: Path) -> None:
    file, other = tmp_path / "records.jsonl", tmp_path / "other"
    assert memory("export", file, "--memory", folder).stdout == f"{file}: 6 records\n"
    assert file.read_text(encoding="utf-8") == "".join(record.to_text() + "\n" for record in filled)
    assert memory("export", "--memory", folder).stdout == file.read_text(encoding="utf-8")
    assert memory("export", "-", "--memory", folder).stdout == file.read_text(encoding="utf-8")
    assert memory("import", file, "--memory", other).stdout == f"{file}: 6 records, 6 of them new\n"
    assert memory("import", file, "--memory", other).stdout == f"{file}: 6 records, 0 of them new\n"
    assert memory("export", "--memory", other).stdout == file.read_text(encoding="utf-8")
    assert parsed("stats", "--memory", other) == parsed("stats", "--memory", folder) | {"location": str(other)}


def test_import_reads_standard_input(folder: Path, filled: list[Record], tmp_path: Path) -> None:
    text = "\ufeff" + "\r\n\n".join(record.to_text() for record in filled)
    result = memory("import", "-", "--memory", tmp_path / "other", stdin=text.encode())
    assert result.stdout == "standard input: 6 records, 6 of them new\n"


def test_a_line_that_cannot_be_read_costs_only_itself(folder: Path, tmp_path: Path) -> None:
    good = [example_record(k) for k in range(3)]
    altered = example_record(7).to_text().replace("x = 7 u", "x = 8 u")
    lines = [
        good[0].to_text().encode(), b"{", b"\xff\xfe", altered.encode(), b"", b'{"schema": "else/1"}', b"[" * 100_000,
        b"x" * (4 * LARGEST_DOCUMENT + 1) + b" tail", good[1].to_text().encode(), good[2].to_text().encode()[:-9],
    ]  # fmt: skip
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"\n".join(lines))
    data = parsed("import", file, "--memory", folder)
    assert data["new"] == 2
    assert [entry["id"] for entry in data["refused"]] == [f"line {number}" for number in (2, 3, 4, 6, 7, 8, 10)]
    for entry, words in zip(
        data["refused"], ("JSON", "UTF-8", "match", "else/1", "JSON", "bytes", "JSON"), strict=True
    ):
        assert words in entry["reason"]
    text = memory("import", file, "--memory", folder).stdout
    assert text.startswith(f"{file}: 2 records, 0 of them new\nLines that cannot be read:\n  line 2: ")
    assert len(text.splitlines()) == 9


def test_many_unreadable_lines_are_folded_for_people_only(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(example_record(0).to_text() + "\nx" * 30)
    assert len(parsed("import", file, "--memory", folder)["refused"]) == 30
    lines = memory("import", file, "--memory", folder).stdout.splitlines()
    assert len(lines) == 1 + 1 + 20 + 1
    assert lines[-1] == "  … and 10 more; --json lists all"


def test_a_record_that_the_store_refuses_costs_only_itself(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text("".join(example_record(k).to_text() + "\n" for k in range(4)))
    put: Callable[..., int] = EmbeddedStore.put

    def picky(store: EmbeddedStore, records: list[Record]) -> int:
        from tools.errors import InputError

        if any(record.id == example_record(2).id for record in records):
            raise InputError("not this one")
        return put(store, records)

    monkeypatch.setattr(EmbeddedStore, "put", picky)
    assert parsed("import", file, "--memory", folder) == {
        "schema": "quasikarp/memory-import/1",
        "new": 3,
        "refused": [{"id": "line 3", "reason": "not this one"}],
    }


def test_a_file_that_is_no_export_is_refused(folder: Path, pair: tuple[Path, Path]) -> None:
    assert "holds no record" in complaint("import", pair[0], "--memory", folder)
    assert "does not exist" in complaint("import", pair[0].with_name("no.jsonl"), "--memory", folder)
    assert "is a folder" in complaint("import", pair[0].parent, "--memory", folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["missing/records.jsonl", "."])
def test_an_unwritable_export_is_one_line(folder: Path, filled: list[Record], tmp_path: Path, name: str) -> None:
    complaint("export", tmp_path / name, "--memory", folder)


def test_an_export_that_fails_leaves_the_old_file(
    folder: Path, filled: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text("old")

    def full(record: Record) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Record, "to_text", full)
    result = memory("export", file, "--memory", folder)
    assert (result.exit_code, result.stderr.count("\n")) == (70, 1)
    assert file.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["memory", "records.jsonl"]


COMMANDS = (
    ["list"], ["show", "a"], ["stats"], ["export"], ["forget", "a"], ["migrate"], ["import", "/dev/null"],
    ["seed", __file__, "--loader", "manifest"],
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_memory_is_an_error(command: list[str], tmp_path: Path) -> None:
    assert "--memory none means no memory" in complaint(*command, "--memory", "none")
    assert "QUASIKARP_MEMORY=none means no memory" in complaint(*command)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_memory_that_is_none_is_one_line(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a memory")
    complaint(*command, "--memory", file)
    complaint(*command, "--memory", "http://127.0.0.1:9")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "records.sqlite3").write_text("not a database" * 100)
    complaint(*command, "--memory", folder)
    assert file.read_text() == "not a memory"


def test_another_embedder_is_kept_until_the_memory_is_migrated(folder: Path) -> None:
    other = Embedder(StructureVectors(), HashedNgrams())
    records = [example_record(k) for k in range(3)]
    with EmbeddedStore(folder, other) as store:
        store.put(records)
    assert parsed("stats", "--memory", folder)["embedder"] == other.name
    preferred = next(iter(embedders()))
    for _ in range(2):
        result = memory("migrate", "--memory", folder)
        assert (result.exit_code, result.stdout) == (0, f"{folder}: 3 records, embedded with {preferred}\n")
        assert parsed("stats", "--memory", folder)["embedder"] == preferred


def test_an_embedder_that_is_nowhere_is_one_line_that_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Foreign(HashedNgrams):
        name = "foreign/1"

    with EmbeddedStore(folder, Embedder(StructureVectors(), Foreign())) as store:
        store.put([example_record(0)])
    for command in (["stats"], ["list"], ["export"]):
        assert "quasikarp memory migrate" in complaint(*command, "--memory", folder)
    assert memory("migrate", "--memory", folder).exit_code == 0
    assert parsed("stats", "--memory", folder)["records"] == 1


def test_there_is_nothing_to_migrate_in_an_empty_folder_or_on_a_server(tmp_path: Path) -> None:
    assert "nothing to migrate" in complaint("migrate", "--memory", tmp_path)
    assert "export its records" in complaint("migrate", "--memory", "http://127.0.0.1:9")


def test_the_users_own_memory_is_the_default(folder: Path, filled: list[Record], tmp_path: Path) -> None:
    program = [sys.executable, "-m", "ui.cli", "memory", "stats", "--json"]
    plain = {k: v for k, v in os.environ.items() if k != "QUASIKARP_MEMORY"}
    for more, location, records in (
        ({"QUASIKARP_MEMORY": str(folder)}, folder, 6),
        ({"XDG_DATA_HOME": str(tmp_path)}, tmp_path / "quasikarp" / "memory", 0),
    ):
        result = subprocess.run(program, env=plain | more, capture_output=True, text=True, timeout=60, check=True)
        data = json.loads(result.stdout)
        assert (data["location"], data["records"]) == (str(location), records)
    assert not (tmp_path / "quasikarp").exists()


def test_a_reader_that_stops_is_no_error(folder: Path) -> None:
    keep(folder, [example_record(k) for k in range(300)])
    command = f"{sys.executable} -m ui.cli memory export --memory {folder} | head -c 10"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (141, b"")
