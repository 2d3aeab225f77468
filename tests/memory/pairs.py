"""Small pairs with index structure that several tests of memory use."""

from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation


def levels_pair(rows: int, top: int = 3, unary: str = "u", choice: str = "z") -> tuple[Formulation, Formulation]:
    """The "at least level k" binaries, and a binary for each level: u[i,k] = sum(z[i,m] for m if m >= k)."""
    levels = range(1, top + 1)
    gain = {(i, k): 1 + (7 * i * i + 11 * k + 3 * i * k) % 9 for i in range(rows) for k in levels}
    use = {(i, k): 1 + (5 * i * i + 3 * k + 2 * i * k) % 5 for i in range(rows) for k in levels}
    room = sum(use.values()) // 3
    first = [f"{gain[key]} {unary}[{key[0]},{key[1]}]" for key in gain]
    order = [f" {unary}[{i},{k}] - {unary}[{i},{k - 1}] <= 0" for i in range(rows) for k in levels if k > 1]
    packed = " + ".join(f"{use[key]} {unary}[{key[0]},{key[1]}]" for key in use)
    reference = _lp("max", first, [*order, f" {packed} <= {room}"], [f"{unary}[{i},{k}]" for i, k in gain])
    total = {(i, k): sum(gain[i, m] for m in levels if m <= k) for i, k in gain}
    used = {(i, k): sum(use[i, m] for m in levels if m <= k) for i, k in gain}
    second = [f"{total[key]} {choice}[{key[0]},{key[1]}]" for key in total]
    once = [" + ".join(f"{choice}[{i},{k}]" for k in levels) + " <= 1" for i in range(rows)]
    packed = " + ".join(f"{used[key]} {choice}[{key[0]},{key[1]}]" for key in used)
    candidate = _lp("max", second, [*once, f" {packed} <= {room}"], [f"{choice}[{i},{k}]" for i, k in gain])
    return reference, candidate


LEVELS_RULE = "u[i,k] = sum(z[i,m] for m if m >= k)"


def _lp(sense: str, objective: list[str], rows: list[str], binaries: list[str]) -> Formulation:
    return parse_lp(
        f"{sense}\n {' + '.join(objective)}\nst\n"
        + "\n".join(f" c{number}: {row}" for number, row in enumerate(rows))
        + f"\nbinary\n {' '.join(binaries)}\nend"
    )
