import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.transform.request import Request


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("rename", Request("rename")),
        ("digits:x[1,2]", Request("digits", None, "x[1,2]")),
        ("digits=2:x[*]", Request("digits", 2, "x[*]")),
        ("split=3", Request("split", 3)),
        ("slack:a:b", Request("slack", None, "a:b")),
    ],
)
def test_a_request_is_read_and_written(text: str, request_: Request) -> None:
    assert Request.parse(text) == request_
    assert str(request_) == text


@pytest.mark.parametrize("text", ["", ":x", "digits:", "digits=two:x", "digits=-1:x", "=2", "x" * 1001])
def test_malformed_requests_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        Request.parse(text)


def test_a_star_stands_for_any_text_and_brackets_for_themselves() -> None:
    names = ["x[1]", "x[2]", "y[1]", "x", "x1]"]
    assert Request("k", None, "x[*]").matches(names) == ["x[1]", "x[2]"]
    assert Request("k", None, "*1]").matches(names) == ["x[1]", "y[1]", "x1]"]
    assert Request("k", None, "x[1]").matches(names) == ["x[1]"]
    assert Request("k").matches(names) == names


@given(st.text(alphabet="ab*[", max_size=8), st.text(alphabet="ab[", max_size=12))
def test_patterns_match_as_a_plain_reading_says(pattern: str, name: str) -> None:
    def plainly(wanted: str, rest: str) -> bool:
        if not wanted:
            return not rest
        if wanted[0] == "*":
            return any(plainly(wanted[1:], rest[k:]) for k in range(len(rest) + 1))
        return bool(rest) and rest[0] == wanted[0] and plainly(wanted[1:], rest[1:])

    assert bool(Request("k", None, pattern or "a").matches([name])) == plainly(pattern or "a", name)
