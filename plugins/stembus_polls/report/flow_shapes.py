"""The shapes of the picture of moving votes, as SVG. Each class gets its colour from the page around it."""

from html import escape

MARK = 12
"""How wide a mark is."""


def words(kind: str, x: float, y: float, size: int, text: str, *, anchor: str = "start") -> str:
    """A line of text; `anchor` says which end of it stands at x."""
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text class="{kind}" {at}>{escape(text)}</text>'


def line(kind: str, x: float, y: float, *, until: float, upright: bool = False) -> str:
    """A line to the right, or down."""
    return f'<path class="{kind}" d="M{x:.1f} {y:.1f}{"V" if upright else "H"}{until:.1f}"/>'


def box(kind: str, x: float, base: float, wide: float, tall: float) -> str:
    """A box that stands on `base`; too small a one is drawn just visibly, none where there is nothing."""
    if tall <= 0:
        return ""
    return f'<path class="{kind}" d="M{x:.1f} {base:.1f}h{wide:.1f}v{-max(tall, 0.6):.2f}h{-wide:.1f}z"/>'


def band(x: float, top: float, end: float, arrive: float, tall: float) -> str:
    """A band from x to end, equally tall at both; its edges bend apart, so that a steep band does not look thin."""
    apart = min(tall, (end - x) / 2) / 2 * (1 if arrive > top else -1)
    upper, lower = (x + end) / 2 + apart, (x + end) / 2 - apart
    near, far = top + tall, arrive + tall
    return (
        f'<path class="move" d="M{x:.1f} {top:.1f}'
        f"C{upper:.1f} {top:.1f} {upper:.1f} {arrive:.1f} {end:.1f} {arrive:.1f}v{tall:.2f}"
        f'C{lower:.1f} {far:.1f} {lower:.1f} {near:.1f} {x:.1f} {near:.1f}z"/>'
    )


def tick(x: float, y: float) -> str:
    """A filled disc with a tick: elected."""
    return (
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="{MARK / 2:.0f}"/>'
        f'<path class="tick" d="M{x - 3:.1f} {y:.1f}l2.2 2.4 3.8 -4.6"/>'
    )


def cross(x: float, y: float) -> str:
    """An open square with a cross: excluded."""
    return (
        f'<path class="cross" d="M{x - 5:.1f} {y - 5:.1f}h10v10h-10z'
        f'M{x - 2.5:.1f} {y - 2.5:.1f}l5 5M{x + 2.5:.1f} {y - 2.5:.1f}l-5 5"/>'
    )
