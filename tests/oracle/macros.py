#!/usr/bin/env python3
"""Random `syntax-rules` macros and uses of them, against a plain expander written here, and against Chez Scheme
(`scheme`, package chezscheme) where that is there.

$TCC is the compiler, $SEEDS as 1-10 (default 1-4). Exit code 1 and the first differences when results differ;
the program is kept as oracle-macros-SEED.scm in the current directory.
"""
import os
import random
import shutil
import subprocess
import sys
from collections import namedtuple

# Data: Python ints, lists for proper lists; the rest:
Sym = namedtuple("Sym", "name")
Vec = namedtuple("Vec", "items")
Dotted = namedtuple("Dotted", "items tail")

# Patterns and templates. `Seq`: a list whose element `repeated`, if there is one, has `ellipses` behind it.
Var = namedtuple("Var", "name")
Any = namedtuple("Any", "")
Seq = namedtuple("Seq", "before repeated after tail")      # pattern; `repeated`, `tail`: or None
VecOf = namedtuple("VecOf", "inner")                       # pattern, template: #(...) of a Seq or List
List = namedtuple("List", "elements tail")                 # template; elements: (template, ellipses)
Escaped = namedtuple("Escaped", "inner")                   # template: (... inner)

LITERAL, ELLIPSIS, UNDERSCORE = Sym("lit"), Sym("..."), Sym("_")
CASES = 60


class Mismatch(Exception):
    """Sequences of different lengths under one ellipsis."""


def write(x):
    if isinstance(x, list):
        return "(" + " ".join(map(write, x)) + ")"
    if isinstance(x, Vec):
        return "#(" + " ".join(map(write, x.items)) + ")"
    if isinstance(x, Dotted):
        return "(" + " ".join(map(write, x.items)) + " . " + write(x.tail) + ")"
    return x.name if isinstance(x, Sym) else str(x)


def join(items, tail):
    """The list of the items with `tail` behind them."""
    if isinstance(tail, list):
        return items + tail
    if isinstance(tail, Dotted):
        return Dotted(items + tail.items, tail.tail)
    return Dotted(items, tail) if items else tail


def source_of(x):
    """A pattern or template as a datum."""
    if isinstance(x, Var):
        return Sym(x.name)
    if isinstance(x, Any):
        return UNDERSCORE
    if isinstance(x, VecOf):
        return Vec(source_of(x.inner))
    if isinstance(x, Escaped):
        return [ELLIPSIS, source_of(x.inner)]
    if isinstance(x, Seq):
        items = [*map(source_of, x.before)]
        if x.repeated is not None:
            items += [source_of(x.repeated), ELLIPSIS, *map(source_of, x.after)]
        return join(items, [] if x.tail is None else source_of(x.tail))
    if isinstance(x, List):
        items = []
        for element, n in x.elements:
            items += [source_of(element)] + [ELLIPSIS] * n
        return join(items, [] if x.tail is None else source_of(x.tail))
    return x


# -- the expander -----------------------------------------------------------

def take_pair(x):
    """(car, cdr) or None."""
    if isinstance(x, list):
        return (x[0], x[1:]) if x else None
    if isinstance(x, Dotted):
        rest = x.items[1:]
        return x.items[0], Dotted(rest, x.tail) if rest else x.tail
    return None


def pairs_of(x):
    return len(x) if isinstance(x, list) else len(x.items) if isinstance(x, Dotted) else 0


def match(p, x, values):
    """Whether the pattern takes the datum; `values`: name -> a datum, or a list of such values for each ellipsis."""
    if isinstance(p, Any):
        return True
    if isinstance(p, Var):
        values[p.name] = x
        return True
    if isinstance(p, VecOf):
        return isinstance(x, Vec) and match(p.inner, x.items, values)
    if not isinstance(p, Seq):
        return type(p) is type(x) and p == x
    for q in p.before:
        pair = take_pair(x)
        if not pair or not match(q, pair[0], values):
            return False
        x = pair[1]
    if p.repeated is not None:
        count = pairs_of(x) - len(p.after)
        if count < 0:
            return False
        all_values = []
        for _ in range(count):
            first, x = take_pair(x)
            all_values.append({})
            if not match(p.repeated, first, all_values[-1]):
                return False
        for name in variables(p.repeated, ()):
            values[name] = [one[name] for one in all_values]
        for q in p.after:
            first, x = take_pair(x)
            if not match(q, first, values):
                return False
    return match(p.tail, x, values) if p.tail is not None else x == [] and isinstance(x, list)


def variables(p, around):
    """name -> the ellipses around the variable, outermost first, each known by the identity of its Seq."""
    if isinstance(p, Var):
        return {p.name: around}
    if isinstance(p, VecOf):
        return variables(p.inner, around)
    out = {}
    if isinstance(p, Seq):
        for q in [*p.before, *p.after, *([] if p.tail is None else [p.tail])]:
            out.update(variables(q, around))
        if p.repeated is not None:
            out.update(variables(p.repeated, around + (id(p),)))
    return out


class Use:
    """A use of a variable in the template."""
    def __init__(self, name, path):
        self.name, self.left, self.beside = name, path, False


class Plan:
    """Which uses each ellipsis of a template goes through. `beside`: some variable waits for an outer ellipsis, as it
    was matched beside a deeper one; Chez has it go with the innermost."""
    def __init__(self, template, paths):
        self.paths, self.uses, self.drivers, self.valid, self.beside = paths, {}, {}, True, False
        self.walk(template, (), ())

    def walk(self, t, where, around):
        """`where`: the place in the template. The uses in it."""
        if isinstance(t, Var):
            if len(self.paths[t.name]) > len(around):
                self.valid = False
            self.uses[where] = Use(t.name, self.paths[t.name])
            return [self.uses[where]]
        if isinstance(t, (VecOf, Escaped)):
            return self.walk(t.inner, where + (0,), around)
        uses = []
        if isinstance(t, List):
            for i, (element, n) in enumerate(t.elements):
                inner = self.walk(element, where + (i,), around + (0,) * n)
                for k in range(n, 0, -1):
                    self.drive(where + (i, -k), inner)
                uses += inner
            if t.tail is not None:
                uses += self.walk(t.tail, where + (-1,), around)
        return uses

    def drive(self, where, uses):
        outer = {ellipsis for use in uses for ellipsis in use.left[:-1]}
        drivers = [use for use in uses if use.left and use.left[-1] not in outer]
        self.beside |= any(use.left and use.left[-1] in outer for use in uses)
        for use in drivers:
            use.left = use.left[:-1]
        self.drivers[where] = drivers
        self.valid &= bool(drivers)


def fill(plan, t, where, values):
    """`values`: use -> what it stands for here."""
    if isinstance(t, Var):
        return values[plan.uses[where]]
    if isinstance(t, VecOf):
        return Vec(fill(plan, t.inner, where + (0,), values))
    if isinstance(t, Escaped):
        return fill(plan, t.inner, where + (0,), values)
    if not isinstance(t, List):
        return t
    items = []
    for i, (element, n) in enumerate(t.elements):
        items += repeat(plan, element, where + (i,), n, 1, values)
    return join(items, [] if t.tail is None else fill(plan, t.tail, where + (-1,), values))


def repeat(plan, element, where, n, k, values):
    if k > n:
        return [fill(plan, element, where, values)]
    drivers = plan.drivers[where + (-k,)]
    lengths = {len(values[use]) for use in drivers}
    if len(lengths) > 1:
        raise Mismatch
    out = []
    for i in range(lengths.pop()):
        out += repeat(plan, element, where, n, k + 1, {**values, **{use: values[use][i] for use in drivers}})
    return out


# -- cases ------------------------------------------------------------------

class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def some(self, low, high, make):
        return [make() for _ in range(self.r.randint(low, high))]

    def atom(self):
        return self.r.choice([1, 2, 3, Sym("a"), Sym("b"), LITERAL])

    def datum(self, depth):
        kind = self.r.random()
        if depth <= 0 or kind < 0.5:
            return self.atom()
        make = lambda: self.datum(depth - 1)
        if kind < 0.85:
            return self.some(0, 3, make)
        return Vec(self.some(0, 3, make)) if kind < 0.93 else Dotted(self.some(1, 2, make), self.atom())

    def pattern(self, depth):
        kind = self.r.random()
        if depth <= 0 or kind < 0.5:
            if kind < 0.4:
                self.n_names += 1
                return Var(f"v{self.n_names}")
            return self.r.choice([Any(), LITERAL, 1, Seq([], None, [], None)])
        return VecOf(self.seq(depth, False)) if kind < 0.58 else self.seq(depth, True)

    def seq(self, depth, may_be_dotted):
        make = lambda: self.pattern(depth - 1)
        before = self.some(0, 2, make)
        repeated = make() if self.r.random() < 0.6 else None
        after = self.some(0, 2, make) if repeated is not None and self.r.random() < 0.4 else []
        is_dotted = may_be_dotted and (before or repeated is not None) and self.r.random() < 0.15
        return Seq(before, repeated, after, self.pattern(0) if is_dotted else None)

    def like(self, p):
        """A datum that the pattern takes, mostly."""
        if self.r.random() < 0.03:
            return self.datum(2)
        if isinstance(p, (Var, Any)):
            return self.datum(2)
        if isinstance(p, VecOf):
            items = self.like(p.inner)
            return Vec(items) if isinstance(items, list) else items
        if not isinstance(p, Seq):
            return p
        items = [*map(self.like, p.before)]
        if p.repeated is not None:
            items += self.some(0, self.r.choice([1, 2, 2, 3]), lambda: self.like(p.repeated)) + [*map(self.like, p.after)]
        return join(items, [] if p.tail is None else self.like(p.tail))

    def template(self, paths, level, depth):
        kind = self.r.random()
        fitting = [name for name, path in paths.items() if len(path) <= level]
        if depth <= 0 or kind < 0.45:
            deep = [name for name in fitting if len(paths[name]) == level]
            return Var(self.r.choice(deep if deep and kind < 0.3 else fitting)) if fitting and kind < 0.4 else self.atom()
        if kind < 0.5:
            return Escaped(self.r.choice([ELLIPSIS, List([(ELLIPSIS, 0), (self.atom(), 0)], None)]))
        elements = []
        for _ in range(self.r.randint(0, 3)):
            n = self.r.choice([0, 0, 1, 1, 1, 2]) if any(len(path) > level or level for path in paths.values()) else 0
            element = self.template(paths, level + n, depth - 1)
            deep = [name for name, path in paths.items() if 0 < len(path) <= level + n]
            if n and deep and self.r.random() < 0.7:
                parts = [element, *(Var(self.r.choice(deep)) for _ in range(n))]
                self.r.shuffle(parts)
                element = List([(part, 0) for part in parts], None)
            elements.append((element, n))
        inner = List(elements, self.template(paths, level, 0) if elements and self.r.random() < 0.1 else None)
        return VecOf(inner) if inner.tail is None and kind < 0.58 else inner

    def case(self):
        """(pattern, template, plan, use)"""
        while True:
            self.n_names = 0
            pattern = self.seq(3, True)
            paths = variables(pattern, ())
            for _ in range(20):
                template = self.template(paths, 0, 4)
                plan = Plan(template, paths)
                if plan.valid and (plan.drivers or self.r.random() < 0.1):
                    return pattern, template, plan, self.like(pattern)


def macro(name, pattern, template):
    rule = f"({write(join([UNDERSCORE], source_of(pattern)))} '{write(source_of(template))})"
    return f"(define-syntax {name} (syntax-rules (lit) {rule} ((_ . rest) 'no-rule)))"


def output_of(command):
    return subprocess.run(command, stdout=subprocess.PIPE, timeout=600, check=True).stdout.decode().splitlines()


def differences(texts, expected, got, who):
    if len(expected) != len(got):
        return [f"{who}: {len(got)} lines instead of {len(expected)}"]
    return [f"{text}\n  expected {a}\n  {who} {b}" for text, a, b in zip(texts, expected, got) if a != b]


def run(seed):
    g = Generator(seed)
    texts, expected, chez_texts, chez_expected = [], [], [], []
    while len(texts) < CASES:
        pattern, template, plan, use = g.case()
        values = {}
        name = f"m{len(texts)}"
        definition, call = macro(name, pattern, template), write(join([Sym(name)], use))
        try:
            is_match = match(pattern, use, values)
            result = fill(plan, template, (), {u: values[u.name] for u in plan.uses.values()}) if is_match else Sym("no-rule")
            result = write(result)
            texts.append(f"{definition}\n(write {call}) (newline)")
            expected.append(result)
        except Mismatch:
            result = "error"
        if not plan.beside:
            chez_texts.append(f"(let () {definition} {call})")
            chez_expected.append(result)
    file = f"oracle-macros-{seed}.scm"
    with open(file, "w") as out:
        out.write("\n".join(texts) + "\n")
    subprocess.run([os.environ["TCC"], file, "-o", "program"], check=True)
    wrong = differences(texts, expected, output_of(["./program"]), "got")
    if not wrong and shutil.which("scheme"):
        with open("chez.ss", "w") as out:
            out.write("(print-vector-length #f)\n")
            for text in chez_texts:
                out.write(f"(write (guard (e (#t 'error)) (eval '{text}))) (newline)\n")
        wrong = differences(chez_texts, chez_expected, output_of(["scheme", "--script", "chez.ss"]), "Chez")
    if not wrong:
        os.remove(file)
    return wrong


def main():
    first, _, last = os.environ.get("SEEDS", "1-4").partition("-")
    for seed in range(int(first), int(last or first) + 1):
        wrong = run(seed)
        if wrong:
            print(f"seed {seed}:", *wrong[:5], sep="\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
