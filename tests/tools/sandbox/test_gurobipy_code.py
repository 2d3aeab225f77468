import importlib.util
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tools.errors import InputError, UnsupportedError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.sandbox import run
from tools.sandbox.errors import CodeError
from tools.sandbox.limits import SandboxLimits
from tools.sandbox.run import run_gurobipy_code

needs_gurobipy = pytest.mark.skipif(
    importlib.util.find_spec("gurobipy") is None, reason="gurobipy is not installed (pip install gurobipy)"
)

START = "import gurobipy as gp\nfrom gurobipy import GRB\nm = gp.Model('shop')\n"


def built(code: str) -> Formulation:
    return run_gurobipy_code(START + code, {})


def test_without_gurobipy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install gurobipy"):
        run_gurobipy_code("", {})


@needs_gurobipy
def test_the_model_comes_back_exactly() -> None:
    found = built(
        """
x = m.addVar(name='x', ub=0.1, lb=-GRB.INFINITY)
y = m.addVar(name='y', vtype=GRB.INTEGER, ub=7)
z = m.addVar(name='z', vtype=GRB.BINARY)
m.addConstr(0.1 * x + 3 * y + x >= z - 2, name='a')
m.addConstr(y + z <= 1e-7, name='b')
m.addConstr(x == 1 / 3, name='c')
m.setObjective(2 * x - 0.3 * y + 0.7, GRB.MAXIMIZE)
m.optimize()
raise RuntimeError('never reached')
"""
    )
    expected = parse_lp(
        "max 2 x - 0.3 y + 0 z + 0.7\nst\n a: 1.1 x + 3 y - z >= -2\n b: y + z <= 1e-7\n c: x = 0.3333333333333333\n"
        "bounds\n x >= -inf\n x <= 0.1\n y <= 7\ngeneral\n y\nbinary\n z\nend"
    )
    assert found.same_as(expected)
    assert found.name == "shop"
    assert found.objective_constant == Fraction(7, 10)


@needs_gurobipy
def test_the_first_solved_model_counts_else_the_last_one_made() -> None:
    two = "n = gp.Model('other'); n.addVar(name='v'); m.addVar(name='w')\n"
    assert built(two).variables == ("v",)
    assert built(two + "m.optimize(); n.optimize()").variables == ("w",)
    assert built(two + "try:\n    m.optimize()\nexcept Exception:\n    pass\nn.optimize()").variables == ("w",)
    assert built(two + "try:\n    m.optimize()\nexcept BaseException:\n    n.optimize()").variables == ("w",)


@needs_gurobipy
def test_a_model_that_is_disposed_of_was_seen_before() -> None:
    inside = "with gp.Env() as e, gp.Model(env=e) as k:\n    k.addVar(name='inner')\n"
    assert built(inside).variables == ("inner",)
    assert built("m.addVar(name='q')\nm.dispose()").variables == ("q",)


@needs_gurobipy
def test_a_copy_is_not_solved_either() -> None:
    assert built("m.addVar(name='q')\nm.update()\nm.copy().optimize()").variables == ("q",)


@needs_gurobipy
def test_models_beyond_the_size_of_the_free_licence_are_built() -> None:
    found = built("x = m.addVars(4000, name='x')\nm.addConstrs(x[i] <= i for i in range(3000))\nm.optimize()")
    assert found.shape == (3000, 4000)


@needs_gurobipy
def test_repeated_names_are_told_apart() -> None:
    found = built("for i in range(3): m.addConstr(m.addVar(name='x') <= 1, name='c')\nm.addVar(name='x#2')")
    assert found.variables[:3] == ("x", "x#2", "x#3")
    assert len(set(found.variables)) == 4
    assert found.rows == ("c", "c#2", "c#3")


@needs_gurobipy
def test_names_may_be_of_any_script() -> None:
    assert built("m.addVar(name='größe [ß, 1]')").variables == ("größe [ß, 1]",)


@needs_gurobipy
@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("m.addConstr(x * y <= 1, name='bend')", "quadratic constraint 'bend'"),
        ("m.setObjective(x * y)", "quadratic objective"),
        ("m.addSOS(GRB.SOS_TYPE1, [x, y])", "special ordered set"),
        ("m.addGenConstrMax(x, [y], name='most')", "general constraint 'most'"),
        ("m.addConstr((b == 1) >> (x <= 1), name='then')", "general constraint 'then'"),
        ("m.setPWLObj(x, [0, 1, 2], [0, 1, 4])", "piecewise-linear objective"),
        ("m.setObjectiveN(x, 0); m.setObjectiveN(y, 1)", "2 objectives"),
        ("m.addVar(vtype='S', ub=3, name='half')", "semi-continuous or semi-integer variable 'half'"),
    ],
)
def test_what_is_not_linear_is_refused_by_name(code: str, named: str) -> None:
    with pytest.raises(UnsupportedError, match=named):
        built("x, y, b = m.addVar(), m.addVar(), m.addVar(vtype='B')\n" + code)


@needs_gurobipy
def test_code_without_a_model_and_failing_code_are_errors() -> None:
    with pytest.raises(CodeError, match="no gurobipy model"):
        run_gurobipy_code("import gurobipy", {})
    with pytest.raises(CodeError, match="NameError"):
        built("undefined")
    with pytest.raises(CodeError, match="took more than"):
        run_gurobipy_code("while True: pass", {}, SandboxLimits(seconds=1))


@needs_gurobipy
def test_a_printed_or_forged_model_is_only_data() -> None:
    assert built("""print('{"model": {}}')\nm.addVar(name='x')""").variables == ("x",)
    forged = (
        "import os\nfor d in range(3, 3000):\n    try: os.write(d, b'{\"model\": [1]}')\n    except OSError: pass\n"
    )
    with pytest.raises(CodeError, match="not an object"):
        built(forged + "os._exit(0)")


@needs_gurobipy
def test_gurobipy_is_loaded_in_the_child_only() -> None:
    code = (
        "import sys\nfrom tools.sandbox.run import run_gurobipy_code\n"
        "run_gurobipy_code('import gurobipy as gp; gp.Model()', {})\n"
        "assert not any(name.startswith('gurobipy') for name in sys.modules)\n"
        "assert 'gurobi' not in open('/proc/self/maps').read()"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, timeout=60)
