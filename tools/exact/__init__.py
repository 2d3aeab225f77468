"""Exact arithmetic: rational points, dual proofs and branch trees recovered from floating-point solvers."""
