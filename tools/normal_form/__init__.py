"""Reversible normal forms: one step a file, each with the maps in both directions, composed exactly.

The normal form takes away what `tools.isomorphism` cannot see through. That search already treats as equal: names and
order, the sense, rows scaled by any number, continuous columns scaled, columns shifted and reflected (x ↦ x − l,
x ↦ u − x), the objective scaled and shifted. So there are no steps for those but two that ease other steps
(minimisation; rows over integers divided by their greatest common divisor, where sides are rounded).
"""
