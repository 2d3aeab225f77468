"""A mapping that a user wrote: rules, or JSON with the fields of a report's `mapping`, or a whole report."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.errors import MappingError
from tools.mapping.affine import AffineMapping, listed
from tools.mapping.patterns import NameTable
from tools.mapping.printing import ELISION
from tools.mapping.rules import expand
from tools.mapping.syntax import parse_rules
from tools.mapping.total import TotalMapping

LONGEST_FILE = 64_000_000
"""Bytes (or characters) of a mapping that are read at all."""

_FIELDS = frozenset({"rules", "recovery", "completed", "completed_by", "lifting", "objective", "origin"})


@dataclass(frozen=True)
class ReadMapping:
    """What a mapping file says: the recovery, how completed variables get values, and the lifting, where it gives one.

    `recovery.completed` names all completed variables; those without an affine rule may have one in `completed_by`.
    """

    recovery: AffineMapping
    lifting: TotalMapping | None = None
    completed_by: TotalMapping | None = None

    @property
    def total(self) -> TotalMapping:
        """The recovery with everything that is given for completed variables."""
        given = dict(self.recovery.expressions)
        if self.completed_by is None:
            return TotalMapping(given)
        return TotalMapping({**given, **self.completed_by.expressions}, self.completed_by.extension)


def read_mapping(
    text_or_path: str | Path, reference_names: Iterable[str], candidate_names: Iterable[str]
) -> ReadMapping:
    """Return the mapping in a file or text, checked against both models' variables.

    Rules, one a line, or JSON with `rules` and/or `recovery`, and optionally `completed`, `completed_by` (values of
    completed variables as total functions, in the format of a lifting) and `lifting`; a whole report is read for its
    `mapping`. A string is text unless it is one line that names an existing file. Where both `rules` and `recovery` are
    given they must agree. Raises `MappingError` on unreadable, incomplete or contradictory input.
    """
    text = mapping_text(text_or_path)
    reference, candidate = NameTable(reference_names), NameTable(candidate_names)
    if not text.lstrip().startswith("{"):
        _refuse_elided(text.split("\n"))
        return ReadMapping(expand(parse_rules(text), reference, candidate))
    data = _json(text)
    completed = data.get("completed") or []
    if not isinstance(completed, list) or not all(isinstance(name, str) for name in completed):
        raise MappingError(f"'completed' must be a list of variable names, found {str(completed)[:60]!r}")
    rules = _rules(data.get("rules"))
    written = data.get("recovery")
    if written is None and rules is None:
        raise MappingError("the mapping has neither 'rules' nor 'recovery'; give one of them")
    if written is None:
        assert rules is not None
        _refuse_elided(rules)
        recovery = _from_rules(rules, completed, reference, candidate)
    else:
        recovery = AffineMapping.from_json(written, completed)
        _check_names(recovery, "recovery", reference, "reference", candidate, "candidate")
        if rules is not None and not _elided(rules):
            said = expand(parse_rules("\n".join(rules)), reference, candidate, partial=True)
            # A rule for a family may also fit variables that `completed_by` gives.
            by_functions = data["completed_by"] if isinstance(data.get("completed_by"), dict) else {}
            differing = [
                name
                for name, expression in said.expressions.items()
                if recovery.expressions.get(name) != expression and name not in by_functions
            ]
            if differing:
                raise MappingError(
                    f"{listed(differing)} mapped differently by 'rules' and by 'recovery'; remove one of the two fields"
                )
    lifting = completed_by = None
    if data.get("lifting") is not None:
        lifting = TotalMapping.from_json(data["lifting"])
        _check_total(lifting, "lifting", (candidate, "candidate"), (reference, "reference"))
        missing = [name for name in candidate if name not in lifting.expressions]
        if missing:
            raise MappingError(f"lifting: {listed(missing)} not lifted; every candidate variable needs an entry")
    if data.get("completed_by") is not None:
        completed_by = TotalMapping.from_json(data["completed_by"])
        _check_total(completed_by, "completed_by", (reference, "reference"), (candidate, "candidate"))
        mapped = [name for name in completed_by.expressions if name not in recovery.completed]
        if mapped:
            raise MappingError(
                f"completed_by: {listed(mapped)} not listed in 'completed'; list every completed variable"
            )
    return ReadMapping(recovery, lifting, completed_by)


def _from_rules(rules: list[str], completed: list[str], reference: NameTable, candidate: NameTable) -> AffineMapping:
    """Return the mapping that `rules` state; a completed variable may have a rule, which then gives its value."""
    parsed = parse_rules("\n".join(rules))
    given = expand(parsed, reference, candidate, partial=True).expressions
    left_open = [name for name in completed if name not in given]
    stated = expand(parsed, reference, candidate, completed=left_open)
    return AffineMapping(stated.expressions, frozenset(completed))


def mapping_text(text_or_path: str | Path) -> str:
    """Return the text of a mapping: what the file holds that is named, else the text itself; raises `MappingError`."""
    path = text_or_path if isinstance(text_or_path, Path) else _existing_file(text_or_path)
    if path is None:
        text = str(text_or_path)
    else:
        try:
            size = path.stat().st_size
            if size > LONGEST_FILE:
                raise MappingError(f"the mapping {str(path)!r} has {size} bytes; at most {LONGEST_FILE} are read")
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise MappingError(f"cannot read the mapping {str(path)!r}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise MappingError(f"the mapping {str(path)!r} is not UTF-8 text (byte {error.start})") from error
    if len(text) > LONGEST_FILE:
        raise MappingError(f"the mapping has {len(text)} characters; at most {LONGEST_FILE} are read")
    return text.removeprefix("\ufeff")


def _existing_file(text: str) -> Path | None:
    if not text or len(text) > 4096 or "\n" in text:
        return None
    try:
        return Path(text) if Path(text).is_file() else None
    except (OSError, ValueError):
        return None


def _json(text: str) -> dict[str, Any]:
    """Return the object that holds the mapping's fields."""
    try:
        data = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise MappingError(f"the mapping starts like JSON but is malformed: {str(error)[:200]}") from error
    if "mapping" in data:
        data = data["mapping"]
        if data is None:
            raise MappingError("the report holds no mapping ('mapping' is null); give a mapping to check")
        if not isinstance(data, dict):
            raise MappingError(f"'mapping' must be an object, found {str(data)[:60]!r}")
    unknown = data.keys() - _FIELDS
    if unknown:
        raise MappingError(
            f"the mapping has the unknown field {min(unknown)[:60]!r}; known are {', '.join(sorted(_FIELDS))}"
        )
    return dict(data)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise MappingError(f"the mapping has the field {twice[:60]!r} twice; remove one of the two")
    return result


def _rules(data: object) -> list[str] | None:
    if data is None:
        return None
    if isinstance(data, str):
        return data.split("\n")
    if isinstance(data, list) and all(isinstance(rule, str) for rule in data):
        return data
    raise MappingError(f"'rules' must be a list of rules such as \"x[i] = d[i]\", found {str(data)[:60]!r}")


def _elided(rules: list[str]) -> bool:
    return any(rule.lstrip().startswith(ELISION) for rule in rules)


def _refuse_elided(rules: list[str]) -> None:
    if _elided(rules):
        raise MappingError("some of the rules were left out ('# … and N more'); give the whole list, or 'recovery'")


def _check_names(
    mapping: AffineMapping, what: str, targets: NameTable, target_side: str, sources: NameTable, source_side: str
) -> None:
    unknown = [name for name in [*mapping.expressions, *sorted(mapping.completed)] if name not in targets]
    if unknown:
        raise MappingError(f"{what}: {listed(unknown)} not in the {target_side}, which has {targets.described()}")
    unknown = sorted(name for name in mapping.sources if name not in sources)
    if unknown:
        raise MappingError(f"{what}: {listed(unknown)} not in the {source_side}, which has {sources.described()}")
    unmapped = [name for name in targets if name not in mapping.expressions and name not in mapping.completed]
    if unmapped:
        raise MappingError(f"{what}: {listed(unmapped)} not mapped; every {target_side} variable needs an entry")


def _check_total(
    mapping: TotalMapping, field: str, target: tuple[NameTable, str], source: tuple[NameTable, str]
) -> None:
    """Raise `MappingError` where `mapping` names variables that target or source do not have."""
    unknown = [name for name in mapping.expressions if name not in target[0]]
    if unknown:
        raise MappingError(f"{field}: {listed(unknown)} not in the {target[1]}, which has {target[0].described()}")
    known: set[str] = set()
    for function in mapping.extension.functions:
        early = {name for e in function.inputs for name in e.terms if name in mapping.extension.names} - known
        if early:
            raise MappingError(
                f"{field}: the function {function.name!r} uses {listed(sorted(early))}, which only it or a later "
                "function defines; list functions before what uses them"
            )
        known |= {output.name for output in function.outputs}
    outputs = set(mapping.extension.names)
    used = [*mapping.expressions.values(), *(e for f in mapping.extension.functions for e in f.inputs)]
    sources = frozenset(name for expression in used for name in expression.terms)
    unknown = sorted(name for name in sources if name not in source[0] and name not in outputs)
    if unknown:
        raise MappingError(f"{field}: {listed(unknown)} not in the {source[1]}, which has {source[0].described()}")
