"""CPLEX's solution files, and XML that is meant to harm."""

from fractions import Fraction

import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution

SOLUTION = """\
<?xml version = "1.0" encoding="UTF-8" standalone="yes"?>
<CPLEXSolution version="1.2">
 <header
   problemName="m.lp"
   objectiveValue="19.4"
   solutionStatusString="integer optimal solution"
   primalFeasible="1"/>
 <quality epInt="1.0000000000000001e-05" maxIntInfeas="0"/>
 <linearConstraints>
  <constraint name="c1" index="0" slack="0"/>
 </linearConstraints>
 <variables>
  <variable name="x[1]" index="0" value="4"/>
  <variable name="a&lt;b" index="1" value="-0.10000000000000001"/>
 </variables>
</CPLEXSolution>
"""


def test_variables_and_nothing_else() -> None:
    solution = parse_solution(SOLUTION)
    assert solution.values == {"x[1]": 4, "a<b": Fraction("-0.10000000000000001")}
    assert (solution.format, solution.omits_zeros, solution.notes) == ("CPLEX", False, ())


def test_an_infeasible_point_is_said() -> None:
    assert parse_solution(SOLUTION.replace('Feasible="1"', 'Feasible="0"')).notes


@pytest.mark.parametrize("declaration", ['<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_document_types_are_refused(declaration: str) -> None:
    text = SOLUTION.replace("<CPLEXSolution", f"{declaration}\n<CPLEXSolution", 1)
    with pytest.raises(ParseError, match="line 2: a document type or an entity"):
        parse_solution(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" </variables>", " ", "line 16: no well-formed XML: mismatched tag"),
        ('value="4"', 'value="nan"', "line 13: the value of 'x\\[1\\]'"),
        ('name="x[1]"', "", "line 13: a value without a name"),
        ("a&lt;b", "x[1]", "line 14: 'x\\[1\\]' has a value already"),
        ("</CPLEXSolution>", "<CPLEXSolution/></CPLEXSolution>", "several solutions"),
        ("a&lt;b", "&other;", "undefined entity"),
        ("<variables>", "<variables/><other>", "no well-formed XML"),
    ],
)
def test_faults_name_their_line(old: str, new: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse_solution(SOLUTION.replace(old, new))


def test_deep_nesting_does_no_harm() -> None:
    with pytest.raises(ParseError, match="no variable"):
        parse_solution("<CPLEXSolution>" + "<a>" * 50_000 + "</a>" * 50_000 + "</CPLEXSolution>")
