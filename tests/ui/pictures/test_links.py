from collections.abc import Callable

import pytest

from tools.errors import MappingError
from tools.report import Report
from ui.pictures.links import Link, Links, Node, links_of


def found(report: Report) -> Links:
    assert report.mapping is not None
    return links_of(report.mapping)


def test_factors_signs_and_constants(recovering: Callable[..., Report]) -> None:
    links = found(recovering({"x": ("0", {"u": "1", "v": "10"}), "y": ("1", {"w": "-1"}), "z": ("1/3", {})}))
    assert links.targets == (Node("x", 1), Node("y", 1, "1 + …"), Node("z", 1, "1/3"))
    assert [node.label for node in links.sources] == ["u", "v", "w"]
    assert links.links == (Link(0, 0, "plus", ""), Link(0, 1, "plus", "10·"), Link(1, 2, "minus", "−1·"))
    assert (links.used, links.same_names) == (3, False)


def test_zero_factors_are_no_links(recovering: Callable[..., Report]) -> None:
    assert found(recovering({"x": ("0", {"u": "0", "v": "2"})})).links == (Link(0, 0, "plus", "2·"),)


def test_large_mappings_are_folded(recovering: Callable[..., Report]) -> None:
    recovery = {f"x[{i}]": ("0", {f"d[{i},{k}]": str(10**k) for k in range(2)}) for i in range(30)}
    recovery |= {f"open_{i}": ("1", {f"closed_{i}": "-1"}) for i in range(30)}
    recovery |= {f"s({i})": (str(i), {f"t({i},{k})": "3" for k in range(2)}) for i in range(30)}
    recovery |= {f"m{i}": ("0", {f"n{i}": "1" if i % 2 else "-1"}) for i in range(30)}
    links = found(recovering({**recovery, "alone": ("0", {"single": "7"})}))
    assert [(node.label, node.count, node.constant) for node in links.targets] == [
        ("x[·]", 30, ""), ("open_·", 30, "1 + …"), ("s(·)", 30, "const. + …"), ("m·", 30, ""), ("alone", 1, ""),
    ]  # fmt: skip
    assert [(link.sign, link.label) for link in links.links] == [
        ("plus", "Σ, various"), ("minus", "−1·"), ("plus", "3·Σ"), ("mixed", "various"), ("plus", "7·"),
    ]  # fmt: skip


def test_many_families_are_bounded(recovering: Callable[..., Report]) -> None:
    names = [chr(97 + i) + chr(97 + j) for i in range(10) for j in range(10)]
    links = found(recovering({f"{name}q": ("0", {f"{name}p": "1"}) for name in names}))
    assert len(links.targets) == len(links.sources) == 12
    assert links.targets[-1] == Node("… and 89 more", 89)
    assert len(links.links) <= 144


def test_kept_names_are_told_apart_from_a_permutation(recovering: Callable[..., Report]) -> None:
    kept = found(recovering({f"x[{i}]": ("0", {f"x[{i}]": "1"}) for i in range(3)}))
    assert (kept.same_names, kept.targets) == (True, (Node("x[·]", 3),))
    assert not found(recovering({"a": ("0", {"b": "1"}), "b": ("0", {"a": "1"})})).same_names
    assert not found(recovering({"a": ("2", {"a": "1"})})).same_names


def test_completed_variables_by_expression_and_by_function(recovering: Callable[..., Report]) -> None:
    inner = {"function": "product", "arguments": {"output": "p", "factors": []}}
    with pytest.raises(MappingError):
        found(recovering({}, completed=("y",), completed_by={"y": inner}))
    affine = {"function": "affine", "arguments": {"constant": "0", "terms": {"w": "1"}}}
    links = found(
        recovering({"x": ("0", {"u": "1"}), "e": ("0", {"u": "1"})}, completed=("y", "e"), completed_by={"y": affine})
    )
    assert [(node.label, node.standing) for node in links.targets] == [
        ("x", "mapped"), ("e", "completed"), ("y", "completed"),
    ]  # fmt: skip
    assert Link(2, 1, "function", "affine") in links.links


def test_completed_members_of_a_family_are_a_node_of_their_own(recovering: Callable[..., Report]) -> None:
    recovery = {f"x[{i}]": ("0", {f"u[{i}]": "1"}) for i in range(30)}
    links = found(recovering(recovery, completed=("x[3]", "x[4]")))
    assert [(node.count, node.standing) for node in links.targets] == [(28, "mapped"), (2, "completed")]
