"""The list of backends; a new one is one new file and one line here."""

from __future__ import annotations

from tools.solvers.backends.backend import Backend
from tools.solvers.backends.clarabel import CLARABEL
from tools.solvers.backends.cp_sat import CP_SAT
from tools.solvers.backends.glop import GLOP
from tools.solvers.backends.gscip import GSCIP
from tools.solvers.backends.highs import HIGHS

ALL: tuple[Backend, ...] = (HIGHS, GLOP, GSCIP, CP_SAT, CLARABEL)

LP_ORDER: tuple[Backend, ...] = (HIGHS, GLOP, CLARABEL)
"""Who is asked first, second and third about a linear program."""

MILP_ORDER: tuple[Backend, ...] = (GSCIP, CP_SAT, HIGHS)
"""Who is asked first, second and third about a problem with integer variables, among those that accept it."""
