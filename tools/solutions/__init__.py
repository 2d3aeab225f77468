"""Solutions as solvers and people write them down, read into exact numbers by variable name."""
