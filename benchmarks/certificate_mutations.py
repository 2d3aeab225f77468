"""Certificates with one thing changed: what a wrong, a spoilt or a hostile certificate could look like.

A mutation takes a copy of a certificate that it may change, a random generator and other certificates, and returns the
changed one, the text of one where it is no longer JSON data of that shape, or None where it finds nothing to change.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import quasikarp_verify

Document = dict[str, Any]
Mutation = Callable[[Document, random.Random, Sequence[Document]], "Document | str | None"]

NODES = ("linear", "empty", "crossed", "branch", "either", "case", "apart")
INNER = ("branch", "either", "case", "apart")
CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")
SIDES = ("reference", "candidate")
EVIDENCE = ("steps", "recovery", "lifting", "objective", "facts", "claims", "impossible")
PLAIN_RULES = [
    *(f"{name} proved sound and complete" for name in ("status", "value", "optimum", "optima")),
    *(f"{name} {result} facts" for name in ("status", "value") for result in ("proved", "refuted")),
    *(f"{name} proved vacuous" for name in ("sound", "complete", "optimum", "optima")),
    *(f"{name} refuted facts" for name in ("optimum", "optima")),
    "optima proved sound and value",
]
"""Such as "status proved facts", a claim, its result, and by what: the rules that need no further entry."""

RULES = [
    *PLAIN_RULES,
    *(f"{name} {rule}" for name in ("sound", "complete") for rule in ("proved rows", "refuted point")),
    "complete proved listing",
    "optimum proved point",
    "optimum refuted joint",
    "optima proved slice",
    "optima refuted point",
]
_NUMBER = re.compile(r"-?[0-9]+(/[0-9]+)?")


def dumped(document: Document) -> str:
    """Return a certificate as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def rehashed(document: Document) -> Document | None:
    """Return the certificate with the hashes of the models that it holds; None where one is no model."""
    for side in SIDES:
        try:
            model = quasikarp_verify.formulation(document[side]["model"])
            document[side]["sha256"] = quasikarp_verify.digest(model)
        except (quasikarp_verify.Unusable, quasikarp_verify.Invalid):
            return None
    return document


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every (container, key) within some JSON data."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def _evidence(document: Document) -> list[tuple[Any, Any]]:
    return [(document, key) for key in EVIDENCE] + [p for key in EVIDENCE for p in places(document[key])]


def _proofs(document: Document) -> list[list[Any]]:
    lists = (holder[key] for holder, key in _evidence(document) if isinstance(holder[key], list) and holder[key])
    return [found for found in lists if all(isinstance(node, list) and node and node[0] in NODES for node in found)]


def _multipliers(document: Document) -> list[list[Any]]:
    lists = (holder[key] for holder, key in _evidence(document) if isinstance(holder[key], list))
    return [found[1] for found in lists if len(found) == 2 and found[0] in ("linear", "empty", "rows")]


def _numbers(found: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(h, k) for h, k in found if isinstance(h[k], str) and _NUMBER.fullmatch(h[k])]


def _near(text: str | None, rng: random.Random) -> str:
    """Return another number, mostly one near by."""
    value = Fraction(text or 0)
    small = Fraction(1, 10**6)
    return str(
        rng.choice(
            [
                value + 1,
                value - 1,
                value + small,
                value - small,
                2 * value,
                value / 2,
                -value,
                Fraction(0),
                value + 10**30,
            ]
        )
    )


def _change_number(found: Sequence[tuple[Any, Any]], rng: random.Random) -> bool:
    numbers = _numbers(found)
    if not numbers:
        return False
    holder, key = rng.choice(numbers)
    before = holder[key]
    holder[key] = _near(before, rng)
    return bool(holder[key] != before)


def _multiplier(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    entries = [entry for found in _multipliers(document) for entry in found]
    if not entries:
        return None
    entry = rng.choice(entries)
    entry[1] = _near(entry[1], rng)
    return document


def _multiplier_row(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    entries = [entry for found in _multipliers(document) for entry in found]
    if not entries:
        return None
    rng.choice(entries)[0] += rng.choice((-3, -2, -1, 1, 2))
    return document


def _multiplier_list(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    lists = [found for found in _multipliers(document) if found]
    if not lists:
        return None
    _edit(rng.choice(lists), rng)
    return document


def _edit(items: list[Any], rng: random.Random) -> None:
    """Drop, double or move one entry of a list that is not empty."""
    k = rng.randrange(len(items))
    action = rng.choice(("drop", "double", "move"))
    item = items[k] if action == "double" else items.pop(k)
    if action != "drop":
        items.insert(rng.randint(0, len(items)), item)


def _leaf_missing(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    proofs = _proofs(document)
    if not proofs:
        return None
    proof = rng.choice(proofs)
    proof.pop(rng.randrange(len(proof)))
    return document


def _extra_node(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    proofs = _proofs(document)
    if not proofs:
        return None
    proof = rng.choice(proofs)
    node = rng.choice(rng.choice(proofs))
    proof.insert(rng.randint(0, len(proof)), json.loads(json.dumps(node)))
    return document


def _nodes_edited(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    proofs = [proof for proof in _proofs(document) if len(proof) > 1]
    if not proofs:
        return None
    _edit(rng.choice(proofs), rng)
    return document


def _subtrees_swapped(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    inner = [(proof, k) for proof in _proofs(document) for k, node in enumerate(proof) if node[0] in INNER]
    if not inner:
        return None
    proof, k = rng.choice(inner)
    middle = _end(proof, k + 1)
    end = _end(proof, middle)
    proof[k + 1 : end] = proof[middle:end] + proof[k + 1 : middle]
    return document


def _end(proof: list[Any], start: int) -> int:
    """Return where the subtree that begins at `start` ends."""
    wanted = 1
    while wanted and start < len(proof):
        wanted += 1 if proof[start][0] in INNER else -1
        start += 1
    return start


def _node_changed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    nodes = [node for proof in _proofs(document) for node in proof if node[0] not in ("linear", "empty")]
    if not nodes:
        return None
    node = rng.choice(nodes)
    numbers = _numbers(list(places(node)))
    if numbers and rng.random() < 0.6:
        _change_number(numbers, rng)
    elif type(node[1]) is int:
        node[1] += rng.choice((-1, 1))
    else:
        node[0] = rng.choice(NODES)
    return document


def _node_kind(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    proofs = _proofs(document)
    if not proofs:
        return None
    node = rng.choice(rng.choice(proofs))
    node[0] = {"linear": "empty", "empty": "linear"}.get(node[0]) or rng.choice(NODES)
    return document


def _step_lists(document: Document) -> list[list[Any]]:
    return [
        holder[key]
        for holder, key in [*places(document["steps"]), *places(document["claims"])]
        if isinstance(holder[key], list)
        and holder[key]
        and isinstance(holder[key][0], dict)
        and "constant" not in holder[key][0]
    ]


def _steps_edited(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    lists = _step_lists(document)
    if not lists:
        return None
    _edit(rng.choice(lists), rng)
    return document


def _steps_moved(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    steps = document["steps"]
    if steps["reference"] == steps["candidate"]:
        return None
    steps["reference"], steps["candidate"] = steps["candidate"], steps["reference"]
    return document


def _step_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    steps = [step for found in _step_lists(document) for step in found]
    if not steps:
        return None
    step = rng.choice(steps)
    own = [place for key in step if key not in ("proof", "proofs") for place in [(step, key), *places(step[key])]]
    whole = [(holder, key) for holder, key in own if type(holder[key]) is int or isinstance(holder[key], bool)]
    if whole and rng.random() < 0.4:
        holder, key = rng.choice(whole)
        value = holder[key]
        holder[key] = not value if isinstance(value, bool) else value + rng.choice((-1, 1))
        return document
    return document if _change_number(own, rng) else None


def _step_strengthened(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    steps = [step for found in _step_lists(document) for step in found if "row" in step or "bound" in step]
    if not steps:
        return None
    step = rng.choice(steps)
    more = Fraction(rng.choice((1, 2, "1/2", "1/1000")))
    if "row" in step:
        step["row"]["at_least"] = str(Fraction(step["row"]["at_least"]) + more)
    else:
        sign = 1 if step["bound"][1] == "lower" else -1
        step["bound"][2] = str(Fraction(step["bound"][2]) + sign * more)
    return document


def _points(document: Document) -> list[dict[str, str]]:
    found = [(holder, key) for holder, key in _evidence(document) if key in ("point", "ray", "image", "points")]
    points = [holder[key] for holder, key in found]
    return [p for item in points for p in (item if isinstance(item, list) else [item]) if isinstance(p, dict)]


def _point_entry(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    points = _points(document)
    if not points:
        return None
    point = rng.choice(points)
    names = [entry["name"] for side in SIDES for entry in document[side]["model"]["variables"]]
    action = rng.random()
    if action < 0.2 and point:
        point.pop(rng.choice(list(point)))
    elif action < 0.4 and names:
        point[rng.choice(names)] = rng.choice(("1", "-1", "1/2", "2"))
    else:
        return document if _change_number([(point, name) for name in point], rng) else None
    return document


def _claim_flipped(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    if not document["claims"]:
        return None
    claim = document["claims"][rng.choice(list(document["claims"]))]
    claim["result"] = {"proved": "refuted", "refuted": "proved"}[claim["result"]]
    return document


def _claim_by(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    """Another rule, of any claim, with the entries that are there or with none."""
    if not document["claims"]:
        return None
    name = rng.choice(list(document["claims"]))
    _claim, result, by = rng.choice(RULES).split(" ", 2)
    kept = document["claims"][name] if rng.random() < 0.3 else {}
    document["claims"][name] = kept | {"result": result, "by": by}
    return document


def _claim_added(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    """A claim by a rule that needs no more than other parts of the certificate."""
    name, result, by = rng.choice(PLAIN_RULES).split(" ", 2)
    document["claims"][name] = {"result": result, "by": by}
    return document


def _claim_empty_proof(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    """A claim "by rows" whose proofs are all left out."""
    name = rng.choice(("sound", "complete", "optima"))
    entry: Document = {"result": "proved", "by": "rows", "rows": {}, "bounds": {}, "integral": {}, "objective": None}
    if name == "complete":
        entry["identity"] = {}
    if name == "optima":
        entry |= {"by": "slice", "steps": []}
    document["claims"][name] = entry
    return document


def _claim_renamed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    if not document["claims"]:
        return None
    document["claims"][rng.choice(CLAIMS)] = document["claims"][rng.choice(list(document["claims"]))]
    return document


def _verdict(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    document["verdict"] = rng.choice(("equivalent", "not_equivalent", "unknown"))
    return document


def _contract(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    document["contract"] = "quasi-karp" if document["contract"] == "reformulation" else "reformulation"
    return document


def _scope(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    document["scope"] = rng.choice((None, "this mapping", "any mapping", "every affine mapping", "every mapping"))
    return document


def _impossible(document: Document, rng: random.Random, others: Sequence[Document]) -> Document | None:
    by, scope = rng.choice((
        ("status", "any mapping"), ("points", "any mapping"), ("optima", "any mapping"), ("values", "any mapping"),
        ("objective", "this mapping"),
    ))  # fmt: skip
    found = [other["impossible"] for other in others if other["impossible"] and other["impossible"]["by"] == by]
    reason = dict(rng.choice(found)) if found and rng.random() < 0.5 else {"by": by, "scope": scope}
    if by == "optima" and "reference" not in reason and all(document["facts"].values()):
        bests = {side: fact.get("lower") for side, fact in document["facts"].items()}
        reason |= {side: best for side, best in bests.items() if best is not None}
    document |= {"impossible": reason, "verdict": "not_equivalent", "scope": scope}
    if by not in ("status", "objective"):
        document["contract"] = "reformulation"
    return document


def _impossible_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    if document["impossible"] is None:
        return None
    return document if _change_number(list(places(document["impossible"])), rng) else None


def _map_number(field: str) -> Mutation:
    def change(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
        return document if _change_number(list(places(document[field] or {})), rng) else None

    return change


def _map_terms(field: str, source: str) -> Mutation:
    """A term dropped, added or given to another variable, or two whole expressions exchanged."""

    def change(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
        entries = document[field]
        names = [entry["name"] for entry in document[source]["model"]["variables"]]
        if not entries or not names:
            return None
        expression = entries[rng.choice(list(entries))]
        terms = expression["terms"]
        action = rng.choice(("drop", "add", "give", "exchange"))
        if action == "exchange":
            a, b = rng.choice(list(entries)), rng.choice(list(entries))
            entries[a], entries[b] = entries[b], entries[a]
        elif action == "add":
            terms[rng.choice(names)] = rng.choice(("1", "-1", "1/2", "0"))
        elif not terms:
            return None
        else:
            value = terms.pop(rng.choice(list(terms)))
            if action == "give":
                terms[rng.choice(names)] = value
        return document

    return change


def _map_absent(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    document[rng.choice(("recovery", "lifting"))] = None
    return document


def _completed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    names = [entry["name"] for entry in document["reference"]["model"]["variables"]]
    if not names:
        return None
    name = rng.choice(names)
    listed = document["completed"]
    listed.remove(name) if name in listed else listed.append(name)
    return document


def _objective(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    entry = document["objective"]
    if entry is None:
        document["objective"] = {"scale": "1", "offset": "0", "reading": rng.choice((None, [None, None]))}
        return document
    action = rng.choice(("scale", "offset", "reading", "absent"))
    if action == "absent":
        document["objective"] = None
    elif action == "reading":
        entry["reading"] = rng.choice((None, [None, None]))
    else:
        entry[action] = _near(entry[action], rng)
    return document


def _fact_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    facts = [(fact, "lower") for fact in document["facts"].values() if fact and fact.get("lower")]
    return document if _change_number(facts, rng) else None


def _fact_changed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    facts = document["facts"]
    side = rng.choice(SIDES)
    action = rng.choice(("status", "absent", "exchange", "no proof"))
    if action == "exchange":
        facts["reference"], facts["candidate"] = facts["candidate"], facts["reference"]
    elif action == "absent" or not facts[side]:
        facts[side] = None
    elif action == "status":
        facts[side] = rng.choice((
            {"status": "infeasible", "proof": None},
            {"status": "unbounded", "point": facts[side].get("point", {}), "ray": facts[side].get("point", {})},
            {"status": "optimal", "point": facts[side].get("point", {}), "lower": "0", "proof": None},
        ))  # fmt: skip
    elif "proof" in facts[side]:
        facts[side]["proof"] = None
    return document


def _model(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    """One thing in one of the models, its hash left as it was."""
    model = document[rng.choice(SIDES)]["model"]
    action = rng.choice(list(MODEL_CHANGES))
    before = json.dumps(model, sort_keys=True)
    MODEL_CHANGES[action](model, rng)
    return document if json.dumps(model, sort_keys=True) != before else None


def _model_rehashed(document: Document, rng: random.Random, others: Sequence[Document]) -> Document | None:
    changed = _model(document, rng, others)
    return None if changed is None else rehashed(changed)


def _shifted(value: Any, rng: random.Random) -> Any:
    shift = Fraction(rng.choice((1, -1, 2, -2, "1/2", "-1/1000")))
    return str((Fraction(0) if value is None else _exact(value)) + shift)


def _exact(value: Any) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _change_coefficient(model: Document, rng: random.Random) -> None:
    terms = [row["terms"] for row in model["rows"] if row["terms"]]
    if terms:
        chosen = rng.choice(terms)
        name = rng.choice(list(chosen))
        chosen[name] = rng.choice((_shifted(chosen[name], rng), str(-_exact(chosen[name]))))


def _change_cost(model: Document, rng: random.Random) -> None:
    if model["variables"]:
        name = rng.choice(model["variables"])["name"]
        terms = model["objective"]["terms"]
        terms[name] = _shifted(terms.get(name), rng)


def _change_constant(model: Document, rng: random.Random) -> None:
    model["objective"]["constant"] = _shifted(model["objective"].get("constant", 0), rng)


def _change_side(model: Document, rng: random.Random) -> None:
    if model["rows"]:
        row = rng.choice(model["rows"])
        side = rng.choice(("lower", "upper"))
        row[side] = None if row[side] is not None and rng.random() < 0.2 else _shifted(row[side], rng)


def _change_bound(model: Document, rng: random.Random) -> None:
    if model["variables"]:
        variable = rng.choice(model["variables"])
        side = rng.choice(("lower", "upper"))
        variable[side] = None if variable[side] is not None and rng.random() < 0.2 else _shifted(variable[side], rng)
        if variable["kind"] == "binary":
            variable["kind"] = "integer"


def _change_kind(model: Document, rng: random.Random) -> None:
    if model["variables"]:
        variable = rng.choice(model["variables"])
        variable["kind"] = "integer" if variable["kind"] == "continuous" else "continuous"


def _change_sense(model: Document, rng: random.Random) -> None:
    model["sense"] = "maximize" if model["sense"] == "minimize" else "minimize"


def _change_rows(model: Document, rng: random.Random) -> None:
    if model["rows"]:
        rows = model["rows"]
        if rng.random() < 0.5:
            rows.pop(rng.randrange(len(rows)))
        else:
            rows.append({**rng.choice(rows), "name": "another row"})


def _swap_columns(model: Document, rng: random.Random) -> None:
    """Two variables trade their coefficients."""
    names = [entry["name"] for entry in model["variables"]]
    if len(names) > 1:
        a, b = rng.sample(names, 2)
        for terms in [row["terms"] for row in model["rows"]] + [model["objective"]["terms"]]:
            swapped = {(b if name == a else a if name == b else name): value for name, value in terms.items()}
            terms.clear()
            terms.update(swapped)


def _swap_sides(model: Document, rng: random.Random) -> None:
    """Two rows trade their sides."""
    if len(model["rows"]) > 1:
        first, second = rng.sample(model["rows"], 2)
        for side in ("lower", "upper"):
            first[side], second[side] = second[side], first[side]


MODEL_CHANGES: dict[str, Callable[[Document, random.Random], None]] = {
    "coefficient": _change_coefficient,
    "cost": _change_cost,
    "constant": _change_constant,
    "side": _change_side,
    "bound": _change_bound,
    "kind": _change_kind,
    "sense": _change_sense,
    "rows": _change_rows,
    "columns swapped": _swap_columns,
    "sides swapped": _swap_sides,
}
"""What may change in a model, so that it means something else."""


def _order(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    """Rows or variables of a model in another order, which leaves its hash as it is; the proofs number them."""
    rng.shuffle(document[rng.choice(SIDES)]["model"][rng.choice(("rows", "variables"))])
    return document


def _meaningless(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | str:
    """Something that has no meaning."""
    model = document[rng.choice(SIDES)]["model"]
    action = rng.choice(("name", "description", "row names", "keys", "blanks", "escapes", "zeros"))
    if action in ("name", "description"):
        model[action] = "ανόνυμος <b>"
    elif action == "row names":
        for k, row in enumerate(model["rows"]):
            row["name"] = f"π{k}"
    elif action == "keys":
        keys = list(document)
        rng.shuffle(keys)
        return dumped({key: document[key] for key in keys})
    elif action == "blanks":
        return json.dumps(document, indent=1, ensure_ascii=False)
    elif action == "escapes":
        return json.dumps(document, ensure_ascii=True)
    else:
        for row in model["rows"]:
            row["terms"] |= {entry["name"]: "0" for entry in model["variables"] if entry["name"] not in row["terms"]}
    return document


def _other_hash(document: Document, rng: random.Random, others: Sequence[Document]) -> Document:
    side = rng.choice(SIDES)
    document[side]["sha256"] = rng.choice((
        rng.choice(others)[rng.choice(SIDES)]["sha256"],
        document["candidate" if side == "reference" else "reference"]["sha256"],
        document[side]["sha256"].upper(),
        "0" * 64,
        "",
    ))  # fmt: skip
    return document


def _other_model(document: Document, rng: random.Random, others: Sequence[Document]) -> Document:
    side = rng.choice(SIDES)
    document[side] = rng.choice(others)[rng.choice(SIDES)]
    return document


def _models_exchanged(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    document["reference"], document["candidate"] = document["candidate"], document["reference"]
    return document


def _all_exchanged(document: Document, rng: random.Random, others: Sequence[Document]) -> Document:
    """Both directions exchanged wherever they can be: as if the reference were the candidate."""
    for entry in (document, document["steps"], document["facts"]):
        entry["reference"], entry["candidate"] = entry["candidate"], entry["reference"]
    document["recovery"], document["lifting"] = document["lifting"], document["recovery"]
    return document


def _other_part(document: Document, rng: random.Random, others: Sequence[Document]) -> Document:
    """A part of another certificate, perhaps of one about models with the same names."""
    names = [entry["name"] for entry in document["reference"]["model"]["variables"]]
    alike = [o for o in others if [entry["name"] for entry in o["reference"]["model"]["variables"]] == names]
    other = rng.choice(alike or others)
    part = rng.choice(EVIDENCE)
    document[part] = other[part]
    if part == "claims" and rng.random() < 0.5:
        document |= {key: other[key] for key in ("verdict", "scope", "contract")}
    return document


def _other_proof(document: Document, rng: random.Random, others: Sequence[Document]) -> Document | None:
    proofs, given = _proofs(document), _proofs(rng.choice(others))
    if not proofs or not given:
        return None
    rng.choice(proofs)[:] = rng.choice(given)
    return document


HUGE = (
    "9" * 5_000,
    "-" + "9" * 100_000,
    "1/" + "7" * 5_000,
    "9" * 3_999,
    "1/" + "3" * 3_000,
    "0/1",
    "1/0",
    "-0",
    "1/00",
)
ODD = ("1e999", "NaN", "nan", "Infinity", "inf", "+1", " 1", "1 ", "1_000", "0x10", "٣", "1.5", "1/-2", "--1", "",
       "1/2/3", "½", "1\n")  # fmt: skip


def _huge_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    return _one_replaced(document, _numbers(_evidence(document)) or _numbers(list(places(document))), HUGE, rng)


def _odd_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    return _one_replaced(document, _numbers(list(places(document))), ODD, rng)


def _one_replaced(
    document: Document, found: Sequence[tuple[Any, Any]], values: Sequence[str], rng: random.Random
) -> Document | None:
    """Return the document with one of the values in one of its places, None where there is no place."""
    if not found:
        return None
    holder, key = rng.choice(found)
    holder[key] = rng.choice(values)
    return document


def _bare_number(document: Document, rng: random.Random, _: Sequence[Document]) -> str | None:
    """A JSON number of some kind where there was one in quotes or an index."""
    found = [(h, k) for h, k in places(document) if type(h[k]) is int or (h, k) in _numbers([(h, k)])]
    if not found:
        return None
    holder, key = rng.choice(found)
    bare = rng.choice(
        ("1e5000", "1e999999999", "9" * 5_000, "1.5", "-1", "1e0", "NaN", "-Infinity", "1E400", "0.0", "1")
    )
    holder[key] = "@here@"
    return dumped(document).replace('"@here@"', bare)


def _wrong_type(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    holder, key = rng.choice([*_evidence(document), *((document, key) for key in document)])
    holder[key] = rng.choice(
        (None, True, False, 0, -1, 10**9, 1.5, "", "x", [], {}, [[]], [{}], {"": ""}, {"a": []}, [None])
    )
    return document


def _index_changed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    whole = [(holder, key) for holder, key in _evidence(document) if type(holder[key]) is int]
    if not whole:
        return None
    holder, key = rng.choice(whole)
    holder[key] = rng.choice((holder[key] + 1, holder[key] - 1, -holder[key] - 1, 10**9, True, str(holder[key])))
    return document


def _any_number(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    return document if _change_number(_evidence(document), rng) else None


def _name_changed(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    keyed = [(h, k) for h, k in _evidence(document) if isinstance(h, dict) and isinstance(k, str)]
    if not keyed:
        return None
    holder, key = rng.choice(keyed)
    value = holder.pop(key)
    holder[rng.choice((key + " ", key[:-1], "10", "0", key.upper(), "\x00", "e\u0301", "‮" + key, "01", "-1"))] = value
    return document


def _dropped(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    holder, key = rng.choice(list(places(document)))
    holder.pop(key)
    return document


def _unknown_key(document: Document, rng: random.Random, _: Sequence[Document]) -> Document:
    holders = [h[k] for h, k in places(document) if isinstance(h[k], dict)] + [document]
    rng.choice(holders)[rng.choice(("comment", "__class__", "", "proof", "x" * 10_000, "\u2028"))] = "1"
    return document


def _double_key(document: Document, rng: random.Random, _: Sequence[Document]) -> str:
    """A key twice in one object, once with another value."""
    text = dumped(document)
    match = rng.choice(list(re.finditer(r'"([^"\\]+)":', text)))
    return (
        f"{text[: match.start()]}{match.group(0)}{rng.choice(('null', '1', '[]', chr(34) * 2))},{text[match.start() :]}"
    )


def _nested(document: Document, rng: random.Random, _: Sequence[Document]) -> str:
    """A value within a hundred thousand brackets, or instead of it as many."""
    holder, key = rng.choice(_evidence(document))
    depth = rng.choice((500, 5_000, 100_000))
    inner = json.dumps(holder[key]) if rng.random() < 0.5 else ""
    holder[key] = "@here@"
    opened, closed = rng.choice((("[", "]"), ('{"a":', "}")))
    return dumped(document).replace('"@here@"', opened * depth + (inner or "1") + closed * depth)


def _truncated(document: Document, rng: random.Random, _: Sequence[Document]) -> str:
    text = dumped(document)
    return text[: rng.randrange(len(text))]


def _characters(document: Document, rng: random.Random, _: Sequence[Document]) -> str:
    """One character dropped, exchanged or put in."""
    text = dumped(document)
    k = rng.randrange(len(text))
    new = rng.choice(
        ("", "", "0", "9", "-", "/", '"', ",", "[", "]", "}", "\\", "\x00", "\ufeff", "é", "\ud800", " ", "\n")
    )
    return text[:k] + new + text[k + rng.choice((0, 1)) :]


def _another_file(document: Document, rng: random.Random, _: Sequence[Document]) -> str:
    return rng.choice((
        "", " ", "\ufeff" + dumped(document), "null", "[]", "{}", '"x"', "1", "NaN", dumped(document) * 2,
        "Minimize\n x\nSubject To\n c: x >= 1\nEnd\n", dumped(document["reference"]["model"]), "[" * 100_000,
        '{"a":' * 100_000, "\x00" * 1_000, "PK\x03\x04", dumped({**document, "schema": "quasikarp/certificate/2"}),
        dumped(document["claims"]), "9" * 100_000,
    ))  # fmt: skip


def _tour(document: Document, rng: random.Random, _: Sequence[Document]) -> Document | None:
    """Something within a tour or a set of paths."""
    steps = [step for found in _step_lists(document) for step in found if "tour" in step or "paths" in step]
    if not steps:
        return None
    data = next(iter(rng.choice(steps).values()))
    key = rng.choice([key for key in data if key != "proofs"])
    if isinstance(data[key], list):
        if not data[key] or rng.random() < 0.3:
            data[key] = []
        elif rng.random() < 0.5:
            _edit(data[key], rng)
        else:
            return document if _change_number(list(places(data[key])), rng) else None
    elif isinstance(data[key], bool):
        data[key] = not data[key]
    elif isinstance(data[key], int):
        data[key] += rng.choice((-1, 1))
    else:
        data[key] = _near(data[key], rng)
    return document


MUTATIONS: dict[str, Mutation] = {
    "multiplier": _multiplier,
    "multiplier's row": _multiplier_row,
    "multipliers dropped, doubled, moved": _multiplier_list,
    "leaf or node missing": _leaf_missing,
    "extra node": _extra_node,
    "nodes dropped, doubled, moved": _nodes_edited,
    "subtrees swapped": _subtrees_swapped,
    "branch changed": _node_changed,
    "kind of a node": _node_kind,
    "steps dropped, doubled, moved": _steps_edited,
    "steps of the other side": _steps_moved,
    "step changed": _step_number,
    "step made stronger": _step_strengthened,
    "tour or paths changed": _tour,
    "point entry": _point_entry,
    "claim flipped": _claim_flipped,
    "claim by another rule": _claim_by,
    "claim added": _claim_added,
    "claim without proofs": _claim_empty_proof,
    "claim of another name": _claim_renamed,
    "verdict": _verdict,
    "contract": _contract,
    "scope": _scope,
    "impossible": _impossible,
    "impossible changed": _impossible_number,
    "recovery number": _map_number("recovery"),
    "recovery terms": _map_terms("recovery", "candidate"),
    "lifting number": _map_number("lifting"),
    "lifting terms": _map_terms("lifting", "reference"),
    "map absent": _map_absent,
    "completed": _completed,
    "objective relation": _objective,
    "fact's bound": _fact_number,
    "fact changed": _fact_changed,
    "model changed, old hash": _model,
    "model changed, new hash": _model_rehashed,
    "order of rows or variables": _order,
    "nothing that has a meaning": _meaningless,
    "another hash": _other_hash,
    "another model": _other_model,
    "models exchanged": _models_exchanged,
    "both directions exchanged": _all_exchanged,
    "part of another certificate": _other_part,
    "proof of another certificate": _other_proof,
    "huge number": _huge_number,
    "odd number": _odd_number,
    "bare number": _bare_number,
    "any number": _any_number,
    "index": _index_changed,
    "wrong type": _wrong_type,
    "key renamed": _name_changed,
    "entry dropped": _dropped,
    "unknown key": _unknown_key,
    "key twice": _double_key,
    "deep nesting": _nested,
    "truncated": _truncated,
    "characters": _characters,
    "another file": _another_file,
}
"""Every kind of mutation, by the name that tables show."""

STATING = (
    "point entry", "claim flipped", "claim by another rule", "claim added", "claim without proofs",
    "claim of another name", "verdict", "contract", "impossible", "recovery number", "recovery terms", "completed",
    "objective relation", "fact's bound", "fact changed", "model changed, new hash", "another model",
    "models exchanged", "both directions exchanged", "step changed", "step made stronger", "any number",
)  # fmt: skip
"""Kinds that often change what is stated; they are drawn more often, and what the checker refuses is then left out."""
