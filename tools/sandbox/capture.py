"""Takes a gurobipy model apart instead of solving it. Used in the child process only, where gurobipy is imported."""

from __future__ import annotations

from typing import Any


class SolveReachedError(BaseException):
    """The code asked for a solution: the model is complete. Not an `Exception`, so that the code does not catch it."""


class NotLinearError(Exception):
    """The model has a part that is not linear or mixed-integer; the message names it."""


class Capture:
    """Remembers the model that the code solves, or else the last one that it made."""

    def __init__(self, gurobipy: Any) -> None:
        self._taken: dict[str, Any] | None = None
        self._last: Any = None
        kind = gurobipy.Model
        made, left, disposed = kind.__init__, kind.__exit__, kind.dispose

        def note(model: Any, *arguments: Any, **named: Any) -> None:
            made(model, *arguments, **named)
            self._last = model

        def solve(model: Any, *arguments: Any, **named: Any) -> None:
            if self._taken is None:
                self._taken = described(model)
            raise SolveReachedError

        def leave(model: Any, *arguments: Any) -> Any:
            self._before_disposal(model)
            return left(model, *arguments)

        def dispose(model: Any) -> Any:
            self._before_disposal(model)
            return disposed(model)

        kind.__init__, kind.__exit__, kind.dispose = note, leave, dispose
        for name in ("optimize", "optimizeAsync", "optimizeasync", "computeIIS", "feasRelax", "feasRelaxS", "tune"):
            if hasattr(kind, name):
                setattr(kind, name, solve)

    def model(self) -> dict[str, Any] | None:
        """Return the model as plain data, or None where the code made none."""
        if self._taken is None and self._last is not None:
            self._taken = described(self._last)
        return self._taken

    def _before_disposal(self, model: Any) -> None:
        if self._taken is None and model is self._last:
            self._taken = described(model)


def described(model: Any) -> dict[str, Any]:
    """Return the variables, rows and objective of a gurobipy model as plain data; raises `NotLinearError`."""
    model.update()
    _refuse_what_is_not_linear(model)
    variables, rows = model.getVars(), model.getConstrs()
    starts, columns, coefficients = [0], [], []
    for row in rows:
        terms = model.getRow(row)
        for position in range(terms.size()):
            columns.append(terms.getVar(position).index)
            coefficients.append(terms.getCoeff(position))
        starts.append(len(columns))
    return {
        "name": model.ModelName,
        "sense": model.ModelSense,
        "constant": model.ObjCon,
        "variables": model.getAttr("VarName", variables),
        "lower": model.getAttr("LB", variables),
        "upper": model.getAttr("UB", variables),
        "kinds": model.getAttr("VType", variables),
        "objective": model.getAttr("Obj", variables),
        "rows": model.getAttr("ConstrName", rows),
        "senses": model.getAttr("Sense", rows),
        "sides": model.getAttr("RHS", rows),
        "starts": starts,
        "columns": columns,
        "coefficients": coefficients,
    }


def _refuse_what_is_not_linear(model: Any) -> None:
    if model.NumQConstrs:
        raise NotLinearError(f"the quadratic constraint {model.getQConstrs()[0].QCName!r}")
    if model.NumGenConstrs:
        raise NotLinearError(f"the general constraint {model.getGenConstrs()[0].GenConstrName!r}")
    if model.NumSOS:
        raise NotLinearError(f"a special ordered set ({model.NumSOS} in all)")
    if model.IsQP:
        raise NotLinearError("a quadratic objective")
    if model.NumPWLObjVars:
        raise NotLinearError("a piecewise-linear objective")
    if model.NumObj > 1:
        raise NotLinearError(f"{model.NumObj} objectives")
    if model.NumScenarios > 1:
        raise NotLinearError(f"{model.NumScenarios} scenarios")
    for variable in model.getVars():
        if variable.VType in ("S", "N"):
            raise NotLinearError(f"the semi-continuous or semi-integer variable {variable.VarName!r}")
