import pytest

from tools.formulation.content import format_of, is_model_text
from tools.formulation.json_format import format_json
from tools.formulation.lp_reader import parse_lp
from tools.formulation.mps_writer import mps_lines

LP = "minimize\n obj: x + y\nsubject to\n cap: x + 2 y >= 3\nend\n"
MODEL = parse_lp(LP)
MPS, JSON = "".join(mps_lines(MODEL)), format_json(MODEL)
ALGEBRA = '{"schema": "quasikarp/algebra/1", "sense": "minimize", "objective": "x"}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LP, "lp"),
        ("\\ a comment\n\nMax 3 x + 2 y\nst\n c1: x <= 4\n", "lp"),
        ("\ufeffMINIMISE x\nST x >= 1\nEND", "lp"),
        ("max: 0\nbounds\n x <= 3\nend", "lp"),
        ("min x s.t. c: x >= 1", "lp"),
        ("maximize", "lp"),
        (MPS, "mps"),
        ("* a comment\nNAME\nROWS\n N obj\nCOLUMNS\nRHS\nENDATA\n", "mps"),
        (JSON, "json"),
        (ALGEBRA, "json"),
        ("{not json", "json"),
        ("\n  {}", "json"),
        ("Minimize the cost of crates, at least 40 of them.", "words"),
        ("Maximise profit subject to the limits of two machines.", "words"),
        ("Name the cheapest plan.\nRows of seats are full.", "words"),
        ("A farmer has x >= 3 cows.", "words"),
        ('{"parametrized_description": "A farmer …"}', "words"),
        ("[1, 2]", "words"),
        ("", "words"),
        ("\x1b[2J<script>", "words"),
    ],
)
def test_the_format_is_told_by_content(text: str, expected: str) -> None:
    assert format_of(text) == expected


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        (LP, True),
        (MPS, True),
        (JSON, True),
        (" ".join(JSON.split()), True),
        ("min x s.t. c: x >= 1", True),
        ("model.lp", False),
        ("min cost.lp", False),
        ("  a folder/model.mps.gz\n", False),
    ],
)
def test_a_model_is_told_from_the_path_of_one(text: str, is_text: bool) -> None:
    assert is_model_text(text) is is_text
