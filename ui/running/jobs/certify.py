"""An answer is proved exactly: a certificate of the report's claims, which the independent checker accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.certifying import certify as certified
from agent.certifying import with_certificate
from agent.requested_settings import settings_of
from agent.run import check
from tools.errors import InputError
from tools.json_fields import number_of, object_of, whole_of
from tools.report import Report
from ui.running.source import Source
from ui.safe_text import safe, safe_sentence

LONGEST_CERTIFICATE = 60_000_000
"""Characters of a certificate that is handed over; a larger one is made by `quasikarp check --certificate`."""


def certify(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"certificate", "sha256", "report", "shows_verdict", "certified", "gaps"} for "reference", "candidate".

    "report" is a report on this pair; where there is none, the pair is checked first, under "settings". Proofs may take
    "time_limit" seconds. "certificate" is the text of the file, "report" the report as the certificate bears it out;
    "certified" has the claims that it shows with their results, "gaps" why the others are not in it.
    """
    reference = Source.of(request.get("reference"), "reference").model()
    candidate = Source.of(request.get("candidate"), "candidate").model()
    if request.get("report") is None:
        emit({"kind": "step", "node": "check", "message": "there is no report yet"})
        report = check(reference, candidate, settings_of(object_of(request, "settings")))
    else:
        report = Report.from_json(object_of(request, "report"))
    emit({"kind": "step", "node": "certify", "message": f"exact proofs for: {report.verdict.replace('_', ' ')}"})
    seconds, seed = number_of(request, "time_limit", 60.0), whole_of(request, "seed", 0)
    if not 0 < seconds < float("inf"):
        raise InputError(f"time_limit must be a number of seconds above 0, found {seconds}")
    certificate = certified(reference, candidate, report, time_limit=seconds, seed=seed)
    if len(certificate.text) > LONGEST_CERTIFICATE:
        raise InputError(
            f"the certificate has {len(certificate.text)} characters; have it written by quasikarp check --certificate"
        )
    report = with_certificate(report, certificate)
    assert report.certificate is not None
    return {
        "certificate": certificate.text,
        "sha256": certificate.sha256,
        "report": report.to_json(),
        "shows_verdict": report.certificate.verdict and report.verdict != "unknown",
        "certified": dict(certificate.certified),
        "gaps": {safe(name): safe_sentence(reason) for name, reason in report.certificate.gaps.items()},
    }
