"""Published methods as their authors describe them, for comparison: nothing here takes part in a check."""
