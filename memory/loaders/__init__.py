"""Loaders of data sets, one file each: they only yield pairs of models, and what could not be read."""
