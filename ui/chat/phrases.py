"""What a user can say, each thing as one frozen value; `grammar.understood` makes them of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.report import Contract

Side = Literal["reference", "candidate"]
SIDES: tuple[Side, ...] = ("reference", "candidate")

Rules = tuple[str, ...]
"""Rules as they were written, one an entry; nobody has parsed them yet."""


@dataclass(frozen=True)
class Example:
    """Load a pair that comes with the chat; without a name, say which there are."""

    name: str = ""


@dataclass(frozen=True)
class Load:
    """Take what this text describes as the model of a side, or of the side that is free."""

    text: str
    side: Side | None = None


@dataclass(frozen=True)
class Check:
    """Check the pair, whoever proposes the mapping."""


@dataclass(frozen=True)
class Why:
    """Explain the last verdict; `question` is what the user asked, where it was more than "why"."""

    question: str = ""


@dataclass(frozen=True)
class Try:
    """Check again with these rules as hints, tried first."""

    rules: Rules


@dataclass(frozen=True)
class Verify:
    """Check this mapping and nothing else."""

    rules: Rules


@dataclass(frozen=True)
class Answer:
    """Rules as the answer to what the agent has asked."""

    rules: Rules


@dataclass(frozen=True)
class NoIdea:
    """No answer to what the agent has asked: it goes on by itself."""


@dataclass(frozen=True)
class Forget:
    """Drop all hints and the mapping that was asked about."""


@dataclass(frozen=True)
class Want:
    """What must hold for "equivalent" from now on."""

    contract: Contract


@dataclass(frozen=True)
class Swap:
    """Exchange reference and candidate."""


@dataclass(frozen=True)
class Drop:
    """Check the pair without this row; without a side, of the model that has it."""

    row: str
    side: Side | None = None


@dataclass(frozen=True)
class Restore:
    """Put a dropped row back; without a name, the one that was dropped last."""

    row: str = ""


@dataclass(frozen=True)
class Similar:
    """Say what memory knows of this pair and of similar ones."""


@dataclass(frozen=True)
class GiveReport:
    """Hand out the last report as JSON."""


@dataclass(frozen=True)
class Certify:
    """Prove the last verdict exactly, and hand out the certificate."""


@dataclass(frozen=True)
class VerifyCertificate:
    """Check the certificate that was made last, as somebody would who distrusts us."""


@dataclass(frozen=True)
class GiveSnippet:
    """Hand out Python code that maps a candidate solution to a reference solution."""


@dataclass(frozen=True)
class ShowModels:
    """Say which models there are, and under which contract, hints and limits they are checked."""


@dataclass(frozen=True)
class ShowPictures:
    """Draw the pair, the mapping and the run."""


@dataclass(frozen=True)
class Diff:
    """Say what changed between two models that share names."""


@dataclass(frozen=True)
class Continue:
    """Go on with a check that was stopped or ran out of time."""


@dataclass(frozen=True)
class Stop:
    """Stop the work under way."""


@dataclass(frozen=True)
class New:
    """Begin another conversation."""


@dataclass(frozen=True)
class TimeLimit:
    """How many seconds a check may take from now on."""

    seconds: float


@dataclass(frozen=True)
class Accept:
    """Take the algebra that a language model wrote as it is."""


@dataclass(frozen=True)
class Correct:
    """Have the algebra that a language model wrote changed as `text` says."""

    text: str


@dataclass(frozen=True)
class Help:
    """Say what can be said."""


Phrase = (
    Example | Load | Check | Why | Try | Verify | Answer | NoIdea | Forget | Want | Swap | Drop | Restore | Similar
    | GiveReport | Certify | VerifyCertificate | GiveSnippet | ShowModels | ShowPictures | Diff | Continue | Stop | New
    | TimeLimit | Accept | Correct | Help
)  # fmt: skip
