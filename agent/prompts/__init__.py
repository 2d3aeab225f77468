"""What language models are told, one Markdown file a task."""

from __future__ import annotations

from importlib.resources import files


def prompt(name: str) -> str:
    """Return the text of `agent/prompts/<name>.md`."""
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8").strip()
