"""Finds how one formulation becomes another by permuting, scaling, shifting and reflecting its columns and rows."""
