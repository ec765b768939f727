"""Draws the throughput of all trials as bars, readable on light and on dark pages."""

import re
import statistics
from collections.abc import Iterator, Sequence
from html import escape

from bench.rounds import Measured

LABELS, BARS, NUMBERS, LINE, TOP = 380, 440, 70, 24, 34
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.bar { fill: #8c959f } .ours { fill: #2f81f7 }
.spread { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #6e7681 } .spread { stroke: #e6edf3 }
}
"""


def draw(results: Sequence[Measured]) -> str:
    """Return the plot as SVG. Granian without Flask is left out: beside it, no other bar could be told from another."""
    shown = [one for one in results if one.samples and one.trial.key != "granian"]
    longest = max((sample.rate for one in shown for sample in one.samples), default=1.0)
    width, height = LABELS + BARS + NUMBERS, TOP + LINE * len(shown) + 6
    bars = "\n".join(line for row, one in enumerate(shown) for line in _row(one, TOP + LINE * row, BARS / longest))
    title = "GET /products, requests per second on one core: median, least and most"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">\n'
        f'<style>{STYLE}</style>\n<text class="title" x="8" y="18">{title}</text>\n{bars}\n</svg>\n'
    )


def _row(one: Measured, y: int, scale: float) -> Iterator[str]:
    rates = [sample.rate for sample in one.samples]
    median, middle = statistics.median(rates), y + LINE / 2
    kind = "bar ours" if one.trial.key.startswith("gapura") or one.trial.key == "flask-guard" else "bar"
    yield f'<text x="{LABELS - 8}" y="{middle + 4}" text-anchor="end">{_label(one.trial.title)}</text>'
    yield f'<rect class="{kind}" x="{LABELS}" y="{y + 4}" width="{median * scale:.1f}" height="{LINE - 8}" rx="2"/>'
    ends = f'x1="{LABELS + min(rates) * scale:.1f}" x2="{LABELS + max(rates) * scale:.1f}"'
    yield f'<line class="spread" {ends} y1="{middle}" y2="{middle}"/>'
    yield f'<text x="{LABELS + max(rates) * scale + 8:.1f}" y="{middle + 4}">{median:,.0f}</text>'


def _label(title: str) -> str:
    return escape(re.sub(r"[*`]", "", title))
