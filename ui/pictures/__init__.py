"""Pictures of a pair of models, of a mapping between them and of a run, as SVG and PNG."""
