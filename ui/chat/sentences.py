"""Sentences that mean one thing each, however politely they are said: compared word by word, never matched."""

from __future__ import annotations

from itertools import product

from ui.chat.phrases import (
    Accept,
    Certify,
    Check,
    Continue,
    Diff,
    Example,
    Forget,
    GiveReport,
    GiveSnippet,
    Help,
    New,
    NoIdea,
    Phrase,
    Restore,
    ShowModels,
    ShowPictures,
    Similar,
    Stop,
    Swap,
    VerifyCertificate,
    Want,
    Why,
)

_FILLERS = frozenset(
    {
        *("a", "an", "the", "this", "that", "these", "those", "it", "them", "some", "me", "us", "my", "our", "i", "we"),
        *("please", "kindly", "now", "then", "just", "also", "so", "ok", "okay", "well", "and", "but", "thanks"),
        *("hey", "hi", "hello", "you", "can", "could", "would", "will", "should", "like", "want", "to", "let's", "let"),
        *("lets", "do"),
    }
)
"""Words that change no command."""

_SYNONYMS = {
    "optima": "optimum", "optimums": "optimum", "optimal": "optimum", "best": "optimum", "constraint": "row",
    "constraints": "row", "answers": "solution", "solutions": "solution", "every": "all", "each": "all", "any": "all",
    "count": "matter", "counts": "matter", "matters": "matter", "display": "show", "draw": "show", "print": "show",
    "list": "show", "see": "show", "download": "give", "get": "give", "export": "give", "save": "give",
    "send": "give", "models": "model", "pairs": "pair", "pictures": "picture", "plots": "picture", "plot": "picture",
    "figures": "picture", "figure": "picture", "images": "picture", "image": "picture", "hints": "hint",
    "directions": "direction", "way": "direction", "around": "round", "round.": "round", "examples": "example",
    "commands": "command", "differences": "difference", "equivalence": "equivalent", "feasible": "feasible",
}  # fmt: skip


def meaning_of(text: str) -> Phrase | None:
    """Return what the sentence means, or None; case, punctuation and polite words do not matter."""
    return _MEANINGS.get(_reduced(text))


def _reduced(text: str) -> str:
    plain = "".join(c if c.isalnum() or c in "-'" else " " for c in text.replace("’", "'").casefold())
    words = (word.strip("-'") for word in plain.split())
    kept = [_SYNONYMS.get(word, word) for word in words if word and word not in _FILLERS]
    if kept[:2] in (["what", "if"], ["what", "about"]) and len(kept) > 3:
        del kept[:2]
    return " ".join(kept) or " ".join(plain.split())


def _all(*parts: str) -> list[str]:
    """Return every combination of the parts' alternatives, which "/" separates."""
    return [" ".join(chosen) for chosen in product(*(part.split("/") for part in parts))]


_SAID: tuple[tuple[Phrase, list[str]], ...] = (
    (Help(), ["help", "?", "what is possible", "how does it work", "commands", "show commands", "what",
              *_all("what/how", "say/ask/do/talk", "/here/you"), "what can i do", "what can you do",
              "what can i say"]),
    (Example(), [*_all("/show/give/load/try/start with/use", "example/pair example/example pair"), "what example",
                 "which example", "what example are there", "which example are there", "which example there are",
                 "which example have", "demo"]),
    (Check(), [*_all("/run/start", "check"), "check again", "check pair", "check model", "run", "run again", "go",
               "again", "recheck", "start", "compare models formally", "are equivalent", "are model equivalent",
               "are they equivalent", "is equivalent", "is candidate reformulation", "is reformulation",
               "is it reformulation", "is candidate reformulation of reference", "are they same",
               "check equivalent", "does candidate reformulate reference", "is candidate equivalent to reference"]),
    (Why(), ["why", "why not", "why so", "how come", "explain", "explain verdict", "explain answer",
             "explain why", "explain why not", "explain result", "explain counterexample", "why is", "why is so",
             "why is wrong", "why are not equivalent", "why is not equivalent", "why isn't",
             "tell why", "tell why not", "tell more", "what does mean", "what does verdict mean", "what is wrong",
             "what went wrong", "show why"]),
    (Forget(), _all("forget/drop/clear/remove/delete/no more", "hint/all hint/mapping/hint and mapping")),
    (Want("quasi-karp"), [
        *_all("/contract/use/use contract/check", "quasi-karp/quasi karp/quasikarp"),
        *_all("only", "optimum/optimum solution", "/matter/are important/must carry over/carry over/need carry over"),
        *_all("optimum/optimum solution", "only/matter only/are enough/is enough/suffice/suffices"),
        "only care about optimum solution", "only care about optimum", "i only need optimum"]),
    (Want("reformulation"), [
        *_all("/contract/use/use contract/full/check", "reformulation"),
        *_all("all", "solution/feasible solution", "matter/are important/must carry over/carry over/need carry over"),
        *_all("not only", "optimum/optimum solution", "/matter"), "both direction", "check both direction",
        "all solution", "care about all solution", "all solution must be kept", "keep all solution",
        "nothing may be lost", "no solution may be lost"]),
    (Swap(), ["swap", "other direction", "other direction round", "in other direction", "direction round other",
              *_all("swap/exchange/reverse/flip/switch", "roles/model/sides/reference and candidate/direction/pair"),
              "reverse", "vice versa", "check other direction", "check other direction round",
              "what about other direction", "try other direction", "other direction round check"]),
    (Restore(), ["undo", "undo last", "undo change", "restore", "restore row", "put row back", "put back row",
                 "put back", "put all back", "restore all", "take back", "undo drop"]),
    (Similar(), [*_all("/show/give/what/which/any/all/are there/know/have", "similar pair",
                       "/know/are known/in memory/are in memory/you know/have/from memory"),
                 "what know about pair", "what know", "what does memory say", "memory", "ask memory", "recall",
                 "seen before", "have seen before", "have seen anything similar", "similar", "show similar",
                 "show memory", "search memory"]),
    (GiveReport(), _all("/show/give", "/full/whole/last", "report/json/json report/report json/report as json/"
                        "report in json/evidence")),
    (Certify(), ["certify", "certificate", "certified", "proof", "exact proof", "exactly", "certify verdict",
                 "certify answer", "certify exactly", "is exact", "be exact", "how sure are", "prove", "prove exactly",
                 "prove verdict", "prove answer", "prove verdict exactly", "prove answer exactly",
                 "prove in exact arithmetic",
                 *_all("show/give/make/write/need", "/exact", "certificate/proof/certificate file/proof certificate")]),
    (VerifyCertificate(), [*_all("verify/check/test/validate", "/last", "certificate/proof"), "is certificate valid",
                           "is certificate right", "is certificate correct", "is proof valid"]),
    (GiveSnippet(), _all("/show/give/write/make", "python snippet/snippet/code/python code/script/python script/python "
                         "function/python",
                         "/maps solution/for mapping/for solution/maps candidate solution/for recovery/which maps "
                         "solution/mapping solution/maps solution back/of mapping/for mapping solution")),
    (ShowModels(), ["model", *_all("show", "model/both model/pair/settings/state/status"), "status", "settings",
                    "what are model", "which model", "what model have", "what have", "what is loaded",
                    "what is checked", "where are", "which model have"]),
    (ShowPictures(), [*_all("/show/give/make", "picture/all picture/picture of mapping/picture of pair/mapping/"
                            "picture of model")]),
    (Diff(), ["diff", "difference", "what changed", "what has changed", "what's changed", "what differs",
              "what is different", "what's different", "what is difference", "what's difference", "compare",
              "compare model", "compare two model", "compare both model", *_all("show/give", "diff/difference/changes"),
              "changes", "how differ", "how are different"]),
    (Continue(), ["continue", "go on", "resume", "go ahead", "proceed", "keep going", "carry on", "continue check"]),
    (Stop(), ["stop", "cancel", "abort", "halt", "stop check", "cancel check", "enough", "stop working"]),
    (New(), ["new", "new conversation", "new chat", "new pair", "new model", "start over", "start new",
             "start new conversation", "start again from scratch", "from scratch", "begin again", "reset",
             "another pair", "clear", "clear chat", "forget everything"]),
    (NoIdea(), ["no idea", "i don't know", "don't know", "dont know", "not know", "do not know", "skip", "pass",
                "no hint", "no clue", "no", "go on without", "continue without", "i have no idea", "have no idea",
                "no answer", "not sure", "i'm not sure"]),
    (Accept(), ["yes", "y", "yes please", "accept", "accepted", "accept model", "use", "use model", "right",
                 "correct", "is right", "is correct", "looks right", "looks good", "looks correct", "good", "fine",
                 "agreed", "all right", "yes is right", "yes correct", "yes that's right", "that's right",
                 "that's correct", "it's right", "perfect"]),
)  # fmt: skip

_MEANINGS: dict[str, Phrase] = {}
for _phrase, _sentences in _SAID:
    for _sentence in _sentences:
        _MEANINGS.setdefault(_reduced(_sentence), _phrase)
