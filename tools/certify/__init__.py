"""Certificates: exact proofs of what a check found, for the independent checker `quasikarp_verify.py`.

docs/certificates.md has the format and the proof system. Nothing here is trusted: what the checker refuses is not
certified.
"""
