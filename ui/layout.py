"""How the texts for people are laid out: whole lines, and tables without rules under a title."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text


def print_line(console: Console, content: str | Text, indent: str = "") -> None:
    """Print one line; long ones stay whole, so that they can be searched and copied (terminals wrap them)."""
    console.print(Text.assemble(indent, content), soft_wrap=True)


def print_sentence(console: Console, content: str | Text, indent: str = "") -> None:
    """Print prose: broken between words on a terminal, as one line anywhere else."""
    if not console.is_terminal:
        print_line(console, content, indent)
        return
    text = Text(content) if isinstance(content, str) else content
    console.print(Padding(text, (0, 0, 0, len(indent)), expand=False))


def print_section(console: Console, title: str, table: Table) -> None:
    """Print a table under its title, after an empty line."""
    console.print()
    if title:
        console.print(Text(title, style="bold"))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def plain_table(*columns: str) -> Table:
    """Return an empty table without rules."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    return table
