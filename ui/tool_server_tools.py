"""The tools that a language model can use over MCP: what each takes, what it answers, in words it can go by."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult
from pydantic import BaseModel, Field

from ui.running.source import LONGEST_TEXT
from ui.safe_text import safe_sentence
from ui.tool_server_call import answered, source_of, told

READ_SECONDS = 60.0
"""What takes no time limit of its own may take."""

VERIFY_SECONDS = 300.0
"""What checking a certificate may take, which may be long."""

_MOST_HINTS = 200
_RULES_SHOWN = 40
_LONGEST_RULE = 10_000

_MODEL = (
    "a path to an .lp, .mps or .json file (also .gz) on the server's machine, or the model's text itself in LP or MPS "
    "format or as JSON (quasikarp/formulation/1, quasikarp/algebra/1). Linear and mixed-integer models only."
)

Reference = Annotated[str, Field(description=f"The trusted model: {_MODEL}", min_length=1, max_length=LONGEST_TEXT)]
Candidate = Annotated[
    str,
    Field(description=f"The model that claims to reformulate it: {_MODEL}", min_length=1, max_length=LONGEST_TEXT),
]
Model = Annotated[str, Field(description=f"The model: {_MODEL}", min_length=1, max_length=LONGEST_TEXT)]
ContractName = Annotated[
    Literal["quasi-karp", "reformulation"],
    Field(
        description="What must hold for 'equivalent'. quasi-karp: every optimal solution of the candidate maps to an "
        "optimal solution of the reference, and both have solutions or neither. reformulation: all solutions "
        "correspond, in both directions."
    ),
]
TimeLimit = Annotated[
    float, Field(description="Seconds for the whole check; what runs out ends in 'unknown'.", ge=1, le=3600)
]
Seed = Annotated[int, Field(description="Drives every random choice.", ge=0, le=2**31 - 1)]
Rule = Annotated[str, Field(max_length=_LONGEST_RULE)]
Hints = Annotated[
    list[Rule] | None,
    Field(
        description="Rules tried first, each giving reference variables by candidate variables, such as "
        "'x[i] = 1 - closed[i]' or 'x[i] = 10*d[i,1] + d[i,0]'; '?' stands for a coefficient to be found.",
        max_length=_MOST_HINTS,
    ),
]
MappingText = Annotated[
    str,
    Field(
        description="One rule a line for every reference variable, such as 'x[i] = 1 - closed[i]', or JSON as in the "
        "'mapping' of a report or of the tool transform.",
        min_length=1,
        max_length=LONGEST_TEXT,
    ),
]
PlannerName = Annotated[
    Literal["auto", "symbolic", "llm"],
    Field(
        description="Who proposes mappings. symbolic: no language model is asked. auto: the one that the server's "
        "environment names helps, if there is one. Whoever proposes, every mapping is verified."
    ),
]
MemoryPlace = Annotated[
    str | None,
    Field(
        description="The memory of verified mappings: a folder, a chroma server's URL, or 'none'. By default the "
        "user's own.",
        max_length=4096,
    ),
]


class Checked(BaseModel):
    """A verdict with its evidence.

    `report` is an object of the schema quasikarp/report/1: verdict ("equivalent", "not_equivalent", "unknown"),
    relation, scope, reason, six claims, mapping, counterexample. `evidence` shows with numbers what a counterexample
    breaks; `explanation` tells all of it in words.
    """

    report: dict[str, Any]
    evidence: list[str]
    explanation: str


class Certified(BaseModel):
    """A certificate and what it shows.

    `certificate` is the text of its file (schema quasikarp/certificate/1), which verify_certificate and the program
    quasikarp-verify check. `certified` has the claims that it shows, `gaps` why others are not in it, `report` the
    report with the strength "exact" for just these claims.
    """

    certificate: str
    sha256: str
    report: dict[str, Any]
    shows_verdict: bool
    certified: dict[str, str]
    gaps: dict[str, str]


class CertificateChecked(BaseModel):
    """Whether a certificate is valid, what the independent checker printed, and what its word does not cover."""

    valid: bool
    lines: list[str]
    notes: list[str]


class Transformed(BaseModel):
    """A candidate and the true mapping back, which the tool verify takes as it is."""

    candidate: str
    format: Literal["lp", "json"]
    mapping: dict[str, Any]
    rules: list[str]
    contract: str
    steps: list[str]


class Recalled(BaseModel):
    """Records of memory: of the very pair, and of similar pairs with their similarity from 0 to 1."""

    same: list[dict[str, Any]]
    similar: list[dict[str, Any]]
    notes: list[str]


class Explained(BaseModel):
    """A report in words, and the single facts that the words are made of."""

    text: str
    facts: list[dict[str, Any]]
    written_by: str
    note: str


class Understood(BaseModel):
    """What was read: sizes and families, the algebra in lines, what looks odd, and the first names."""

    summary: dict[str, Any]
    algebra: list[str]
    notes: list[str]
    variables: dict[str, Any]
    rows: dict[str, Any]


async def check(
    context: Context[Any, Any],
    reference: Reference,
    candidate: Candidate,
    contract: ContractName = "quasi-karp",
    hints: Hints = None,
    time_limit: TimeLimit = 45.0,
    seed: Seed = 0,
    planner: PlannerName = "auto",
    memory: MemoryPlace = None,
) -> Annotated[CallToolResult, Checked]:
    """Decide whether a candidate optimization model reformulates a reference model.

    A mapping of solutions is searched and proved, or a counterexample with exact numbers is found. 'unknown' means that
    neither was found in time: give hints, or a longer time_limit.
    """
    settings = {
        "contract": contract, "hints": hints or [], "time_limit": time_limit, "seed": seed, "planner": planner,
        "memory": memory,
    }  # fmt: skip
    job = {"job": "check", **_pair(reference, candidate), "settings": settings}
    return _checked(await answered(job, context, time_limit))


async def verify(
    context: Context[Any, Any],
    reference: Reference,
    candidate: Candidate,
    mapping: MappingText,
    contract: ContractName = "quasi-karp",
    time_limit: TimeLimit = 45.0,
    seed: Seed = 0,
) -> Annotated[CallToolResult, Checked]:
    """Decide all claims about one mapping from candidate solutions to reference solutions, and try nothing else.

    Use it when you have a mapping in mind. 'not_equivalent' comes with a solution that the mapping gets wrong.
    """
    settings = {"contract": contract, "time_limit": time_limit, "seed": seed}
    job = {"job": "verify", **_pair(reference, candidate), "mapping": mapping, "settings": settings}
    return _checked(await answered(job, context, time_limit))


async def certify(
    context: Context[Any, Any],
    reference: Reference,
    candidate: Candidate,
    report: Annotated[
        dict[str, Any] | None,
        Field(description="The 'report' on this pair that check or verify returned; without it, the pair is checked."),
    ] = None,
    contract: ContractName = "quasi-karp",
    time_limit: TimeLimit = 45.0,
    seed: Seed = 0,
) -> Annotated[CallToolResult, Certified]:
    """Prove an answer in exact arithmetic and return the certificate, which anybody can check without trusting us.

    Each claim of the report is proved again; what cannot be proved exactly is named under gaps. time_limit is for the
    proofs, and once more for the check where there is no report; contract counts only then.
    """
    settings = {"contract": contract, "time_limit": time_limit, "seed": seed, "planner": "symbolic", "memory": "none"}
    job = {
        "job": "certify", **_pair(reference, candidate), "report": report, "settings": settings,
        "time_limit": time_limit, "seed": seed,
    }  # fmt: skip
    found = await answered(job, context, time_limit if report is not None else 2 * time_limit)
    verdict = "The verdict is certified." if found["shows_verdict"] else "The verdict is NOT certified."
    shown = ", ".join(f"{name} {result}" for name, result in found["certified"].items()) or "nothing"
    lacking = "".join(f"\nNot in it: {name}, {reason}" for name, reason in found["gaps"].items())
    return told(found, f"{verdict} Shown: {shown}.{lacking}")


async def verify_certificate(
    context: Context[Any, Any],
    certificate: Annotated[
        str,
        Field(
            description="The text of a certificate, or the path of its file on the server's machine.",
            min_length=1,
            max_length=LONGEST_TEXT,
        ),
    ],
    reference: Annotated[
        str | None, Field(description=f"The trusted model: {_MODEL}", min_length=1, max_length=LONGEST_TEXT)
    ] = None,
    candidate: Annotated[
        str | None, Field(description=f"The other model: {_MODEL}", min_length=1, max_length=LONGEST_TEXT)
    ] = None,
) -> Annotated[CallToolResult, CertificateChecked]:
    """Have a certificate checked by the independent checker, for two models, or for the models as it states them."""
    job: dict[str, Any] = {"job": "verify_certificate", "certificate": source_of(certificate)}
    for role, given in (("reference", reference), ("candidate", candidate)):
        job[role] = None if given is None else source_of(given)
    found = await answered(job, context, VERIFY_SECONDS)
    return told(found, "\n".join([*found["lines"], *(f"note: {note}" for note in found["notes"])]))


async def transform(
    context: Context[Any, Any],
    model: Model,
    steps: Annotated[
        list[Annotated[str, Field(max_length=1000)]] | None,
        Field(
            description="What to do, in order: KIND, KIND:NAME or KIND=N:NAME, such as 'digits:x' (NAME a variable or "
            "row, * for any text; without it the seed chooses) or 'digits=2:crates_*' (base 2).",
            max_length=100,
        ),
    ] = None,
    random: Annotated[int, Field(description="Random steps after these.", ge=0, le=100)] = 0,
    seed: Seed = 0,
    format: Annotated[
        Literal["lp", "json"] | None, Field(description="Of the candidate; by default LP where it can hold the model.")
    ] = None,
) -> Annotated[CallToolResult, Transformed]:
    """Make a candidate from a model by steps whose correspondence of solutions is known exactly.

    The answer has the candidate's text and the true mapping back to the model.
    """
    job = {
        "job": "transform", "source": source_of(model), "steps": steps or [], "random": random, "seed": seed,
        "format": format,
    }  # fmt: skip
    made = await answered(job, context, READ_SECONDS)
    rules = "\n".join(f"  {safe_sentence(rule, 300)}" for rule in made["rules"][:_RULES_SHOWN])
    return told(made, f"{'; '.join(made['steps'])}. Contract: {made['contract']}. Reference variables:\n{rules}")


async def recall(
    context: Context[Any, Any], reference: Reference, candidate: Candidate, memory: MemoryPlace = None
) -> Annotated[CallToolResult, Recalled]:
    """Look up what earlier checks found about this pair of models and about structurally similar pairs.

    A record is an idea for hints or a mapping, never a proof: check or verify decides.
    """
    found = await answered({"job": "recall", **_pair(reference, candidate), "memory": memory}, context, READ_SECONDS)
    counts = f"{len(found['same'])} records of this pair, {len(found['similar'])} of similar ones."
    return told(found, " ".join([counts, *found["notes"]]))


async def explain(
    context: Context[Any, Any],
    report: Annotated[
        dict[str, Any], Field(description="The 'report' that check or verify returned, or quasikarp check --json.")
    ],
) -> Annotated[CallToolResult, Explained]:
    """Tell a report in words: the answer, why, how sure it is, and what can be done next."""
    found = await answered({"job": "explain", "report": report}, context, READ_SECONDS)
    return told(found, found["text"])


async def read(context: Context[Any, Any], model: Model) -> Annotated[CallToolResult, Understood]:
    """Show what was understood of a model: sizes, families of names, the first rows as algebra, what looks odd.

    Use it to learn the exact names of variables before you write hints or a mapping.
    """
    found = await answered({"job": "read", "source": source_of(model)}, context, READ_SECONDS)
    return told(found, "\n".join([*found["algebra"], *(f"note: {note}" for note in found["notes"])]))


def _pair(reference: str, candidate: str) -> dict[str, Any]:
    return {"reference": source_of(reference), "candidate": source_of(candidate)}


def _checked(found: dict[str, Any]) -> CallToolResult:
    answer = {name: found[name] for name in ("report", "evidence", "explanation")}
    return told(answer, "\n".join([found["explanation"], *found["evidence"]]))
