#!/usr/bin/env python3
"""Random expressions, compiled by us and interpreted by Chez Scheme (`scheme`, package chezscheme); without it
nothing is tested.

$TCC is the compiler, $SEEDS as 1-10 (default 1-3), $LEVEL as -O3. Exit code 1 and the difference when results
differ; the program is kept as oracle-expressions-SEED.scm in the current directory.

The grammar is a table. In a production, <int> is an expression of that type, <T> one of the result's type, <U> one
of another type, chosen once a production; @x is a fresh variable; <int x:U> is an expression in which that is bound.
"""
import difflib
import os
import random
import re
import shutil
import subprocess
import sys

CONSTANTS = {
    "int": "0 1 -1 2 3 5 7 10 -3 100 255 536870912 1152921504606846975 -1152921504606846976 4611686018427387904 "
           "100000000000000000000",
    "bool": "#t #f",
    "list": "'() '(1_2_3) '(5) (list_4_-2_9_9) '(7_6_5_4_3_2_1)",
    "str": '"abc" "" "hello" "xyz1"',
    "vec": "(vector_1_2_3) '#(9_8) (vector_0)",
    "flo": "1.5 0.25 -2.0 100.0 0.0",
    "sym": "'a 'b 'foo",
    "fun": "(lambda_(x)_(+_x_1)) (lambda_(x)_(*_x_x)) - abs (lambda_(x)_5)",
}
TYPES = list(CONSTANTS)

ANY = """
(if <bool> <T> <T>)
(let ((@a <U>)) <T a:U>)
(let* ((@a <U>) (@b <int a:U>)) <T a:U b:int>)
((lambda (@a @b) <T a:U b:int>) <U> <int>)
((lambda (@a . @b) <T a:int b:list>) <int> <int> <int>)
(apply (lambda (@a . @b) <T a:int b:list>) <int> <list>)
(let @loop ((@i 5) (@a <T>)) (if (<= @i 0) @a (@loop (- @i 1) <T a:T i:int>)))
(let @loop ((@i 4) (@a <T>)) (if (<= @i 0) @a (let ((@z (@loop (- @i 1) @a))) (if <bool i:int> @z <T z:T i:int>))))
(letrec ((@f (lambda (@x) (if (<= @x 0) <T x:int> (@g (- @x 1))))) (@g (lambda (@y) (if (<= @y 0) <T y:int> (@f (- @y 2)))))) (@f (modulo <int> 7)))
(call/cc (lambda (@k) (let ((@a <U>)) (if <bool a:U> (@k <T>) <T a:U>))))
(or (and <bool> <T>) <T>)
(case <int> ((0 1) <T>) ((2 -1 100 100000000000000000000) <T>) (else <T>))
(cond (<bool> <T>) ((assv <int> '((1 . 2) (2 . 3))) => (lambda (@p) <T>)) (else <T>))
(call-with-values (lambda () (values <U> <int>)) (lambda (@a @b) <T a:U b:int>))
(dynamic-wind (lambda () #f) (lambda () <T>) (lambda () #f))
(try (lambda () <T>) (lambda () <T>))
(guard (@e ((number? @e) <T e:int>) ((symbol? @e) <T e:sym>) (else <T>)) (if <bool> (raise <sym>) <T>))
(guard (@e ((number? @e) <T e:int>) (else <T>)) (if <bool> (raise <int>) <T>))
(let ((@f (case-lambda (() <T>) ((@a) <T a:int>) ((@a . @b) <T a:int b:list>)))) (@f <int>))
(let ((@f (case-lambda (() <T>) ((@a) <T a:int>) ((@a . @b) <T a:int b:list>)))) (@f <int> <int> <int>))
(do ((@i 0 (+ @i 1)) (@a <T> <T i:int>)) ((= @i 4) @a))
(fold-left (lambda (@s @x) <T s:T x:int>) <T> <list>)
"""

OPERATIONS = {
    "int": """
(+ <int> <int>)
(- <int> <int>)
(* <int> <int>)
(+ <int> <int> <int>)
(quotient <int> <int>)
(remainder <int> <int>)
(modulo <int> <int>)
(modulo <int> 1000003)
(length <list>)
(car <list>)
(cadr <list>)
(string-length <str>)
(vector-ref <vec> 1)
(vector-length <vec>)
(max <int> <int>)
(min <int> <int>)
(abs <int>)
(gcd <int> <int>)
(<fun> <int>)
(apply + <list>)
(apply max 0 <list>)
(list-ref <list> 2)
(- <int>)
(exact (floor <flo>))
(char->integer (string-ref <str> 1))
""",
    "bool": """
(< <int> <int>)
(= <int> <int>)
(>= <int> <int>)
(< <int> <int> <int>)
(not <bool>)
(and <bool> <bool>)
(or <bool> <bool>)
(null? <list>)
(pair? <list>)
(zero? <int>)
(even? <int>)
(eq? <sym> <sym>)
(eqv? <int> <int>)
(equal? <list> <list>)
(string=? <str> <str>)
(string<? <str> <str>)
(if (memv <int> <list>) #t #f)
(list? <U>)
(procedure? <U>)
(symbol? <U>)
(< <flo> <int>)
""",
    "list": """
(cons <int> <list>)
(cdr <list>)
(append <list> <list>)
(reverse <list>)
(list <int> <int>)
(map <fun> <list>)
(let ((@l <list>)) (map (lambda (@a @b) (+ @a @b)) @l (reverse @l)))
(vector->list <vec>)
(list-tail <list> 2)
(filter (lambda (@q) (< @q <int>)) <list>)
`(1 ,<int> ,@<list>)
(list-sort < <list>)
""",
    "str": """
(string-append <str> <str>)
(number->string <int>)
(symbol->string <sym>)
(substring <str> 1 2)
(list->string (reverse (string->list <str>)))
(string-upcase <str>)
""",
    "vec": """
(vector <int> <int>)
(list->vector <list>)
(vector-map <fun> <vec>)
(make-vector 2 <int>)
""",
    "flo": """
(+ <flo> <flo>)
(- <flo> <flo>)
(* <flo> <flo>)
(+ <flo> (modulo <int> 1000))
(max <flo> 1)
(abs <flo>)
(/ <flo> 4)
(inexact (modulo <int> 1000))
""",
    "sym": """
(car (list <sym> <int>))
(if <bool> <sym> 'other)
""",
    "fun": """
(lambda (@x) <int x:int>)
(let ((@k <int>)) (lambda (@x) (+ @k <int x:int>)))
(lambda (@x) (<fun> (<fun> @x)))
""",
}

PRELUDE = """
(define (try thunk otherwise) (guard (e (#t (otherwise))) (thunk)))
(define (show n thunk) (display n) (display " ") (write (guard (e (#t 'error)) (thunk))) (newline))
"""
CHEZ = "(define (exact x) (inexact->exact x))\n(define (inexact x) (exact->inexact x))\n"
HOLE = re.compile(r"<(\w+)((?: \w+:\w+)*)>|@(\w+)")


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.n_names = 0

    def fresh(self, base):
        self.n_names += 1
        return f"{base}{self.n_names}"

    def expression(self, kind, bound, depth):
        """An expression of that type; `bound` is a list of (variable, type)."""
        if depth <= 0 or self.r.random() < 0.08:
            names = [name for name, of in bound if of == kind]
            if names and self.r.random() < 0.8:
                return self.r.choice(names)
            return self.r.choice(CONSTANTS[kind].split()).replace("_", " ")
        rows = ANY if self.r.random() < 0.6 else OPERATIONS[kind]
        production = self.r.choice(rows.strip().split("\n"))
        names, types = {}, {"T": kind, "U": self.r.choice(TYPES)}

        def fill(match):
            of, extra, variable = match.groups()
            if variable:
                if variable not in names:
                    names[variable] = self.fresh(variable)
                return names[variable]
            pairs = [pair.split(":") for pair in extra.split()]
            inner = bound + [(names[name], types.get(to, to)) for name, to in pairs]
            return self.expression(types.get(of, of), inner, depth - 1)
        return HOLE.sub(fill, production)

    def program(self):
        forms, procedures = [], []
        for _ in range(3):
            name, a, b = self.fresh("proc"), self.fresh("a"), self.fresh("b")
            kind = self.r.choice(["int", "list", "bool", "str"])
            forms.append(f"(define ({name} {a} {b}) {self.expression(kind, [(a, 'int'), (b, 'list')], 4)})")
            procedures.append(name)
        for n in range(9):
            if n % 3 == 0:
                call = f"({self.r.choice(procedures)} {self.expression('int', [], 2)} {self.expression('list', [], 2)})"
            else:
                call = self.expression(self.r.choice([t for t in TYPES if t != "fun"]), [], 5)
            forms.append(f"(show {n} (lambda () {call}))")
        return PRELUDE + "\n".join(forms) + "\n"


def output_of(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600).stdout.decode().splitlines()


def main():
    if not shutil.which("scheme"):
        print("no Chez Scheme: skipped")
        return 0
    first, _, last = os.environ.get("SEEDS", "1-3").partition("-")
    for seed in range(int(first), int(last or first) + 1):
        file, source = f"oracle-expressions-{seed}.scm", Generator(seed).program()
        with open(file, "w") as out, open("chez.ss", "w") as chez:
            out.write(source)
            chez.write(CHEZ + source)
        level = os.environ.get("LEVEL", "").split()
        subprocess.run([os.environ["TCC"], *level, file, "-o", "program"], check=True, stderr=subprocess.DEVNULL)
        expected, got = output_of(["scheme", "--script", "chez.ss"]), output_of(["./program"])
        if got != expected:
            print(f"seed {seed}:", *difflib.unified_diff(expected, got, "Chez", "got", lineterm="", n=0), sep="\n")
            return 1
        os.remove(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
