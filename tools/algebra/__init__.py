"""A small exact algebraic modelling format, `quasikarp/algebra/1`: sets, parameters and sums become a formulation."""
