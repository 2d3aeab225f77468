"""The report of one check: what is claimed, what was shown, and the evidence a reader can follow.

`Report.to_json` gives exactly the object documented in docs/report.md (schema "quasikarp/report/1"); every number of a
mapping, a witness or an objective relation is an exact string, optimal values are JSON numbers or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from tools.formulation.model import Formulation

Verdict = Literal["equivalent", "not_equivalent", "unknown"]
Contract = Literal["quasi-karp", "reformulation"]
Relation = Literal[
    "reformulation", "narrowing", "restriction", "relaxation", "optima-only", "different", "undetermined"
]
ClaimName = Literal["status", "value", "optimum", "optima", "sound", "complete"]
Result = Literal["proved", "refuted", "unknown"]
Strength = Literal["exact", "solver"]
Outcome = Literal["verified", "refuted", "undecided"]
Missing = Literal["error", "zero"]

CLAIM_NAMES: tuple[ClaimName, ...] = get_args(ClaimName)
SCHEMA = "quasikarp/report/1"


@dataclass(frozen=True)
class ClaimSummary:
    """The result of one claim; `strength` says whether a rational certificate or only solvers stand behind it."""

    result: Result
    strength: Strength
    detail: str


@dataclass(frozen=True)
class MappingSummary:
    """The mapping that was verified, or that a refutation is about.

    `rules` is the compact text; `recovery` gives for each reference variable {"constant", "terms"}; `completed` lists
    reference variables that are completed rather than mapped, and `completed_by` gives those among them that need a
    total function of candidate variables (None where there are none; the others have their expression in `recovery`);
    `lifting` gives candidate variables as total functions of reference variables, or is None; `objective` is
    {"scale", "offset"} of σ, or None where no σ could be read off.
    """

    rules: tuple[str, ...]
    recovery: Mapping[str, Any]
    completed: tuple[str, ...]
    lifting: Mapping[str, Any] | None
    objective: Mapping[str, str] | None
    origin: str
    completed_by: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class CounterexampleSummary:
    """A witness: the claim it breaks, the point (nonzero entries; exact strings), its image, and what is violated."""

    claim: ClaimName
    point_of: Literal["candidate", "reference"]
    point: Mapping[str, str]
    image: Mapping[str, str] | None
    violates: str | None
    explanation: str


@dataclass(frozen=True)
class HypothesisSummary:
    """One hypothesis that was tried, and what became of it."""

    origin: str
    rules: tuple[str, ...]
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class OriginCost:
    """What one origin of hypotheses did: how many it proposed, and what its calls of a language model took.

    `money` is None where no prices are known.
    """

    hypotheses: int
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: float | None = None


@dataclass(frozen=True)
class ModelSummary:
    """Size, status and optimal value of one model (`status` "optimal", "infeasible", "unbounded" or "unknown").

    `written_by` says which language model wrote the formulation, and is empty where none did.
    """

    name: str
    variables: int
    integers: int
    constraints: int
    nonzeros: int
    status: str
    objective: float | None
    written_by: str = ""


@dataclass(frozen=True)
class CertificateSummary:
    """What was certified: the certificate's hash, whether it shows the verdict, and why it lacks what it lacks.

    `gaps` has the reason under the name of a claim, or under "verdict".
    """

    sha256: str
    verdict: bool
    gaps: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """The answer to one check. `reason` is the verdict in one sentence, for people.

    `planning` says in words who proposed mappings; `costs` gives for each origin what it proposed and what it took, and
    `seconds` the time by stage and, under the origin's name, what was spent on its hypotheses. With a `certificate` a
    claim's strength is "exact" just where that shows it.
    """

    verdict: Verdict
    contract: Contract
    relation: Relation
    scope: str | None
    reason: str
    claims: Mapping[ClaimName, ClaimSummary]
    mapping: MappingSummary | None
    counterexample: CounterexampleSummary | None
    hypotheses: tuple[HypothesisSummary, ...]
    reference: ModelSummary
    candidate: ModelSummary
    seconds: Mapping[str, float] = field(default_factory=dict)
    model_calls: int = 0
    planning: str = ""
    costs: Mapping[str, OriginCost] = field(default_factory=dict)
    certificate: CertificateSummary | None = None

    @property
    def exit_code(self) -> int:
        """0 equivalent, 1 not equivalent, 3 unknown."""
        return {"equivalent": 0, "not_equivalent": 1, "unknown": 3}[self.verdict]

    def recover(
        self,
        solution: Mapping[str, Any],
        *,
        candidate: Formulation | None = None,
        missing: Missing = "error",
        force: bool = False,
    ) -> dict[str, Fraction]:
        """Return the reference solution that this candidate solution stands for, `{variable: exact value}`.

        `solution` gives each candidate variable that the mapping uses a number: int, Fraction, Decimal, text such as
        "1/3", or a float, which stands for its shortest decimal. Other names are ignored; `missing="zero"` takes what
        is not listed to be 0. With the `candidate` model, integer variables within 1e-5 of a whole number are rounded;
        without it nothing is. Reference variables that the mapping completes without an expression are left out.

        Raises `InputError` where a value is missing or no number, where the report has no mapping, where a function
        of the mapping would take a solver's noise for a value, and, unless `force`, where the mapping was not verified:
        the verdict is not "equivalent" and `sound` is not proved.
        """
        from tools.recovering import carried

        return dict(carried(self, solution, "recover", source_model=candidate, missing=missing, force=force).values)

    def lift(
        self,
        solution: Mapping[str, Any],
        *,
        reference: Formulation | None = None,
        missing: Missing = "error",
        force: bool = False,
    ) -> dict[str, Fraction]:
        """Return a candidate solution that stands for this reference solution, by the report's lifting.

        As `recover`, the other way. Raises `InputError` where there is no lifting and, unless `force`, where
        `complete` is not proved.
        """
        from tools.recovering import carried

        return dict(carried(self, solution, "lift", source_model=reference, missing=missing, force=force).values)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON data, in the documented order."""
        mapping = self.mapping
        witness = self.counterexample
        return {
            "schema": SCHEMA,
            "verdict": self.verdict,
            "contract": self.contract,
            "relation": self.relation,
            "scope": self.scope,
            "reason": self.reason,
            "claims": {name: dict(vars(self.claims[name])) for name in CLAIM_NAMES},
            "mapping": None
            if mapping is None
            else {
                "rules": list(mapping.rules),
                "recovery": dict(mapping.recovery),
                "completed": list(mapping.completed),
                "completed_by": None if mapping.completed_by is None else dict(mapping.completed_by),
                "lifting": None if mapping.lifting is None else dict(mapping.lifting),
                "objective": None if mapping.objective is None else dict(mapping.objective),
                "origin": mapping.origin,
            },
            "counterexample": None
            if witness is None
            else {
                "claim": witness.claim,
                "point_of": witness.point_of,
                "point": dict(witness.point),
                "image": None if witness.image is None else dict(witness.image),
                "violates": witness.violates,
                "explanation": witness.explanation,
            },
            "hypotheses": [
                {"origin": h.origin, "rules": list(h.rules), "outcome": h.outcome, "reason": h.reason}
                for h in self.hypotheses
            ],
            "reference": dict(vars(self.reference)),
            "candidate": dict(vars(self.candidate)),
            "seconds": dict(self.seconds),
            "model_calls": self.model_calls,
            "planning": self.planning,
            "costs": {origin: dict(vars(cost)) for origin, cost in self.costs.items()},
            "certificate": None
            if self.certificate is None
            else {**vars(self.certificate), "gaps": dict(self.certificate.gaps)},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Return the report that `to_json` wrote; raises `InputError` when the object is not one."""
        from tools.report_reading import report_of

        return report_of(data)
