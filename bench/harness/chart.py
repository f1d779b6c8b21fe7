"""A bar chart as SVG: each row's figures relative to ours, on a logarithmic scale."""

from html import escape
from math import log10

from harness.suite import ROWS
from harness.table import HEADINGS, OURS, PEERS, figure_text

COLOURS = {"chez": "#4c72b0", "erlang": "#c44e52", "gambit": "#dd8452", "gambit_block": "#937860", "c": "#8c8c8c",
           "c_calls": "#c7c7c7"}
BAR, GAP, LEFT, WIDTH, TOP = 9, 12, 250, 620, 56
LOWEST, HIGHEST = 0.1, 100.0


def _x(ratio):
    ratio = min(max(ratio, LOWEST), HIGHEST)
    return LEFT + WIDTH * (log10(ratio) - log10(LOWEST)) / (log10(HIGHEST) - log10(LOWEST))


def _text(x, y, text, anchor="start", size=11, colour="#333"):
    return '<text x="%.1f" y="%.1f" font-size="%d" text-anchor="%s" fill="%s">%s</text>' % (
        x, y, size, anchor, colour, escape(text))


def _bar(y, ratio, peer):
    start, end = sorted((_x(1), _x(ratio)))
    label_at, anchor = (end + 4, "start") if ratio >= 1 else (start - 4, "end")
    return ['<rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="%s"/>' % (start, y, max(end - start, 0.5), BAR - 1,
                                                                               COLOURS[peer]),
            _text(label_at, y + BAR - 2, "%.2f" % ratio, anchor, 9, "#666")]


def _row(y, row, medians):
    ours = medians[(row.metric, OURS)]
    peers = [p for p in PEERS if (row.metric, p) in medians]
    middle = y + BAR * len(peers) / 2 + 4
    parts = [_text(LEFT - 40, middle, "%s: %s %s" % (row.title, figure_text(ours, row.unit), row.unit), "end")]
    for i, peer in enumerate(peers):
        parts += _bar(y + i * BAR, medians[(row.metric, peer)] / ours, peer)
    return parts, y + BAR * len(peers) + GAP


def _legend():
    parts = [_text(8, 18, "Time and memory of the peers relative to Termite (1 = as Termite, longer to the right = slower)",
                   size=13)]
    x = LEFT
    for peer in PEERS:
        parts.append('<rect x="%d" y="28" width="10" height="10" fill="%s"/>' % (x, COLOURS[peer]))
        parts.append(_text(x + 14, 37, HEADINGS[peer]))
        x += 110
    return parts


def _grid(bottom):
    parts = []
    for ratio in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        parts.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="%s"/>' % (
            _x(ratio), _x(ratio), TOP - 6, bottom, "#333" if ratio == 1 else "#ddd"))
        parts.append(_text(_x(ratio), bottom + 14, "%g" % ratio, "middle", 10))
    return parts


def svg(medians):
    y, bars = TOP, []
    for row in ROWS:
        has_peer = any((row.metric, p) in medians for p in PEERS)
        if has_peer and medians.get((row.metric, OURS)):
            parts, y = _row(y, row, medians)
            bars += parts
    parts = _legend() + _grid(y) + bars
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif">\n'
            '<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>\n'
            % (LEFT + WIDTH + 40, y + 24, "\n".join(parts)))
