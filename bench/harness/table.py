"""The table of medians and ratios, as Markdown, and its verdicts."""

from harness.suite import LIMIT, ROWS, UNITS

OURS = "termite"
PEERS = ["chez", "erlang", "gambit", "gambit_block", "c", "c_calls"]
HEADINGS = {"termite": "Termite", "chez": "Chez", "erlang": "Erlang", "gambit": "Gambit", "gambit_block": "Gambit block",
            "c": "C", "c_calls": "C, calls kept"}


def figure_text(value, unit):
    if value is None:
        return ""
    value /= UNITS[unit]
    if unit == "MB":
        return "%.1f" % value
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 10 else "%.2f" % value


class Verdict:
    """One target of one row: whose figure is compared, what was measured, pass or miss."""

    def __init__(self, row, target, medians):
        self.name = self.text = ""
        self.ok = None
        ours = medians.get((row.metric, OURS))
        if target.peer == LIMIT:
            self._compare_limit(row, target, ours)
        elif target.peer.startswith("row:"):
            other = target.peer[4:]
            self._compare(ours, medians.get((other, OURS)), target.factor, other)
        else:
            self._compare(ours, medians.get((row.metric, target.peer)), target.factor, HEADINGS[target.peer])

    def _compare_limit(self, row, target, ours):
        self.text = "≤ %g %s" % (target.factor, row.unit)
        if ours is not None:
            self.ok = ours / UNITS[row.unit] <= target.factor

    def _compare(self, ours, theirs, factor, name):
        self.text = "≤ %.3g × %s" % (factor, name)
        if ours is not None and theirs:
            self.ok = ours / theirs <= factor
            self.text = "%.2f (≤ %.3g) × %s" % (ours / theirs, factor, name)

    def markdown(self):
        mark = {True: "✓ ", False: "✗ ", None: "– "}[self.ok]
        return mark + self.text


def verdicts(row, medians):
    return [Verdict(row, target, medians) for target in row.targets]


def markdown(medians):
    """`medians`: {(metric, peer): nanoseconds or bytes}."""
    columns = [OURS] + PEERS
    lines = ["| benchmark | unit | " + " | ".join(HEADINGS[c] for c in columns) + " | Termite relative to its targets |",
             "|---|---|" + "--:|" * len(columns) + "---|"]
    for row in ROWS:
        figures = [figure_text(medians.get((row.metric, column)), row.unit) for column in columns]
        if not any(figures):
            continue
        judged = ", ".join(v.markdown() for v in verdicts(row, medians))
        lines.append("| %s | %s | %s | %s |" % (row.title, row.unit, " | ".join(figures), judged))
    return "\n".join(lines) + "\n"


def missed(medians):
    return [(row.title, v.text) for row in ROWS for v in verdicts(row, medians) if v.ok is False]
