import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import InputError
from tools.report import SCHEMA, Report
from ui.batch_answers import MANIFEST_ERROR, Answers
from ui.batch_worker import failure


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_answers_are_lines_with_schema_id_and_content(tmp_path: Path, equivalent: Report) -> None:
    out = tmp_path / "out.jsonl"
    with Answers(out) as answers:
        answers.add("a", equivalent.to_json())
        answers.add(None, failure(MANIFEST_ERROR, "line 2: odd"))
        assert answers.has("a")
        assert answers.has(None, "line 2: odd")
        assert not answers.has(None, "line 3: odd")
        assert not answers.has("b")
        assert dict(answers.tally) == {"equivalent": 1, "error": 1}
    first, second = lines(out)
    assert first["id"] == "a"
    assert Report.from_json(first) == equivalent
    assert second == {"schema": SCHEMA, "id": None, "error": {"kind": "manifest", "message": "line 2: odd"}}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cut_anywhere_it_resumes_with_whole_lines(tmp_path: Path, equivalent: Report, data: st.DataObject) -> None:
    out = tmp_path / "out.jsonl"
    out.unlink(missing_ok=True)
    with Answers(out) as answers:
        for identifier in ("a", "b", 3):
            answers.add(identifier, equivalent.to_json())
    whole = out.read_bytes()
    kept = whole[: data.draw(st.integers(0, len(whole)))]
    out.write_bytes(kept)
    with Answers(out) as answers:
        done = [answers.has(identifier) for identifier in ("a", "b", 3)]
        assert answers.earlier == sum(done) == kept.count(b"\n")
        for identifier, answered in zip(("a", "b", 3), done, strict=True):
            if not answered:
                answers.add(identifier, equivalent.to_json())
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    "content",
    ["notes\n", "notes", '{"schema": "other", "id": 1}\n', "[]\n", "3\n", '{"schema": "quasikarp/report/1"}\n'],
)
def test_a_file_of_someone_else_is_left_alone(tmp_path: Path, content: str) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text(content)
    with pytest.raises(InputError, match="not written by a batch"):
        Answers(out)
    assert out.read_text() == content


@pytest.mark.parametrize("name", [".", "missing/out.jsonl", "nul\0"])
def test_an_unwritable_file_is_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="choose another"):
        Answers(tmp_path / name)


def test_two_batches_do_not_share_a_file(tmp_path: Path) -> None:
    with Answers(tmp_path / "out.jsonl"), pytest.raises(InputError, match="another batch"):
        Answers(tmp_path / "out.jsonl")
