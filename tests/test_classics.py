"""The classic pairs are what their files say, and the statements of pairs.jsonl hold at every enumerated point."""

import functools
import importlib.util
import itertools
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from classic_points import Affine, Key, cost, feasible, image, optimum, points, reaches

from tools.formulation.model import Kind
from tools.formulation.read import read

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "examples" / "classics"
PAIRS = {line["id"]: line for line in map(json.loads, (FOLDER / "pairs.jsonl").read_text("utf-8").splitlines())}


def _generator() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("classics_generate", FOLDER / "generate.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))


GENERATE = _generator()
Recovery = dict[Key, Affine]


def variable(*key: Any) -> Affine:
    return 0.0, {key: 1.0}


def same(tag: str) -> Callable[[Any, Any], Recovery]:
    """The reference variables with this tag are candidate variables with the same key; the others are completed."""
    return lambda reference, candidate: {key: variable(*key) for key in reference.variables if key[0] in tag}


def complement(source: str, target: str) -> Callable[[Any, Any], Recovery]:
    return lambda reference, candidate: {(target, *k[1:]): (1.0, {(source, *k[1:]): -1.0}) for k in candidate.variables}


def arcs(reference: Any, candidate: Any) -> Recovery:
    used = lambda arc: [key for key in candidate.variables if arc in itertools.pairwise(key[1:])]
    return {key: (0.0, dict.fromkeys(used(key[1:]), 1.0)) for key in reference.variables}


def production(reference: Any, candidate: Any) -> Recovery:
    found = same("y")(reference, candidate)
    parts = [key for key in candidate.variables if key[0] == "w"]
    for tag, t in (key for key in reference.variables if key[0] != "y"):
        chosen = [key for key in parts if (key[1] == t if tag == "x" else key[1] <= t < key[2])]
        found[tag, t] = (0.0, dict.fromkeys(chosen, 1.0))
    return found


def starts(reference: Any, candidate: Any) -> Recovery:
    return {
        key: (0.0, {z: float(z[2]) for z in candidate.variables if z[:2] == ("z", key[1])})
        for key in reference.variables
        if key[0] == "s"
    }


def starts_and_slots(reference: Any, candidate: Any) -> Recovery:
    return starts(reference, candidate) | same("z")(reference, candidate)


def glover(reference: Any, candidate: Any) -> Recovery:
    found = same("x")(reference, candidate)
    for _, i in (key for key in reference.variables if key[0] == "e"):
        partners = {key: float(GENERATE.PRODUCTS[key[1:]]) for key in candidate.variables if key[:2] == ("p", i)}
        found["e", i] = (0.0, partners | {("x", i): -sum(q for q in partners.values() if q < 0)})
    return found


def total(*parts: tuple[float, Affine]) -> Affine:
    """The weighted sum of affine expressions."""
    terms: dict[Key, float] = {}
    for weight, (_, inner) in parts:
        for key, a in inner.items():
            terms[key] = terms.get(key, 0.0) + weight * a
    return sum(weight * c for weight, (c, _) in parts), terms


ONE: Affine = (1.0, {})


def filled(model: Any, i: int, k: int) -> tuple[Affine, Affine]:
    """How far piece k of product i is filled (0 to 1), and whether it is full, in the variables of `model`."""
    breaks = GENERATE.BREAKS[i]
    last = len(breaks) - 1
    if k == 0:
        return ONE, ONE
    if k > last:
        return (0.0, {}), (0.0, {})
    length = breaks[k] - breaks[k - 1]
    if ("d", i, k) in model.variables:
        full = variable("u", i, k) if k < last else (0.0, {})
        return (0.0, {("d", i, k): 1 / length}), full
    beyond = total(*((1.0, variable("z", i, m)) for m in range(k + 1, last + 1)))
    if ("l", i, k) in model.variables:
        return total(*((1.0, variable("l", i, m)) for m in range(k, last + 1))), beyond
    inside = total((1 / length, variable("w", i, k)), (-breaks[k - 1] / length, variable("z", i, k)))
    return total((1.0, inside), (1.0, beyond)), beyond


def pieces(reference: Any, candidate: Any) -> Recovery:
    found: Recovery = {}
    for key in reference.variables:
        i = key[1]
        breaks = GENERATE.BREAKS[i]
        part = functools.partial(filled, candidate, i)
        if key[0] == "x":
            amounts = [(breaks[k] - breaks[k - 1], part(k)[0]) for k in range(1, len(breaks))]
            found[key] = total(*amounts, (breaks[0], ONE))
            continue
        k = key[2]
        length = breaks[k] - breaks[k - 1]
        chosen = total((1.0, part(k - 1)[1]), (-1.0, part(k)[1]))
        if key[0] == "d":
            found[key] = total((length, part(k)[0]))
        elif key[0] == "u":
            found[key] = part(k)[1]
        elif key[0] == "l":
            found[key] = total((1.0, part(k)[0]), (-1.0, part(k + 1)[0]))
        elif key[0] == "z":
            found[key] = chosen
        else:
            found[key] = total((breaks[k - 1], chosen), (length, part(k)[0]), (-length, part(k)[1]))
    return found


def bits(reference: Any, candidate: Any) -> Recovery:
    return {key: (0.0, {("b", key[1], k): float(2**k) for k in range(3)}) for key in reference.variables}


def flow(reference: Any, candidate: Any) -> Recovery:
    found: Recovery = {key: variable("x", *key[1:]) for key in reference.variables if key[0] == "f"}
    return found | {key: ONE for key in reference.variables if key[0] != "f"}


def medians(reference: Any, candidate: Any) -> Recovery:
    return {key: variable("x", key[1], key[1]) if key[0] == "y" else variable(*key) for key in reference.variables}


RECOVERIES: dict[str, Callable[[Any, Any], Recovery]] = {
    "cover:vertex_cover<-independent_set": complement("z", "x"),
    "cover:independent_set<-vertex_cover": complement("x", "z"),
    "cliques:edges<-cliques": same("z"),
    "cliques:cliques<-edges": same("z"),
    "location:weak<-strong": same("xy"),
    "location:strong<-weak": same("xy"),
    "flow:arcs<-paths": arcs,
    "lot_sizing:stock<-location": production,
    "scheduling:big_m<-time_indexed": starts,
    "scheduling:big_m<-time_indexed_starts": same("s"),
    "scheduling:time_indexed_starts<-big_m": same("s"),
    "scheduling:time_indexed<-time_indexed_starts": same("z"),
    "scheduling:time_indexed_starts<-time_indexed": starts_and_slots,
    "scheduling:big_m_continuous<-time_indexed": starts,
    "products:mccormick<-binaries": same("xp"),
    "products:binaries<-mccormick": same("xp"),
    "products:glover<-mccormick": glover,
    "products:glover<-binaries": glover,
    "products:needed<-mccormick": same("xp"),
    "products:mccormick<-needed": same("xp"),
    "bins:free<-ordered": same("xy"),
    "assignment:assignment<-flow": lambda reference, _: {key: variable("f", *key[1:]) for key in reference.variables},
    "assignment:flow<-assignment": flow,
    "knapsack:numbers<-bits": bits,
    "medians:explicit<-implicit": medians,
    "sets:cover<-assignment": same("y"),
    "sets:assignment<-cover": same("y"),
}
for one in ("positions", "flow", "subsets"):
    for other in {"positions", "flow", "subsets"} - {one}:
        RECOVERIES[f"tours:{one}<-{other}"] = same("x")
for one in ("weights", "increments", "choice"):
    for other in {"weights", "increments", "choice"} - {one}:
        RECOVERIES[f"pieces:{one}<-{other}"] = pieces


@functools.cache
def all_points(name: str) -> list[dict[Key, float]]:
    return points(GENERATE.MODELS[name])


@functools.cache
def best_value(name: str) -> float:
    return optimum(GENERATE.MODELS[name])


def names_of(pair: dict[str, Any]) -> tuple[str, str]:
    return pair["reference"].removesuffix(".lp"), pair["candidate"].removesuffix(".lp")


def carries(reference: Any, recovery: Recovery, point: dict[Key, float], at_most: float) -> bool:
    """Whether the image of a candidate's point is, or can be completed to, a reference point of at most this cost."""
    found = image(recovery, point)
    if len(found) == len(reference.variables):
        return feasible(reference, found) and cost(reference, found) <= at_most + 1e-4
    return reaches(reference, [(variable(*key), value) for key, value in found.items()], at_most)


def is_sound(pair: dict[str, Any], recovery: Recovery, offset: float) -> bool:
    reference, candidate = (GENERATE.MODELS[name] for name in names_of(pair))
    return all(
        carries(reference, recovery, point, cost(candidate, point) + offset) for point in all_points(names_of(pair)[1])
    )


def is_complete(pair: dict[str, Any], recovery: Recovery, offset: float) -> bool:
    reference, candidate = (GENERATE.MODELS[name] for name in names_of(pair))
    seen: set[tuple[float, ...]] = set()
    for point in all_points(names_of(pair)[0]):
        target = [(expression, point[key]) for key, expression in recovery.items()]
        known = (*(round(value, 6) for _, value in target), round(cost(reference, point), 6))
        if known not in seen:
            seen.add(known)
            if not reaches(candidate, target, cost(reference, point) - offset):
                return False
    return True


@pytest.mark.parametrize("name", PAIRS)
def test_the_statement_is_true(name: str) -> None:
    pair = PAIRS[name]
    one, other = names_of(pair)
    recovery = RECOVERIES[name.removesuffix(":reformulation")](GENERATE.MODELS[one], GENERATE.MODELS[other])
    offset = best_value(one) - best_value(other)
    weight = float(sum(GENERATE.WEIGHTS.values()))
    assert offset == pytest.approx(weight * {"cover/vertex_cover": 1, "cover/independent_set": -1}.get(one, 0))
    assert len(all_points(one)) > 5
    if pair["contract"] == "reformulation":
        assert (is_sound(pair, recovery, offset) and is_complete(pair, recovery, offset)) == pair["label"]
        return
    assert pair["label"]
    optima = points(GENERATE.MODELS[other], best=True)
    assert optima
    for point in optima:
        assert carries(GENERATE.MODELS[one], recovery, point, best_value(one))
    assert not (is_sound(pair, recovery, offset) and is_complete(pair, recovery, offset))


def test_a_missing_link_makes_the_statement_false() -> None:
    candidate = GENERATE.facility_location(strong=True)
    candidate.rows.pop()
    recovery = same("xy")(GENERATE.MODELS["location/weak"], candidate)
    found = [
        carries(GENERATE.MODELS["location/weak"], recovery, point, cost(candidate, point))
        for point in points(candidate)
    ]
    assert not all(found)


def test_generating_again_writes_the_same_files(tmp_path: Path) -> None:
    GENERATE.main(tmp_path)
    written = {path.relative_to(tmp_path): path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()}
    kept = {
        path.relative_to(FOLDER): path.read_text("utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix in (".lp", ".jsonl")
    }
    assert written == kept


@pytest.mark.parametrize("name", GENERATE.MODELS)
def test_the_file_is_the_model(name: str) -> None:
    written, found = GENERATE.MODELS[name], read(FOLDER / f"{name}.lp")
    names = written.names
    assert set(found.variables) == set(names.values())
    assert found.sense == written.sense.lower()
    assert found.objective_constant == written.constant
    index = found.variable_index
    for key, meant in written.variables.items():
        j = index[names[key]]
        assert Kind(int(found.kinds[j])).name.lower() == meant.kind
        assert (found.lower.finite(j), found.upper.finite(j)) == (meant.lower, meant.upper)
        assert found.objective[j] == written.cost.get(key, 0)
    rows = {
        (frozenset(found.row_terms(i).items()), found.row_lower.finite(i), found.row_upper.finite(i))
        for i in range(len(found.rows))
    }
    assert rows == {
        (
            frozenset((index[names[key]], a) for key, a in row.terms.items()),
            None if row.relation == "<=" else row.right,
            None if row.relation == ">=" else row.right,
        )
        for row in written.rows
    }


def test_no_names_are_shared() -> None:
    for pair in PAIRS.values():
        one, other = (GENERATE.MODELS[name] for name in names_of(pair))
        assert one.word != other.word
        assert not set(one.names.values()) & set(other.names.values())


def test_every_classic_has_a_page_that_checks_its_pairs() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs" / "classics").glob("*.md")}
    index = pages.pop("index")
    assert set(pages) == {name.partition(":")[0] for name in PAIRS}
    for name, pair in PAIRS.items():
        page = pages[name.partition(":")[0]]
        command = f"quasikarp check examples/classics/{pair['reference']} examples/classics/{pair['candidate']}"
        if pair["contract"] == "reformulation":
            command += " --contract reformulation"
        assert re.search(rf"^\$ {re.escape(command)}( #.*)?$", page, re.M), f"the page of {name} lacks: {command}"
    for name in pages:
        assert f"({name}.md)" in index
