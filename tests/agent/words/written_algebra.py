"""Answers of language models that are asked to formulate a problem."""

import json
from typing import Any

from agent.language.chat import Message
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger

BAKERY = """
A bakery sells bread and cake. Its 3 ovens run 8 hours a day. At most 20% of what is sold may be cake.

| product | profit | hours |
|---------|--------|-------|
| bread   | 2.5    | 0.1   |
| cake    | 7      | 1/3   |
"""


def answer(**changes: Any) -> str:
    """What a good model answers to BAKERY, with these parts replaced."""
    return json.dumps(
        {
            "name": "bakery", "description": "what to bake", "sense": "maximize",
            "sets": [{"name": "P", "labels": [], "labels_from": "product", "first": "", "last": ""}],
            "parameters": [
                {"name": "profit", "indices": ["P"], "values": None, "data": "profit", "description": ""},
                {"name": "h", "indices": ["P"], "values": None, "data": "hours", "description": "oven hours"},
                {"name": "ovens", "indices": [], "values": 3, "data": "", "description": ""},
            ],
            "variables": [
                {"name": "x", "indices": ["P"], "kind": "integer", "lower": "0", "upper": None, "description": "sold"}
            ],
            "objective": "sum(profit[p]*x[p] for p in P)",
            "constraints": [
                {"name": "time", "for": [], "expression": "sum(h[p]*x[p] for p in P) <= 8*ovens", "description": ""},
                {"name": "share", "for": [], "expression": "x['cake'] <= 0.2*sum(x[p] for p in P)",
                 "description": "little cake"},
            ],
            "assumptions": ["everything baked is sold"],
        } | changes
    )  # fmt: skip


def constraint(expression: str, *clauses: str) -> dict[str, Any]:
    return {"name": "r", "for": list(clauses), "expression": expression, "description": ""}


def ledger(**limits: Any) -> Ledger:
    return Ledger(LanguageModel("some", **({"prompt_tokens": 30_000, "tokens": 10**6, "calls": 50} | limits)))


def said(messages: "tuple[Message, ...]") -> str:
    return messages[-1].text
