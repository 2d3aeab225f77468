"""Claims: the six statements about a pair of formulations, decided with evidence."""
