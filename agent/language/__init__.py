"""The way to a language model: what is asked, what it may cost, how answers are read. Nothing of it is trusted."""
