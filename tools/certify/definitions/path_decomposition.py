"""Flows on paths, by the checker's lemma."""

from __future__ import annotations

from typing import Any

from tools.certify.definitions.realised import ONE, ZERO, Realised, total
from tools.certify.space import Affine, Space
from tools.mapping.functions.path_decomposition import PathDecomposition


def realise_path_decomposition(space: Space, function: PathDecomposition) -> Realised:
    """Return the path flows of the lemma, over the arcs that are no loops."""
    made = Realised(space, function)
    arcs = [a for a, (tail, head) in enumerate(function.arcs) if tail != head]
    flows = {a: made.affine(function.flow[a]) for a in arcs}

    def net(node: int) -> Affine:
        out = total(flows[a] for a in arcs if function.arcs[a][0] == node)
        return out.plus(total(flows[a] for a in arcs if function.arcs[a][1] == node), -1)

    def proof(value: Affine, label: str) -> Any:
        return made.prove(value, (), made.conditions.get(label, ())) if value.terms else None

    inner = sorted({node for a in arcs for node in function.arcs[a]} - {function.start, function.end})
    place = {a: k for k, a in enumerate(arcs)}
    value = net(function.start)
    proofs = {
        "flows": [proof(flows[a], f"flow({a})") for a in arcs],
        "conservation": [[proof(part, f"conservation({v})") for part in (net(v), -net(v))] for v in inner],
        "value": proof(value, "value"),
        "integral": [space.prove_whole(flows[a]) for a in arcs] if function.integral else None,
    }
    step = {
        "start": function.start,
        "end": function.end,
        "arcs": [[*function.arcs[a], space.expression(flows[a])] for a in arcs],
        "paths": [[place[a] for a in path] for path in function.paths],
        "names": list(function.names),
        "integer": function.integral,
        "proofs": proofs,
    }
    first = len(space.names)
    through = [(value, list(range(len(function.paths))))]
    through += [(flows[a], [k for k, path in enumerate(function.paths) if a in path]) for a in arcs]
    rows = []
    acyclic = not _cyclic({function.arcs[a] for a in arcs})
    for k, (flow, paths) in enumerate(through):
        form = {**(-flow).terms, **{first + path: ONE for path in paths}}
        rows.append((form, flow.constant if acyclic or not k else None, flow.constant))
    made.pool += range(space.row_count, space.row_count + len(rows))
    labels = ["value", *(f"arc({a})" for a in arcs)]
    made.hints.update({label: ((), [space.row_count + k]) for k, label in enumerate(labels)})
    space.add_lemma({"paths": step}, [(name, ZERO, None, function.integral) for name in function.names], rows)
    return made


def _cyclic(remaining: set[tuple[int, int]]) -> bool:
    while kept := {arc for arc in remaining if arc[1] in {tail for tail, _ in remaining}}:
        if kept == remaining:
            return True
        remaining = kept
    return False
