"""Planners: each proposes mappings lazily, in order of cost; none decides anything."""
