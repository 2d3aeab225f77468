"""The documented ways to say things: the help and the table in docs/chat.md are made of `FORMS`, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from ui.chat.phrases import (
    Accept,
    Certify,
    Check,
    Continue,
    Correct,
    Diff,
    Drop,
    Example,
    Forget,
    GiveReport,
    GiveSnippet,
    Help,
    Load,
    New,
    NoIdea,
    Phrase,
    Restore,
    ShowModels,
    ShowPictures,
    Similar,
    Stop,
    Swap,
    TimeLimit,
    Try,
    Verify,
    VerifyCertificate,
    Want,
    Why,
)


@dataclass(frozen=True)
class Form:
    """A way to say something: `form` with capitals for what the user fills in, examples, and what it does."""

    form: str
    meaning: str
    examples: tuple[tuple[str, Phrase], ...]


_TWO_RULES = ("x[i] = 10*d[i,1] + d[i,0]", "y = z")

FORMS: tuple[Form, ...] = (
    Form(
        "example NAME",
        "loads a pair that comes with the chat, and checks it; without a name, lists them",
        (("example production", Example("production")), ("show me an example", Example())),
    ),
    Form(
        "reference: TEXT",
        "takes LP, MPS, JSON or a problem in words as the reference; likewise candidate: TEXT. A model pasted "
        "without it becomes the reference, the next one the candidate",
        (("candidate: Ship 20 crates cheaply.", Load("Ship 20 crates cheaply.", "candidate")),),
    ),
    Form("check", "checks the pair", (("check", Check()), ("Are they equivalent?", Check()))),
    Form(
        "why?",
        "explains the verdict; a longer question is answered where a language model is configured",
        (
            ("why?", Why()),
            ("why not", Why()),
            ("explain", Why()),
            ("why is row cap broken?", Why("why is row cap broken?")),
        ),
    ),
    Form(
        "try RULES",
        "checks again with these rules as hints; rules alone do, several stand on lines or between semicolons",
        (
            ("try x = 10*a + b", Try(("x = 10*a + b",))),
            ("x[i] = 10*d[i,1] + d[i,0]; y = z", Try(_TWO_RULES)),
        ),
    ),
    Form(
        "verify RULES",
        "checks this mapping and no other",
        (("verify x = 10*a + b", Verify(("x = 10*a + b",))), ("only x = a", Verify(("x = a",)))),
    ),
    Form("forget the hints", "drops all hints, and the mapping asked about", (("forget the hints", Forget()),)),
    Form(
        "only optimal solutions matter",
        "asks for the contract quasi-karp from now on",
        (("only optimal solutions matter", Want("quasi-karp")), ("contract quasi-karp", Want("quasi-karp"))),
    ),
    Form(
        "all solutions matter",
        "asks for the contract reformulation from now on",
        (
            ("all solutions matter", Want("reformulation")),
            ("every solution must carry over", Want("reformulation")),
            ("contract reformulation", Want("reformulation")),
        ),
    ),
    Form(
        "now the other direction",
        "exchanges reference and candidate",
        (("now the other direction", Swap()), ("swap", Swap())),
    ),
    Form(
        "drop row NAME of the SIDE",
        "checks the pair without this row; the side can be left out where one model has the row",
        (
            ("drop row cap of the candidate", Drop("cap", "candidate")),
            ("what if row cap is dropped?", Drop("cap")),
            ('drop row "my row"', Drop("my row")),
        ),
    ),
    Form(
        "put row NAME back",
        "puts a dropped row back; undo puts back the last one",
        (("put row cap back", Restore("cap")), ("undo", Restore())),
    ),
    Form(
        "time limit 30 s",
        "bounds a check from now on",
        (("time limit 30 s", TimeLimit(30.0)), ("time limit 2 minutes", TimeLimit(120.0))),
    ),
    Form("continue", "goes on with a check that was stopped", (("continue", Continue()), ("go on", Continue()))),
    Form("stop", "stops the work under way", (("stop", Stop()),)),
    Form("no idea", "lets the agent go on without an answer to its question", (("no idea", NoIdea()),)),
    Form(
        "accept",
        "takes the algebra that a language model wrote",
        (("accept", Accept()), ("That is right.", Accept())),
    ),
    Form(
        "correct: TEXT",
        "has the algebra that a language model wrote changed",
        (("correct: the budget is 200", Correct("the budget is 200")),),
    ),
    Form(
        "show similar pairs you know",
        "says what memory holds on pairs like this",
        (("show similar pairs you know", Similar()),),
    ),
    Form("what changed?", "compares two models that share names", (("what changed?", Diff()), ("diff", Diff()))),
    Form("show the models", "says what is checked, and how", (("show the models", ShowModels()),)),
    Form("show the pictures", "draws the mapping and the models", (("show the pictures", ShowPictures()),)),
    Form("give me the report", "gives the report as JSON", (("give me the report", GiveReport()),)),
    Form(
        "certify",
        "proves the verdict exactly, and gives the certificate as a file that anybody can check",
        (
            ("certify", Certify()),
            ("Prove it exactly.", Certify()),
            ("give me the certificate", Certify()),
        ),
    ),
    Form(
        "verify certificate",
        "has the certificate checked by the independent checker, against the pair where there is one: the one that you "
        "attach or paste, else the last one",
        (("verify certificate", VerifyCertificate()), ("check the certificate", VerifyCertificate())),
    ),
    Form(
        "give me a Python snippet",
        "gives code that maps candidate solutions to reference solutions",
        (
            ("give me a Python snippet that maps solutions", GiveSnippet()),
            ("give me the code", GiveSnippet()),
        ),
    ),
    Form("new", "begins another conversation; this one is kept", (("new", New()), ("start over", New()))),
    Form("help", "shows this list", (("help", Help()), ("what can I say?", Help()))),
)  # fmt: skip

HEADER = ("say", "for example", "and it")


def rows() -> tuple[tuple[str, ...], ...]:
    """Return the table of forms: form, examples, meaning."""
    return tuple((form.form, " · ".join(said for said, _ in form.examples), form.meaning) for form in FORMS)


def table() -> str:
    """Return the table in Markdown, as docs/chat.md has it."""
    lines = [f"| {' | '.join(HEADER)} |", "|---|---|---|"]
    for form in FORMS:
        examples = ", ".join(f"`{said}`" for said, _ in form.examples)
        lines.append(f"| `{form.form}` | {examples} | {form.meaning} |")
    return "\n".join(lines) + "\n"
