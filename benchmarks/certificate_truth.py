"""What a certificate states, piece by piece, and whether that is true: by enumeration, or by a check from scratch.

A *statement* is a claim, a verdict, a witness or a reason why no mapping can do, with just what it depends on. A
*lemma* is what a proof uses on the way: a bound on all costs, a status, a derived row or bound, the values of completed
variables. `tests/brute_force.py` decides both for small models; it shares no code with what makes or checks proofs.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from agent.run import check
from agent.settings import Settings
from tests.brute_force import BruteForce, Mapped, Model, exact
from tools.errors import QuasikarpError
from tools.formulation.json_format import parse_json
from tools.solvers.gateway import Limits, solve
from tools.solvers.problem import NumericProblem

Document = Mapping[str, Any]

SIDES = ("reference", "candidate")
MOST_PIECES = 3_000
MOST_CONTINUOUS = 3
CHECK_SECONDS = 20.0


@dataclass(frozen=True)
class Statement:
    """Something that is said, as a kind, a name, and the text of all that its truth depends on."""

    kind: str
    name: str
    text: str

    @property
    def is_lemma(self) -> bool:
        """Whether it is only used in a proof."""
        return self.kind in ("fact", "step", "completion")


def statements(document: Document) -> list[Statement]:
    """Return everything that an accepted certificate states, and the lemmas that it uses."""
    return list(_statements(document))


def _statements(document: Document) -> Iterator[Statement]:
    models = {side: document[side]["sha256"] for side in SIDES}
    mapping = _mapping(document)
    sigma, read = mapping["objective"], _read_off(document)
    for name, claim in document["claims"].items():
        parts: dict[str, Any] = {**models, "result": claim["result"]}
        if name in ("optimum", "optima", "sound", "complete"):
            parts |= {"recovery": mapping["recovery"], "completed": mapping["completed"]}
        if name in ("value", "sound", "complete"):
            parts |= {"objective": sigma if read or claim["result"] == "proved" else None}
        yield _statement("claim", name, parts)
        if claim["by"] == "point" and claim["result"] == "refuted":
            yield _statement("witness", name, parts | {"point": _values(claim["point"])})
    asked = {**models, **{key: document[key] for key in ("contract", "verdict", "scope")}}
    if document["impossible"] is not None:
        reason = {"by": document["impossible"]["by"]}
        own: dict[str, Any] = {}
        if document["scope"] == "this mapping":
            own |= mapping
        if document["impossible"]["by"] in ("objective", "countable"):
            own["points"] = list(map(_values, document["impossible"].get("points", ())))
        yield _statement("impossible", document["impossible"]["by"], asked | reason | own)
    elif document["verdict"] != "unknown":
        yield _statement("verdict", document["verdict"], asked | mapping)
    for side in SIDES:
        fact = document["facts"][side]
        if fact is not None:
            told = {"model": models[side], "status": fact["status"]}
            told |= (
                {"lower": _text(fact["lower"]), "point": _values(fact["point"])} if fact["status"] == "optimal" else {}
            )
            yield _statement("fact", side, told)
        names = [entry["name"] for entry in document[side]["model"]["variables"]]
        for step in document["steps"][side]:
            told = {"model": models[side]}
            if "row" in step and all(int(j) < len(names) for j in step["row"]["terms"]):
                form = {names[int(j)]: a for j, a in step["row"]["terms"].items()}
                yield _statement("step", side, told | {"terms": _values(form), "least": _text(step["row"]["at_least"])})
            elif "bound" in step and step["bound"][0] < len(names):
                j, end, value = step["bound"]
                yield _statement("step", side, told | {"bound": names[j], end: _text(value)})
    if document["claims"].get("sound", {}).get("by") == "rows" and document["completed"]:
        whole = {name: _expression(value) for name, value in document["recovery"].items()}
        yield _statement("completion", "sound", {**models, "recovery": whole, "objective": sigma,
                                                 "steps": document["steps"]["candidate"]})  # fmt: skip


def _statement(kind: str, name: str, parts: Document) -> Statement:
    return Statement(kind, name, json.dumps(parts, sort_keys=True))


def _mapping(document: Document) -> dict[str, Any]:
    """Return recovery (of what is mapped), completed variables and σ, in one form whatever they were written like."""
    recovery, completed, sigma = document["recovery"], sorted(document["completed"]), document["objective"]
    mapped = None
    if recovery is not None:
        mapped = {name: _expression(value) for name, value in recovery.items() if name not in completed}
    ends = None if sigma is None else {"scale": _text(sigma["scale"]), "offset": _text(sigma["offset"])}
    return {"recovery": mapped, "completed": completed, "objective": ends}


def _read_off(document: Document) -> bool:
    return document["objective"] is not None and document["objective"]["reading"] is not None


def _expression(value: Document) -> dict[str, Any]:
    return {"constant": _text(value["constant"]), "terms": _values(value["terms"])}


def _values(values: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if Fraction(value)}


def _text(value: str) -> str:
    return str(Fraction(value))


def judged(statement: Statement, document: Document) -> tuple[bool | None, str]:
    """Return whether a statement of the certificate is true, and by what that is known; None where it is not known."""
    models, parts = {side: document[side]["model"] for side in SIDES}, json.loads(statement.text)
    if parts.get("completed") and _completes_a_cost(document):
        return False, "the definitions: a completed variable has a cost"
    if all(enumerable(model, side) for side, model in models.items()):
        truth = Truth(BruteForce(models["reference"], models["candidate"]), models, parts)
        try:
            answer: bool | None = getattr(truth, statement.kind)(statement.name)
            return answer, "enumeration"
        except ValueError as error:
            return None, str(error)
    if statement.kind == "impossible" and statement.name == "countable":
        return _uncountable(models, parts["points"]), "evaluation"
    if statement.kind == "claim" and parts["result"] == "refuted":
        claim = document["claims"][statement.name]
        if claim["by"] == "point":
            found = _searched(statement.name, models, parts | {"point": _values(claim["point"])})
            if found is not None:
                return found, "evaluation and a solver"
    if "status" in (statement.name, parts.get("by")) or (statement.name, parts.get("result")) in _VACUOUS:
        found = _by_status(statement, models, parts)
        if found is not None:
            return found, "a solver's statuses"
    if statement.kind in ("claim", "verdict"):
        return _checked_again(statement, document), "a check from scratch"
    if statement.kind == "witness":
        return _searched(statement.name, models, parts), "evaluation and a solver"
    return None, "not enumerable"


def implied(statement: Statement, known: Collection[Statement], document: Document) -> bool:
    """Say whether a statement follows from others that are known, by the definitions alone.

    Claims that are proved stay so when more variables are completed, and a verdict follows from its claims.
    """
    parts = json.loads(statement.text)
    if _completes_a_cost(document):
        return False
    if statement.kind == "claim" and parts["result"] == "proved" and parts.get("completed"):
        for other in known:
            if (other.kind, other.name) == (statement.kind, statement.name):
                told = json.loads(other.text)
                rest = (
                    {name: told["recovery"].get(name) for name in parts["recovery"] or ()} if told["recovery"] else {}
                )
                told |= {"recovery": rest, "completed": parts["completed"]}
                if told == parts:
                    return True
        return False
    if statement.kind == "claim" and statement.name in ("status", "value"):
        return _follows_from_facts(statement.name, parts, known, document)
    if statement.kind != "verdict":
        return False
    shown = {s.name: json.loads(s.text)["result"] for s in statements(document) if s.kind == "claim" and s in known}
    if statement.name == "not_equivalent":
        fatal = {"reformulation": ("sound", "complete", "optima", "value"), "quasi-karp": ("optima",)}[
            parts["contract"]
        ]
        return any(shown.get(name) == "refuted" for name in ("status", *fatal))
    needed = {"reformulation": ("sound", "complete"), "quasi-karp": ("status", "optima", "sound")}[parts["contract"]]
    return all(shown.get(name) == "proved" for name in needed)


def _follows_from_facts(name: str, parts: Document, known: Collection[Statement], document: Document) -> bool:
    """Say whether status or value follows from bounds on both costs, and points that attain them, which are known."""
    facts = {s.name: json.loads(s.text) for s in statements(document) if s.kind == "fact" and s in known}
    if len(facts) < len(SIDES):
        return False
    ours, theirs = (facts[side] for side in SIDES)
    proved = bool(parts["result"] == "proved")
    if name == "status" or ours["status"] != theirs["status"]:
        return bool(proved == (ours["status"] == theirs["status"]))
    if ours["status"] != "optimal" or not proved:
        return proved
    sigma, costs = parts["objective"], {}
    for side in SIDES:
        model, fact = document[side]["model"], facts[side]
        objective = model["objective"]
        at = {entry["name"]: Fraction(fact["point"].get(entry["name"], 0)) for entry in model["variables"]}
        value = sum((exact(a) * at[n] for n, a in objective["terms"].items()), exact(objective.get("constant", 0)))
        costs[side] = value if model["sense"] == "minimize" else -value
        if costs[side] != Fraction(fact["lower"]):
            return False
    return sigma is not None and (
        costs["reference"] == exact(sigma["scale"]) * costs["candidate"] + exact(sigma["offset"])
    )


def _completes_a_cost(document: Document) -> bool:
    costs = document["reference"]["model"]["objective"]["terms"]
    return any(exact(costs.get(name, 0)) for name in document["completed"])


def enumerable(model: Document, side: str) -> bool:
    """Say whether a model is small enough to be enumerated."""
    plain = Model(model, side)
    if len(plain.continuous) > MOST_CONTINUOUS or any(None in ends for ends in plain.ends.values()):
        return False
    sizes = (max(0, math.floor(high or 0) - math.ceil(low or 0) + 1) for low, high in plain.ends.values())
    return math.prod(sizes) <= MOST_PIECES


class Truth:
    """Decides one statement, whose parts are given, about two enumerable models: one method for each kind."""

    def __init__(self, models: BruteForce, documents: Mapping[str, Document], parts: Document) -> None:
        self.models, self.documents, self.parts = models, documents, parts

    def claim(self, name: str) -> bool | None:
        """A claim: proved means true, and refuted false for every σ that it does not name."""
        if name == "status":
            return bool(self._same_status() == (self.parts["result"] == "proved"))
        claims = self._claims() if name != "value" else {"value": self._value()}
        proved = self.parts["result"] == "proved"
        if proved and name in ("sound", "complete") and self.parts["objective"] is None:
            source = self.models.candidate if name == "sound" else self.models.reference
            return source.status == "infeasible"
        return bool(claims[name] == proved)

    def _same_status(self) -> bool:
        return self.models.reference.status == self.models.candidate.status

    def _value(self) -> bool:
        best, theirs, sigma = self.models.reference.best, self.models.candidate.best, self.parts["objective"]
        if best is None or theirs is None:
            return self._same_status()
        if sigma is None:
            return bool(self.parts["result"] == "refuted")  # without σ nothing is known: count it as contradicted
        return best == exact(sigma["scale"]) * theirs + exact(sigma["offset"])

    def _mapped(self, reference: Model | None = None, candidate: Model | None = None) -> Mapped:
        if self.parts["recovery"] is None:
            raise ValueError("there is no mapping")
        given = {"objective": None, **self.parts}
        return Mapped(reference or self.models.reference, candidate or self.models.candidate, given)

    def _claims(self) -> dict[str, bool]:
        if self.parts["recovery"] is None:
            vacuous = {"sound": self.models.candidate.status, "complete": self.models.reference.status}
            found = {name: status == "infeasible" for name, status in vacuous.items()}
            return found | dict.fromkeys(("optimum", "optima"), self.models.candidate.best is None)
        truth = self._mapped()
        named = {name: getattr(truth, name) for name in ("sound", "complete", "optimum", "optima")}
        return {name: claim() for name, claim in named.items()}

    def verdict(self, name: str) -> bool | None:
        """A verdict about this mapping: what the contract asks for is true, or something that it asks for is false."""
        contract, status = self.parts["contract"], self.models.candidate.status
        if self.parts["recovery"] is None:
            if name == "equivalent":
                return self._same_status() and status == "infeasible"
            return not self._same_status()
        if name == "equivalent":
            return self.models.verdict(contract, self.parts)
        needs = {"reformulation": ["sound", "complete", "optima"], "quasi-karp": ["optima"]}[contract]
        if contract == "quasi-karp" and status != "optimal":
            needs.append("sound")
        claims = self._claims()
        return not (self._same_status() and all(claims[need] for need in needs))

    def witness(self, name: str) -> bool | None:
        """The point is feasible (and optimal), and nothing that it stands for is on the other side."""
        side = "reference" if name == "complete" else "candidate"
        fixed = Model(_fixed(self.documents[side], self.parts["point"]), side)
        if not fixed.pieces:
            return False
        if name == "complete":
            return not self._mapped(reference=fixed).complete()
        if name == "sound":
            return not self._mapped(candidate=fixed).sound()
        return fixed.best == self.models.candidate.best and not self._mapped(candidate=fixed).optimum()

    def impossible(self, by: str) -> bool | None:
        """A reason why no mapping can do; None for those that compare infinite sets."""
        if by == "status":
            return not self._same_status()
        if by == "objective":
            return self._no_sigma()
        if by == "countable":
            return _uncountable(self.documents, self.parts["points"])
        if self.models.reference.continuous or self.models.candidate.continuous:
            return None
        ours, theirs = (self._points(model) for model in (self.models.reference, self.models.candidate))
        if by == "points":
            return len({point for point, _ in ours}) > len(theirs)
        if by == "values":
            return len({cost for _, cost in ours}) > len({cost for _, cost in theirs})
        if by == "optima":
            best, least = (min((cost for _, cost in points), default=None) for points in (ours, theirs))
            return len({p for p, cost in ours if cost == best}) > len([p for p, cost in theirs if cost == least])
        return None

    def _points(self, model: Model) -> list[tuple[tuple[Fraction, ...], Fraction]]:
        """Return the values of variables that no recovery may complete, and the cost, at each point."""
        used = {key for row in self.documents[model.side]["rows"] for key, a in row["terms"].items() if exact(a)}
        costs = model.cost.terms
        kept = [model.key(n) for n in model.names if not costs or model.key(n) in costs or n not in used]
        whole = model.side == "candidate"
        return [
            (
                tuple(piece.integers[key] for key in (model.ends if whole else kept)),
                model.cost.at(piece.integers).constant,
            )
            for piece in model.pieces
        ]

    def _no_sigma(self) -> bool | None:
        """No s > 0 and t fit c_R(f(x)) = s·c_C(x) + t at the points, where f is one-to-one (else None)."""
        theirs, ours, pairs = self.models.candidate, self.models.reference, []
        images = self._mapped().images
        if set(images) != set(map(ours.key, ours.names)) or not self._one_to_one():
            return None
        for point in self.parts["points"]:
            fixed = Model(_fixed(self.documents["candidate"], point), "candidate")
            if not fixed.pieces:
                return False
            values = {theirs.key(name): Fraction(point.get(name, 0)) for name in theirs.names}
            image = {key: value.at(values).constant for key, value in images.items()}
            pairs.append((theirs.cost.at(values).constant, ours.cost.at(image).constant))
        return not _on_a_rising_line(pairs)

    def _one_to_one(self) -> bool:
        """Whether each candidate variable is a reference variable up to scale and shift, or the same at all points."""
        told = {
            name for entry in self.parts["recovery"].values() if len(entry["terms"]) == 1 for name in entry["terms"]
        }
        document = self.documents["candidate"]
        for name in {entry["name"] for entry in document["variables"]} - told:
            ends = [
                Model({**document, "objective": {"terms": {name: 1}, "constant": 0}, "sense": sense}, "candidate").best
                for sense in ("minimize", "maximize")
            ]
            if ends[0] is None or ends[1] is None or ends[0] != -ends[1]:
                return False
        return True

    def fact(self, side: str) -> bool | None:
        """The status, and that no cost is below the bound."""
        model = Model(self.documents[side], side)
        if model.status != self.parts["status"]:
            return False
        if model.best is None:
            return True
        fixed = Model(_fixed(self.documents[side], self.parts["point"]), side)
        return bool(fixed.pieces) and Fraction(self.parts["lower"]) <= model.best

    def step(self, side: str) -> bool | None:
        """A row or bound that all points keep."""
        parts = self.parts
        name = parts.get("bound")
        terms = parts["terms"] if name is None else {name: -1 if "upper" in parts else 1}
        least = Fraction(parts.get("least") or parts.get("lower") or -Fraction(parts["upper"]))
        objective = {"terms": terms, "constant": 0}
        model = Model({**self.documents[side], "objective": objective, "sense": "minimize"}, side)
        return not model.pieces or (model.best is not None and model.best >= least)

    def completion(self, _: str) -> bool | None:
        """Every candidate point, with its definitions, maps into the reference, completed part and all."""
        theirs, ours = self.models.candidate, self.models.reference
        if theirs.continuous:
            return None
        for piece in theirs.pieces:
            values = {key.partition(".")[2]: value for key, value in piece.integers.items()}
            for step in self.parts["steps"]:
                if not _define(values, step):
                    return None
            image = {ours.key(name): _value(entry, values) for name, entry in self.parts["recovery"].items()}
            whole = all(image[key].denominator == 1 for key in ours.ends)
            if not whole or not all(row._replace(left=row.left.at(image)).holds for row in ours.rows):
                return False
        return True


def _define(values: dict[str, Fraction], step: Document) -> bool:
    """Add the value of a definition; say whether that could be done."""
    if "affine" in step:
        values[step["affine"]] = _value(step["value"], values)
    elif "floor" in step:
        values[step["floor"]] = Fraction(math.floor(_value(step["value"], values)))
    elif "if" in step:
        case = "then" if _value(step["test"], values) <= Fraction(step["most"]) else "else"
        values[step["if"]] = _value(step[case], values)
    else:
        return "row" in step or "bound" in step
    return True


def _value(expression: Document, values: Mapping[str, Fraction]) -> Fraction:
    terms = expression["terms"].items()
    return sum((Fraction(a) * values[name] for name, a in terms), Fraction(expression["constant"]))


def _fixed(model: Document, point: Mapping[str, str]) -> dict[str, Any]:
    """Return the model cut down to one point by further rows."""
    rows = [
        {"name": f"fixed {entry['name']}", "terms": {entry["name"]: 1}, "lower": value, "upper": value}
        for entry in model["variables"]
        for value in [point.get(entry["name"], "0")]
    ]
    return {**model, "rows": [*model["rows"], *rows]}


def _on_a_rising_line(pairs: Sequence[tuple[Fraction, Fraction]]) -> bool:
    """Say whether b = s·a + t for all (a, b) with some s > 0."""
    distinct = sorted(set(pairs))
    if len(distinct) < 2:
        return True
    (a, b), (c, d) = distinct[0], distinct[1]
    if a == c or d <= b:
        return False
    slope = (d - b) / (c - a)
    return all(y - b == slope * (x - a) for x, y in itertools.islice(distinct, 2, None))


_VACUOUS = {(name, "proved") for name in ("sound", "complete", "value", "optimum", "optima")}
"""Claims that hold where a model has no solutions at all."""


def _by_status(statement: Statement, models: Mapping[str, Document], parts: Document) -> bool | None:
    """Return whether a statement about statuses is true; None where a solver does not know them, or that is not all."""
    statuses = {}
    for side, model in models.items():
        problem = NumericProblem.of(parse_json(json.dumps(model, default=str)))
        statuses[side] = solve(problem, limits=Limits(seconds=CHECK_SECONDS)).status
        if statuses[side] not in ("optimal", "infeasible", "unbounded"):
            return None
    same = statuses["reference"] == statuses["candidate"]
    if statement.kind == "impossible":
        return not same
    if statement.name == "status":
        return bool(same == (parts["result"] == "proved"))
    empty = {"sound": ("candidate",), "complete": ("reference",), "value": SIDES}.get(statement.name, ("candidate",))
    return True if all(statuses[side] == "infeasible" for side in empty) else None


def _searched(name: str, models: Mapping[str, Document], parts: Document) -> bool | None:
    """Return whether a point is feasible and a solver finds nothing on the other side that it may stand for."""
    side, other = ("reference", "candidate") if name == "complete" else ("candidate", "reference")
    point = {entry["name"]: Fraction(parts["point"].get(entry["name"], 0)) for entry in models[side]["variables"]}
    if parts["recovery"] is None or not _feasible(models[side], point):
        return False
    if name == "optima":
        return _optimal_image(models, parts["recovery"], point)
    rows = []
    for target, expression in parts["recovery"].items():
        constant = Fraction(expression["constant"])
        if name == "complete":
            value = str(point[target] - constant)
            rows.append({"name": f"pinned {target}", "terms": expression["terms"], "lower": value, "upper": value})
        else:
            value = str(_value(expression, point))
            rows.append({"name": f"pinned {target}", "terms": {target: "1"}, "lower": value, "upper": value})
    rest = parse_json(json.dumps({**models[other], "rows": [*models[other]["rows"], *rows]}, default=str))
    status = solve(NumericProblem.of(rest), limits=Limits(seconds=CHECK_SECONDS)).status
    return {"infeasible": True, "optimal": False if parts["objective"] is None else None}.get(status)


def _optimal_image(models: Mapping[str, Document], recovery: Document, point: Mapping[str, Fraction]) -> bool | None:
    """Return True where a solver finds the point optimal and its image not; None where variables are completed."""
    ours = {entry["name"] for entry in models["reference"]["variables"]}
    if set(recovery) != ours:
        return None
    image = {name: _value(entry, point) for name, entry in recovery.items()}
    gaps = []
    for side, solution in (("candidate", point), ("reference", image)):
        model = models[side]
        problem = NumericProblem.of(parse_json(json.dumps(model, default=str)))
        result = solve(problem, limits=Limits(seconds=CHECK_SECONDS))
        if result.status != "optimal" or result.objective is None:
            return None
        sign = 1 if model["sense"] == "minimize" else -1
        cost = sign * sum((exact(a) * solution[name] for name, a in model["objective"]["terms"].items()), Fraction(0))
        gaps.append(abs(float(cost) - result.objective) / (1 + abs(result.objective)))
    return gaps[0] < 1e-6 and (gaps[1] > 1e-6 or not _feasible(models["reference"], image))


def _uncountable(models: Mapping[str, Document], points: Sequence[Mapping[str, str]]) -> bool:
    """Say whether the candidate has whole points only, and the reference all those between two that differ in costs."""
    ours = models["reference"]
    if any(entry["kind"] == "continuous" for entry in models["candidate"]["variables"]) or len(points) != 2:
        return False
    ends = [{e["name"]: Fraction(point.get(e["name"], 0)) for e in ours["variables"]} for point in points]
    moved = [entry for entry in ours["variables"] if ends[0][entry["name"]] != ends[1][entry["name"]]]
    costs = {name for name, a in ours["objective"]["terms"].items() if exact(a)}
    free = {name for row in ours["rows"] for name, a in row["terms"].items() if exact(a)}
    kept = any(not costs or entry["name"] in costs or entry["name"] not in free for entry in moved)
    return kept and all(e["kind"] == "continuous" for e in moved) and all(_feasible(ours, end) for end in ends)


def _feasible(model: Document, point: Mapping[str, Fraction]) -> bool:
    whole = all(point[e["name"]].denominator == 1 for e in model["variables"] if e["kind"] != "continuous")
    bounds = [{**entry, "terms": {entry["name"]: 1}} for entry in model["variables"]]
    for row in [*bounds, *model["rows"]]:
        value = sum((exact(a) * point[name] for name, a in row["terms"].items()), Fraction(0))
        low, high = (None if row[end] is None else exact(row[end]) for end in ("lower", "upper"))
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    return whole


def _checked_again(statement: Statement, document: Document) -> bool | None:
    """Return whether a check of the mapping from scratch says the same, the opposite, or nothing."""
    parts, mapping = json.loads(statement.text), _mapping(document)
    try:
        reference, candidate = (parse_json(json.dumps(document[side]["model"])) for side in SIDES)
        given = None if mapping["recovery"] is None else json.dumps({**mapping, "lifting": None})
        settings = Settings(document["contract"], CHECK_SECONDS, mapping=given, memory="none", planner="symbolic")
        report = check(reference, candidate, settings)
    except QuasikarpError:
        return None
    answered = report.to_json()["mapping"]
    if statement.name in ("value", "sound", "complete", "equivalent", "not_equivalent") and parts["objective"] != (
        None if answered is None else answered["objective"]
    ):
        return None
    result = report.verdict if statement.kind == "verdict" else report.claims[statement.name].result  # type: ignore[index]
    if result == "unknown":
        return None
    return bool(result == (parts["verdict"] if statement.kind == "verdict" else parts["result"]))
