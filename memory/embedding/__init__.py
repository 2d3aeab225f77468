"""The two embeddings of a pair: a structural fingerprint that needs nothing, and its words."""
