from dataclasses import replace

from tools.formulation.model import Formulation
from tools.report import Report
from ui.pictures.gallery import gallery, picture_of
from ui.pictures.kinds import KINDS
from ui.pictures.picture import NoPicture


def sized(report: Report, reference: Formulation, candidate: Formulation) -> Report:
    sizes = [{"nonzeros": m.nonzeros, "constraints": len(m.rows)} for m in (reference, candidate)]
    return replace(
        report, reference=replace(report.reference, **sizes[0]), candidate=replace(report.candidate, **sizes[1])
    )


def test_a_counterexample_comes_first(
    equivalent: Report, refuted: Report, reference_model: Formulation, candidate_model: Formulation
) -> None:
    models = (reference_model, candidate_model)
    orders = [[p.kind for p in gallery(sized(report, *models), *models)] for report in (equivalent, refuted)]
    assert orders[0] == ["composition", "sets", "sparsity", "hypotheses"]
    assert orders[1] == ["sets", "composition", "sparsity", "hypotheses"]


def test_without_models_or_mapping_there_are_fewer(equivalent: Report, undecided: Report) -> None:
    assert [picture.kind for picture in gallery(equivalent, None, None)] == ["composition", "hypotheses"]
    assert [picture.kind for picture in gallery(undecided, None, None)] == ["hypotheses"]


def test_every_kind_has_its_maker_and_faults_of_input_are_reasons(equivalent: Report) -> None:
    assert equivalent.mapping is not None
    wrong = {"y": {"function": "no such", "arguments": {}}}
    report = replace(equivalent, mapping=replace(equivalent.mapping, completed=("y",), completed_by=wrong))
    for kind in KINDS:
        assert picture_of(kind, report, None, None).kind == kind
    found = picture_of("composition", report, None, None)
    assert isinstance(found, NoPicture)
    assert "no such" in found.reason
