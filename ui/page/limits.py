"""What the page takes from a user."""

from __future__ import annotations

LONGEST_MESSAGE = 5_000_000
"""Characters of one message."""

LARGEST_FILE_MB = 20
"""Megabytes of one file."""

MODEL_FILES = ("lp", "mps", "json", "gz", "txt", "md", "tex")
"""Kinds of files that may hold a model."""
