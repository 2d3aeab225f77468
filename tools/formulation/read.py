"""Reads a formulation from wherever people keep one: a file, or a model object of a modelling package.

A new source is one entry in `_OBJECT_READERS` (objects, told apart by the module of their class) or `_PARSERS` (text).
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tools.errors import InputError, ParseError
from tools.formulation.content import (
    begins_like_json,
    begins_like_lp,
    begins_like_mps,
    holds_algebra,
    holds_problem,
)
from tools.formulation.json_format import parse_json
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.formulation.mps_reader import parse_mps

if TYPE_CHECKING:
    from tools.algebra.document import AlgebraDocument

DEFAULT_SIZE_LIMIT = 1 << 30
"""Bytes of model text, after decompression, beyond which a file is refused."""


class _Parser(Protocol):
    def __call__(self, text: str, *, source: str = ..., name: str = ...) -> Formulation: ...


def _parse_json_model(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model of a JSON document, which holds a formulation or algebra."""
    if holds_algebra(text):
        from tools.algebra.grounding import parse_algebra

        return parse_algebra(text, source=source, name=name)
    return parse_json(text, source=source, name=name)


_PARSERS: dict[str, _Parser] = {".lp": parse_lp, ".mps": parse_mps, ".json": _parse_json_model}
_WORDS = (".md", ".tex", ".txt")

_GZIP_MAGIC = b"\x1f\x8b"


def read(source: object, *, size_limit: int = DEFAULT_SIZE_LIMIT) -> Formulation:
    """Return the formulation that `source` holds.

    `source` is a path (`.lp`, `.mps`, `.json`, with or without `.gz`; other names are told by content; JSON holds a
    formulation or algebra), a
    `Formulation`, a `cvxpy.Problem`, a MathOpt or ModelBuilder model of OR-Tools, or any model object that can write
    itself as an LP or MPS file (gurobipy, pyscipopt, highspy, pulp, pyomo, linopy, …); the latter is read with the
    digits that the package writes (HiGHS and SCIP: 15).

    Raises `ParseError` on malformed text, `UnsupportedError` on what is not linear or mixed-integer, `InputError` on
    what cannot be opened; each says in one line what to change.
    """
    if isinstance(source, Formulation):
        return source
    if isinstance(source, str | os.PathLike):
        path = Path(os.fsdecode(source))
        return _read_file(path, str(path), size_limit)
    for package, reader in _OBJECT_READERS:
        if any(cls.__module__.split(".")[: len(package)] == package for cls in type(source).__mro__):
            return reader(source)
    return _read_through_a_file(source, size_limit)


def read_text(text: str, *, format: str | None = None, name: str = "model") -> Formulation:
    """Return the formulation that `text` holds; raises as `read` does.

    `format` is "lp", "mps" or "json"; without it the content tells. `name` is what to call the model.
    """
    text = _plain(text, name)
    parser = _PARSERS.get(f".{format}") or _parser_by_content(text, name)
    return parser(text, source=name, name=name)


def read_algebra(path: Path, *, size_limit: int = DEFAULT_SIZE_LIMIT) -> AlgebraDocument | None:
    """Return the algebra that the file at `path` holds, None where it holds another model; raises as `read` does."""
    text = _text(_content(path, str(path), size_limit), str(path))
    if path.suffix.lower() in (".lp", ".mps") or not holds_algebra(text):
        return None
    from tools.algebra.document import parse_document

    return parse_document(text, source=str(path), name=path.name.partition(".")[0])


def _read_file(path: Path, shown: str, size_limit: int) -> Formulation:
    text = _text(_content(path, shown, size_limit), shown)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    name = path.name
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
        name = name[: -len(".gz")]
    extension = suffixes[-1] if suffixes else ""
    stem = name.removesuffix(Path(name).suffix) or name
    try:
        parser = _PARSERS.get(extension) or _parser_by_content(text, shown)
        return parser(text, source=shown, name=stem)
    except ParseError as error:
        if extension not in _WORDS and not (extension == ".json" and holds_problem(text)):
            raise
        raise ParseError(
            f"{error.reason}; a problem in words becomes a model by `quasikarp read {path.name} --out "
            f"{stem}.model.json`, which shows what it understood",
            source=shown,
            line=error.line,
        ) from error


def _content(path: Path, shown: str, size_limit: int) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{shown!r} is a folder; name a model file in it")
        with path.open("rb") as stream:
            content = stream.read(size_limit + 1)
        if content[:2] == _GZIP_MAGIC and len(content) <= size_limit:
            with gzip.open(io.BytesIO(content)) as unpacked:
                content = unpacked.read(size_limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ParseError(f"the compressed file is damaged ({error})", source=shown) from error
    except FileNotFoundError as error:
        raise InputError(f"no file at {shown!r}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read {shown!r}: {reason}") from error
    if len(content) > size_limit:
        raise InputError(f"{shown!r} holds more than {size_limit} bytes of text; raise size_limit to read it")
    return content


def _text(content: bytes, shown: str) -> str:
    try:
        return _plain(content.decode("utf-8"), shown)
    except UnicodeDecodeError:
        return _plain(content.decode("latin-1"), shown)  # what CPLEX declares in its files


def _plain(text: str, shown: str) -> str:
    """Return the text with its lines ended by a line feed and without a byte order mark."""
    if "\0" in text:
        raise ParseError("this is a binary file, not a model in LP, MPS or JSON", source=shown)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _parser_by_content(text: str, shown: str) -> _Parser:
    start = text[:100_000]
    if begins_like_json(start):
        return _parse_json_model
    if begins_like_mps(start):
        return parse_mps
    if begins_like_lp(start):
        return parse_lp
    raise ParseError("this is no model in LP, MPS or JSON; name the file .lp, .mps or .json if it is", source=shown)


def _read_cvxpy(problem: Any) -> Formulation:
    if not hasattr(problem, "get_problem_data"):
        raise InputError(f"expected a cvxpy.Problem, found a {type(problem).__name__}")
    from tools.formulation.from_cvxpy import formulation_from_cvxpy

    return formulation_from_cvxpy(problem)


def _read_mathopt(model: Any) -> Formulation:
    if not hasattr(model, "export_model"):
        raise InputError(f"expected a MathOpt Model, found a {type(model).__name__}")
    from tools.formulation.from_ortools import formulation_from_mathopt

    return formulation_from_mathopt(model)


def _read_model_builder(model: Any) -> Formulation:
    if not hasattr(model, "export_to_proto"):
        raise InputError(f"expected a ModelBuilder Model, found a {type(model).__name__}")
    from tools.formulation.from_ortools import formulation_from_model_builder

    return formulation_from_model_builder(model)


_OBJECT_READERS: tuple[tuple[list[str], Callable[[Any], Formulation]], ...] = (
    (["cvxpy"], _read_cvxpy),
    (["ortools", "math_opt"], _read_mathopt),
    (["ortools", "linear_solver", "python", "model_builder"], _read_model_builder),
)

_FILE_METHODS: tuple[tuple[str, str], ...] = (
    ("writeProblem", ".mps"),
    ("writeModel", ".mps"),
    ("writeLP", ".lp"),  # pulp: its MPS files state the sense in a comment only
    ("to_file", ".lp"),
    ("exportModel", ".mps"),
    ("export", ".mps"),
    ("write", ".mps"),
)
"""Methods that write a model to a path, with the extension that says most; the first one an object has is used."""

_EXTENSION_OF_PACKAGE = {"pyomo": ".lp"}


def _read_through_a_file(model: Any, size_limit: int) -> Formulation:
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    found = [(name, extension) for name, extension in _FILE_METHODS if callable(getattr(model, name, None))]
    if not found or isinstance(model, type | io.IOBase):
        raise InputError(
            f"cannot read a formulation from a {kind}; give a path, a Formulation, or a model that can write LP or MPS"
        )
    name, extension = found[0]
    extension = _EXTENSION_OF_PACKAGE.get(type(model).__module__.partition(".")[0], extension)
    with tempfile.TemporaryDirectory(prefix="quasikarp-") as folder:
        path = Path(folder) / f"model{extension}"
        try:
            getattr(model, name)(str(path))
        except Exception as error:  # whatever a foreign writer raises
            raise InputError(
                f"a {kind} could not write itself to {extension}: {' '.join(str(error).split())}"
            ) from error
        if not path.is_file():
            raise InputError(f"a {kind} wrote no file when asked for {extension}")
        return _read_file(path, f"what {kind} wrote", size_limit)
