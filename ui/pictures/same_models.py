"""Whether two model files are those that a report is about."""

from __future__ import annotations

from tools.formulation.model import Formulation
from tools.report import Report
from ui.safe_text import safe


def mismatch(report: Report, reference: Formulation, candidate: Formulation) -> str:
    """Return what shows that these are not the models of the report, as the end of a sentence; "" when nothing does."""
    for role, model, told in (("reference", reference, report.reference), ("candidate", candidate, report.candidate)):
        found = (len(model.variables), len(model.rows), model.nonzeros)
        if found != (told.variables, told.constraints, told.nonzeros):
            return (
                f"the report is about another {role}, of {told.variables} variables, {told.constraints} rows and "
                f"{told.nonzeros} coefficients; this one has {found[0]}, {found[1]} and {found[2]}"
            )
    mapping = report.mapping
    if mapping is not None:
        used = {name for expression in mapping.recovery.values() for name in expression["terms"]}
        for role, model, names in (
            ("reference", reference, [*mapping.recovery, *mapping.completed]),
            ("candidate", candidate, sorted(used)),
        ):
            for name in names:
                if name not in model.variable_index:
                    return f"the report is about another {role}: the mapping names {safe(name)}, which it does not have"
    return ""
