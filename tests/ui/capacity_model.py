"""A small model that several tests of the command line write."""

_TEXT = """\
maximize
 profit: 5 {a} + 4 {b}
subject to
 cap: 3 {a} + {c} {b} <= {room}
bounds
 {a} <= 10
 {b} <= 10
general
 {a} {b}
end
"""


def capacity_model(a: str, b: str, c: int, room: int = 10) -> str:
    """Return the LP text of two products `a` and `b` that share a capacity, of which `b` takes `c`."""
    return _TEXT.format(a=a, b=b, c=c, room=room)
