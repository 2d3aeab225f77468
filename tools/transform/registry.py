"""Every transformation, by the name that the command line uses; a new one gets one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.transform.kinds.add_equality import AddEquality
from tools.transform.kinds.big_m import BigM
from tools.transform.kinds.bounds_as_rows import BoundsAsRows
from tools.transform.kinds.capped_digits import CappedDigits
from tools.transform.kinds.complement import Complement
from tools.transform.kinds.defined_variable import DefinedVariable
from tools.transform.kinds.digits import Digits
from tools.transform.kinds.disaggregate import Disaggregate
from tools.transform.kinds.duplicate_rows import DuplicateRows
from tools.transform.kinds.epigraph import Epigraph
from tools.transform.kinds.fixed_variable import FixedVariable
from tools.transform.kinds.flip_sense import FlipSense
from tools.transform.kinds.free_split import FreeSplit
from tools.transform.kinds.idle_binary import IdleBinary
from tools.transform.kinds.implied_integrality import ImpliedIntegrality
from tools.transform.kinds.integer_slack import IntegerSlack
from tools.transform.kinds.linear_substitution import LinearSubstitution
from tools.transform.kinds.merge_columns import MergeColumns
from tools.transform.kinds.negate import Negate
from tools.transform.kinds.objective_by_equality import ObjectiveByEquality
from tools.transform.kinds.objective_cut import ObjectiveCut
from tools.transform.kinds.objective_variable import ObjectiveVariable
from tools.transform.kinds.one_hot import OneHot
from tools.transform.kinds.ordered_unary import OrderedUnary
from tools.transform.kinds.permute import Permute
from tools.transform.kinds.product import Product
from tools.transform.kinds.redundant_rows import RedundantRows
from tools.transform.kinds.rename import Rename
from tools.transform.kinds.rounded_cuts import RoundedCuts
from tools.transform.kinds.scale_columns import ScaleColumns
from tools.transform.kinds.scale_objective import ScaleObjective
from tools.transform.kinds.scale_rows import ScaleRows
from tools.transform.kinds.shift import Shift
from tools.transform.kinds.slack import Slack
from tools.transform.kinds.split import Split
from tools.transform.kinds.split_equality import SplitEquality
from tools.transform.kinds.split_range import SplitRange
from tools.transform.kinds.symmetry_breaking import SymmetryBreaking
from tools.transform.kinds.tighten_bounds import TightenBounds
from tools.transform.kinds.truncated_digits import TruncatedDigits
from tools.transform.kinds.unary import Unary
from tools.transform.kinds.valid_inequalities import ValidInequalities
from tools.transform.transformation import Transformation

_ALL: tuple[Transformation, ...] = (
    Rename(),
    Permute(),
    FlipSense(),
    ScaleObjective(),
    Epigraph(),
    ObjectiveVariable(),
    ScaleRows(),
    ScaleColumns(),
    Shift(),
    Complement(),
    Negate(),
    LinearSubstitution(),
    Digits(),
    CappedDigits(),
    Unary(),
    OrderedUnary(),
    OneHot(),
    Split(),
    Disaggregate(),
    FreeSplit(),
    Slack(),
    IntegerSlack(),
    DefinedVariable(),
    FixedVariable(),
    Product(),
    IdleBinary(),
    SplitEquality(),
    SplitRange(),
    DuplicateRows(),
    RedundantRows(),
    ValidInequalities(),
    RoundedCuts(),
    AddEquality(),
    ObjectiveByEquality(),
    BoundsAsRows(),
    TightenBounds(),
    BigM(),
    ImpliedIntegrality(),
    TruncatedDigits(),
    ObjectiveCut(),
    SymmetryBreaking(),
    MergeColumns(),
)

TRANSFORMATIONS: Mapping[str, Transformation] = MappingProxyType({kind.name: kind for kind in _ALL})
"""In the order in which lists show them: renaming first, those that lose solutions last."""
