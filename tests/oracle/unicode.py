#!/usr/bin/env python3
"""What the procedures on characters and strings say of every character, compared with Unicode's own tables (package
unicode-data); random texts with sigmas, compared with Final_Sigma as SpecialCasing.txt has it. $TCC is the compiler, $SEEDS
as 1-10 (default 1-3) those of the texts.

Tables may be newer than the library that the runtime is linked with: characters that it does not know yet are left out.
"""
import os
import random
import re
import subprocess
import sys

TABLES = "/usr/share/unicode/"
FIELDS = ("classes", "digit", "upper", "lower", "fold", "full upper", "full lower", "full fold")

# A line a character for which something is not as for an unassigned one, in hexadecimal. The text of the last argument goes
# through string-downcase, a line each.
PROGRAM = """
(define (hex n) (number->string n 16))
(define (codes s) (string-join (map (lambda (c) (hex (char->integer c))) (string->list s)) "_"))
(define (bit value char) (if char value 0))
(define (classes c)
  (+ (bit 1 (char-alphabetic? c)) (bit 2 (char-numeric? c)) (bit 4 (char-whitespace? c)) (bit 8 (char-upper-case? c))
     (bit 16 (char-lower-case? c))))
(define (line c)
  (let* ((s (string c)) (bits (classes c)) (digit (digit-value c))
         (mapped (list (string (char-upcase c)) (string (char-downcase c)) (string (char-foldcase c)) (string-upcase s)
                       (string-downcase s) (string-foldcase s))))
    (if (and (= bits 0) (not digit) (every (lambda (m) (string=? m s)) mapped))
        (void)
        (print (string-join (cons* (hex (char->integer c)) (hex bits) (if digit (hex digit) "-") (map codes mapped)) " ")))))
(define (lines from to)
  (if (< from to)
      (begin (line (integer->char from)) (lines (+ from 1) to))))
(lines 0 #xd800)
(lines #xe000 #x110000)
(define (texts)
  (let ((text (read-line)))
    (if (not (eof-object? text))
        (begin (print (string-downcase text)) (texts)))))
(texts)
"""


def rows(name):
    """The fields of each line; of codes and ranges `first..last`, the first field becomes a range."""
    with open(TABLES + name, encoding="utf-8") as file:
        for line in file:
            line = line.partition("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def characters(field):
    first, _, last = field.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def property_of(name, *values, column=1):
    return {c for row in rows(name) if row[column] in values for c in characters(row[0])}


def codes(field):
    return tuple(int(code, 16) for code in field.split())


class Unicode:
    """The tables, as far as the procedures speak of them."""

    def __init__(self):
        self.ages = {}
        for row in rows("DerivedAge.txt"):
            version = tuple(int(part) for part in row[1].split("."))
            self.ages.update((c, version) for c in characters(row[0]))
        core = "DerivedCoreProperties.txt"
        self.cased, self.ignorable = property_of(core, "Cased"), property_of(core, "Case_Ignorable")
        self.classes = [property_of(core, "Alphabetic"), property_of("extracted/DerivedNumericType.txt", "Decimal"),
                        property_of("PropList.txt", "White_Space"), property_of(core, "Uppercase"),
                        property_of(core, "Lowercase")]
        self.upper, self.lower, self.digit = {}, {}, {}
        for row in rows("UnicodeData.txt"):
            c = int(row[0], 16)
            if row[12]:
                self.upper[c] = codes(row[12])
            if row[13]:
                self.lower[c] = codes(row[13])
            if row[6]:
                self.digit[c] = row[6]
        folds = list(rows("CaseFolding.txt"))
        self.fold = {int(row[0], 16): codes(row[2]) for row in folds if row[1] in "CS"}
        special = [row for row in rows("SpecialCasing.txt") if not row[4]]
        self.full_upper = self.upper | {int(row[0], 16): codes(row[3]) for row in special}
        self.full_lower = self.lower | {int(row[0], 16): codes(row[1]) for row in special}
        self.full_fold = {int(row[0], 16): codes(row[2]) for row in folds if row[1] in "CF"}

    def line(self, c):
        """What the program should print of `c`."""
        def mapped(table):
            return "_".join(f"{to:x}" for to in table.get(c, (c,)))
        bits = sum((c in has) << i for i, has in enumerate(self.classes))
        return [f"{bits:x}", self.digit.get(c, "-"), mapped(self.upper), mapped(self.lower), mapped(self.fold),
                mapped(self.full_upper), mapped(self.full_lower), mapped(self.full_fold)]

    def downcase(self, text):
        out = []
        for at, char in enumerate(text):
            is_final = char == "Σ" and self.meets_cased(reversed(text[:at])) and not self.meets_cased(text[at + 1:])
            out.append("ς" if is_final else "".join(map(chr, self.full_lower.get(ord(char), (ord(char),)))))
        return "".join(out)

    def meets_cased(self, chars):
        for char in chars:
            if ord(char) not in self.ignorable:
                return ord(char) in self.cased
        return False


# Characters whose properties changed in a version although they are older: an older library says otherwise.
CHANGED = {(15, 0): [0x0c04, 0x0f82, 0x0f83, 0x10fc, 0xa7f2, 0xa7f3, 0xa7f4, 0xab69, 0x11080, 0x11081]}


def unassigned_line(c):
    return ["0", "-", *[f"{c:x}"] * 6]


def known_version(unicode, got):
    """The newest version of which the library knows a letter."""
    return max(unicode.ages[c] for c in unicode.classes[0] if c in got)


def random_text(r, unicode, known):
    marks = [[c for c in group if c in known and c not in (0x0a, 0x0d)]
             for group in (sorted(unicode.cased - unicode.ignorable), sorted(unicode.ignorable), sorted(unicode.ignorable & unicode.cased))]
    pick = [lambda: "Σ", *(lambda group=group: chr(r.choice(group)) for group in marks), lambda: r.choice(" .,'’·:-中1")]
    return "".join(r.choice(pick)() for _ in range(r.randint(1, 8)))


def main():
    if not os.path.exists(TABLES + "UnicodeData.txt"):
        print("no package unicode-data: skipped")
        return 0
    unicode = Unicode()
    everything = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
    with open("unicode.scm", "w") as file:
        file.write(PROGRAM)
    subprocess.run([os.environ["TCC"], "unicode.scm", "-o", "unicode"], check=True)
    assigned = {c for c in everything if c in unicode.ages}
    first, _, last = os.environ.get("SEEDS", "1-3").partition("-")
    texts = []
    early = {c for c in assigned if unicode.ages[c] <= (10, 0)}
    early.difference_update(*CHANGED.values())
    for seed in range(int(first), int(last or first) + 1):
        r = random.Random(seed)
        texts += [random_text(r, unicode, early) for _ in range(300)]
    printed = subprocess.run(["./unicode"], input="".join(text + "\n" for text in texts).encode(), stdout=subprocess.PIPE,
                             timeout=600, check=True).stdout.decode().split("\n")
    got = {int(code, 16): rest for code, *rest in (line.split(" ") for line in printed[:-1 - len(texts)])}
    version = known_version(unicode, got)
    wrong = []
    changed = {c for since, chars in CHANGED.items() if since > version for c in chars}
    for c in everything:
        if c in changed or (c not in assigned and c not in got):
            continue
        is_new = unicode.ages.get(c, (0,)) > version
        expected = unassigned_line(c) if is_new else unicode.line(c)
        found = got.get(c, unassigned_line(c))
        wrong += [f"U+{c:04X} {field}: {is_} for {to_be}" for field, is_, to_be in zip(FIELDS, found, expected) if is_ != to_be]
    for text, found in zip(texts, printed[-1 - len(texts):-1]):
        if found != unicode.downcase(text):
            wrong.append(f"string-downcase of {text!a}: {found!a} for {unicode.downcase(text)!a}")
    print(f"Unicode {version[0]}.{version[1]}, {len(assigned)} characters, {len(texts)} texts: {len(wrong)} wrong", *wrong[:50], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
