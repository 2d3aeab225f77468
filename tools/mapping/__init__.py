"""Mappings: affine recoveries and liftings, and the rules in which people write them."""
