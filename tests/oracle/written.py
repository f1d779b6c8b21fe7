#!/usr/bin/env python3
"""What is written can be read: random data are written, and what `read` makes of the text, and the compiler's reader of the
text behind a quote, is equal to them, and is written alike. $TCC is the compiler, $SEEDS as 1-10 (default 1)."""
import os
import random
import struct
import subprocess
import sys

SHAPES = """. .. ... + - +i -i +I 1+ 1- -1+ +1+ 1+2i +2i 1@2 +inf.0 -inf.0 +nan.0 +inf.0i -NaN.0 +inf.0x inf.0 +. -. +.5 .5 -.5e 1 1/2 -1/0 1e3 e3 +e3
1x #t #f #true #foo #\\a #x10 #u8( #( # ## a#b a|b |a| || a;b a"b a'b 'a `a ,a ,@a @a a\\b \\ \\x41; a(b (a) [a] {a} a]b name: :name #:name #!eof #!x
A aB ß İ ﬁ e\u0301 \u0301 \u200b a\u00a0b \u2028 \u0085 \ufeff \ufeffa \ufffd \U0001f600 \U0010ffff \u0378 \ue000 λ 中 -> ->x -x +x <=? !$%&*/:<=>?^_~ quote -- +- -+ +..
.a ..a .+ +.a +.+ -.- +@ -@ 0 00 0x10 --1 +-1 1.2.3 1..2 -.0 +0 -0 1/ /2 / 1_0 ٣ i +ii +i+i -i1""".split() + ["", " ", "  ", "a b", "\n", "\t", "a\rb", "\0",
                                                                                         "a\0", "\x7f", "\x1b[m", "\x80"]
CHARACTERS = [0, 7, 8, 9, 10, 11, 12, 13, 27, 32, 34, 35, 39, 40, 41, 44, 46, 59, 91, 92, 93, 96, 120, 123, 124, 125, 127, 128, 0x85, 0xa0, 0xad,
              0x300, 0x301, 0x1680, 0x200b, 0x200d, 0x2028, 0x202e, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f600, 0xe0041,
              0x10ffff, 0x378]

PRELUDE = r"""
(define (text-of x write) (call-with-port (open-output-string) (lambda (port) (write x port) (get-output-string port))))
"""

READ_AGAIN = r"""
(define (again x)
  (apply print (append-map (lambda (write)
                             (let* ((text (text-of x write)) (y (read (open-input-string text))))
                               (list (equal? x y) (string=? text (text-of y write)))))
                           (list write write-shared))))
"""


def string(text):
    return "(string" + "".join(f" (integer->char {ord(c)})" for c in text) + ")"


class Data:
    """Expressions that make data, none of which needs the text that is tested."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def character(self):
        r = self.r
        if r.random() < 0.5:
            return r.choice(CHARACTERS)
        c = r.choice([r.randrange(0x80), r.randrange(0x3000), r.randrange(0x110000)])
        return c if not 0xd800 <= c < 0xe000 else 0x61

    def text(self):
        return "".join(chr(self.character()) for _ in range(self.r.randint(0, 6)))

    def name(self):
        r = self.r
        shape = r.choice(SHAPES)
        if r.random() < 0.3:
            at = r.randrange(len(shape) + 1)
            shape = shape[:at] + r.choice(["", ".", "+", "-", "1", "i", "e", "#", "|", "\\", ";", "x", chr(self.character())]) + shape[at:]
        return shape if r.random() < 0.9 else self.text()

    def flonum(self):
        x = struct.unpack("d", struct.pack("Q", self.r.getrandbits(64)))[0]
        x = self.r.choice([x, float(self.r.randint(-99, 99)), 2.0 ** self.r.randint(-1074, 1023), self.r.random() * 10 ** self.r.randint(-9, 25)])
        if x != x or x in (float("inf"), float("-inf")):
            return self.r.choice(["(/ 1.0 0.0)", "(/ -1.0 0.0)", "(- (inexact 0))"])
        n, d = x.as_integer_ratio()
        return f"(inexact (/ {n} {d}))"

    def atom(self):
        r = self.r
        kind = r.randrange(9)
        if kind < 3:
            return f"(string->symbol {string(self.name())})"
        if kind == 3:
            return string(self.text())
        if kind == 4:
            return f"(integer->char {self.character()})"
        if kind == 5:
            return self.flonum()
        if kind == 6:
            n = r.getrandbits(r.choice([4, 28, 30, 60, 62, 64, 200])) * r.choice([1, -1])
            return f"(/ {n} {r.choice([1, 1, 2, 7, 10 ** 20])})"
        if kind == 7:
            return "(bytevector" + "".join(f" {r.randrange(256)}" for _ in range(r.randint(0, 4))) + ")"
        return r.choice(["#t", "#f", "(list)", "(vector)", "(eof-object)", "(void)"])

    def datum(self, depth):
        r = self.r
        if depth == 0 or r.random() < 0.3:
            return self.atom()
        parts = [self.datum(depth - 1) for _ in range(r.randint(0, 4))]
        kind = r.randrange(5)
        if kind == 0:
            return f"(vector {' '.join(parts)})"
        if kind == 1:
            return f"(cons* {' '.join(parts)} {self.atom()})"
        if kind == 2:
            word = r.choice(["quote", "quasiquote", "unquote", "unquote-splicing", "quote ", "@"])
            return f"(cons* (string->symbol {string(word)}) {' '.join(parts[:r.choice([0, 1, 1, 1, 2])])} {r.choice(['(list)', '(list)', self.atom()])})"
        return f"(list {' '.join(parts)})"

    def graph(self, depth, labels):
        """The text of a datum with labels, cycles among them; those in `labels` are complete or open."""
        r = self.r
        if labels and r.random() < 0.3:
            return f"#{r.choice(labels)}#"
        if depth == 0 or r.random() < 0.2:
            return r.choice(["a", "1", '"s"', "()", "#()", "#\\a", "|1|"])
        label = ""
        if r.random() < 0.5:
            label = f"#{len(labels)}="
            labels.append(len(labels))
        parts = [self.graph(depth - 1, labels) for _ in range(r.randint(1, 3))]
        kind = r.randrange(3)
        if kind == 0:
            return f"{label}#({' '.join(parts)})"
        if kind == 1:
            return f"{label}({' '.join(parts)} . {self.graph(depth - 1, labels)})"
        return f"{label}({' '.join(parts)})"


def run(name, source):
    with open(name + ".scm", "w") as file:
        file.write(PRELUDE + source)
    subprocess.run([os.environ["TCC"], "-O0", name + ".scm", "-o", name], check=True)
    return subprocess.run(["./" + name], stdout=subprocess.PIPE, timeout=600, check=True).stdout.decode().split("\n")[:-1]


def check(seed):
    data = Data(seed)
    expressions = ["(list " + " ".join(data.atom() for _ in range(10)) + ")" for _ in range(30)]
    expressions += [data.datum(3) for _ in range(40)]
    graphs = [data.graph(4, []) for _ in range(40)]
    # A label is known in the whole of a top-level form: each text is one of its own.
    makers = "".join(f"(define (make{i}) {maker})\n" for i, maker in enumerate(expressions + [f"'{graph}" for graph in graphs]))
    show = "(define (show x) (for-each (lambda (write) (print (text-of x write))) (list write write-shared)))\n"
    n = len(expressions) + len(graphs)
    lines = run("writer", makers + show + READ_AGAIN + "".join(f"(show (make{i})) (again (make{i}))\n" for i in range(n)))
    if len(lines) != 3 * n:
        return [f"{len(lines)} lines for {n} data: a text is not one line"]
    texts = [line for i, line in enumerate(lines) if i % 3 < 2]
    again = run("reader", makers + show + "".join(f"(define a{i} '{texts[2 * i]})\n(define b{i} '{texts[2 * i + 1]})\n"
                                                  f"(show a{i}) (show b{i}) (print (equal? (make{i}) a{i}) (equal? (make{i}) b{i}))\n"
                                                  for i in range(n)))
    wrong = []
    for i, expression in enumerate(expressions + graphs):
        if lines[3 * i + 2] != "#t#t#t#t":
            wrong.append(f"read: {lines[3 * i + 2]}: {expression}: {texts[2 * i]!a} {texts[2 * i + 1]!a}")
        written, shared = texts[2 * i:2 * i + 2]
        of_written, _, shared_of_written, shared_of_shared, equal = again[5 * i:5 * i + 5]
        if equal != "#t#t":
            wrong.append(f"not equal: {expression}: {written!a} {shared!a}")
        if (of_written, shared_of_shared) != (written, shared):
            wrong.append(f"not alike: {expression}: {written!a} {of_written!a}, {shared!a} {shared_of_shared!a}")
    return wrong


def main():
    first, _, last = os.environ.get("SEEDS", "1").partition("-")
    for seed in range(int(first), int(last or first) + 1):
        wrong = check(seed)
        if wrong:
            print(f"seed {seed}: {len(wrong)} wrong", *wrong[:20], sep="\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
