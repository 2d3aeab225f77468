"""The way to a language model: what is asked, what it may cost, and how its answers are read. Nothing of it is trusted."""
