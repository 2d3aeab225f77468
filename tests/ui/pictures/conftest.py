"""Reports about small models, without any check: pictures believe what a report says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tools.formulation.model import Formulation
from tools.report import MappingSummary, ModelSummary, Report


@pytest.fixture
def recovering(equivalent: Report) -> Callable[..., Report]:
    """Return a report whose recovery is {reference variable: (constant, {candidate variable: coefficient})}."""

    def build(recovery: Mapping[str, tuple[str, Mapping[str, str]]], **more: Any) -> Report:
        assert equivalent.mapping is not None
        written = {name: {"constant": c, "terms": dict(terms)} for name, (c, terms) in recovery.items()}
        mapping: MappingSummary = replace(equivalent.mapping, recovery=written, **more)
        used = len({source for _, terms in recovery.values() for source in terms})
        return replace(
            equivalent,
            mapping=mapping,
            reference=replace(equivalent.reference, variables=len(recovery)),
            candidate=replace(equivalent.candidate, variables=used),
        )

    return build


@pytest.fixture
def about(recovering: Callable[..., Report]) -> Callable[..., Report]:
    """Return a report about these two models with this recovery; `changes` go into the report."""

    def build(
        reference: Formulation,
        candidate: Formulation,
        recovery: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
        statuses: tuple[str, str] = ("unknown", "unknown"),
        optima: tuple[float | None, float | None] = (None, None),
        **changes: Any,
    ) -> Report:
        def summary(model: Formulation, side: int) -> ModelSummary:
            sizes = (len(model.variables), int(model.integer.sum()), len(model.rows), model.nonzeros)
            return ModelSummary(model.name, *sizes, statuses[side], optima[side])

        report = recovering(recovery or {})
        if recovery is None:
            report = replace(report, mapping=None)
        return replace(report, reference=summary(reference, 0), candidate=summary(candidate, 1), **changes)

    return build
