"""Runs code of strangers and returns what it built: no network, no writing outside a scratch folder, bounded in all."""
