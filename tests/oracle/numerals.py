#!/usr/bin/env python3
"""Numbers as text, compared with Python's: what string->number takes for a number and which one, the same text as a literal
of a source, and what number->string writes in every radix. $TCC is the compiler, $SEEDS as 1-10 (default 1-3)."""
import fractions
import math
import os
import random
import re
import struct
import subprocess
import sys

Fraction = fractions.Fraction
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PREFIX = re.compile(r"#([xbodei])", re.I)

# Each line of input is a radix and a text. A number is printed exactly, and in the radix.
PROGRAM = r"""
(define (canonical x)
  (cond ((not x) "none")
        ((exact? x) (string-append "exact " (number->string x)))
        ((or (nan? x) (infinite? x)) (number->string x))
        ((eqv? x -0.0) "inexact -0")
        (else (string-append "inexact " (number->string (exact x))))))
(define (text x radix) (if x (number->string x radix) ""))
(define (lines)
  (let ((line (read-line)))
    (if (not (eof-object? line))
        (let* ((radix (string->number (substring line 0 2))) (x (string->number (substring line 3 (string-length line)) radix)))
          (print (canonical x) "|" (text x radix) "|" (text x 10))
          (lines)))))
"""


def nearest(value):
    """The double nearest to a fraction, ties to even, infinity beyond the largest."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def parse(text, radix):
    """A Fraction, a float, or None, as R7RS has it; a point stands in any radix, an exponent in radix 10."""
    seen, exactness = [], None
    while match := PREFIX.match(text):
        letter = match[1].lower()
        seen.append("exactness" if letter in "ei" else "radix")
        if letter in "ei":
            exactness = letter
        else:
            radix = {"x": 16, "b": 2, "o": 8, "d": 10}[letter]
        text = text[2:]
    if len(seen) != len(set(seen)):
        return None
    digit = f"[{DIGITS[:radix]}]"
    exponent = r"(?:e([+-]?[0-9]+))?" if radix == 10 else "()"
    sign, body = (text[0], text[1:].lower()) if text[:1] in ("+", "-") else ("", text.lower())
    if sign and body in ("inf.0", "nan.0"):
        return None if exactness == "e" else float(sign + body[:3]) if body[0] == "i" else math.nan
    if match := re.fullmatch(f"({digit}+)/({digit}+)", body):
        if int(match[2], radix) == 0:
            return None
        value, inexact = Fraction(int(match[1], radix), int(match[2], radix)), False
    elif match := re.fullmatch(f"({digit}*)(\\.?)({digit}*){exponent}", body):
        whole, point, fraction, power = match[1], match[2], match[3], match[4] or ""
        if not whole + fraction:
            return None
        inexact = bool(point) or power != ""
        value, scale = int(whole + fraction, radix), int(power or 0) - len(fraction)
        if value == 0:
            pass
        elif exactness != "e" and abs(scale) > 5000:
            value = 10 ** 400 if scale > 0 else Fraction(1, 10 ** 400)
        elif scale > 0:
            value *= radix ** scale
        else:
            value = Fraction(value, radix ** -scale)
    else:
        return None
    if exactness == "i" or (inexact and exactness != "e"):
        magnitude = nearest(Fraction(value))
        return -magnitude if sign == "-" else magnitude
    return -Fraction(value) if sign == "-" else Fraction(value)


def canonical(x):
    if x is None:
        return "none"
    if isinstance(x, Fraction):
        return f"exact {x}"
    if math.isnan(x):
        return "+nan.0"
    if math.isinf(x):
        return "+inf.0" if x > 0 else "-inf.0"
    return "inexact -0" if x == 0 and math.copysign(1, x) < 0 else f"inexact {Fraction(x)}"


def integer_text(n, radix):
    if n == 0:
        return "0"
    text, rest = "", abs(n)
    while rest:
        rest, digit = divmod(rest, radix)
        text = DIGITS[digit] + text
    return "-" * (n < 0) + text


def flonum_text(x):
    """Python's shortest digits, plain for 1e-6 <= x < 1e21."""
    if math.isnan(x) or math.isinf(x) or x == 0:
        return canonical(x) if x != 0 else "-0.0" if math.copysign(1, x) < 0 else "0.0"
    mantissa, _, power = f"{abs(x)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits, point = whole + fraction, len(whole) + int(power or 0)
    lead = len(digits) - len(digits.lstrip("0"))
    digits, point = digits.strip("0"), point - lead
    if point > 21 or point <= -6:
        text = digits[0] + ("." + digits[1:] if digits[1:] else "") + f"e{point - 1}"
    elif point <= 0:
        text = "0." + "0" * -point + digits
    elif point >= len(digits):
        text = digits + "0" * (point - len(digits)) + ".0"
    else:
        text = digits[:point] + "." + digits[point:]
    return "-" * (x < 0) + text


class Texts:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def double(self):
        r = self.r
        kind = r.randrange(6)
        if kind == 0:  # a power of two
            return math.ldexp(1.0, r.randint(-1074, 1023))
        if kind == 1:  # subnormal
            return struct.unpack("d", struct.pack("Q", r.getrandbits(r.randint(1, 52))))[0]
        if kind == 2:
            return float(f"{r.randint(1, 10 ** r.randint(1, 17))}e{r.randint(-30, 30)}")
        if kind == 3:
            return r.choice([1e21, 1e-6, 1e-7, 1e23, 2.0 ** 53, 9007199254740993.0, 5e-324, 2.2250738585072014e-308,
                             1.7976931348623157e308]) * r.choice([1.0, 1 + 2 ** -52, 1 - 2 ** -53])
        x = struct.unpack("d", struct.pack("Q", r.getrandbits(64)))[0]
        return 0.1 if math.isnan(x) else x

    def halfway(self):
        """Between two doubles, or just beside, with all digits."""
        x = abs(self.double())
        if math.isinf(x) or x > 1e300:
            x = 1.0
        middle = (Fraction(x) + Fraction(math.nextafter(x, math.inf))) / 2
        places = middle.denominator.bit_length() - 1
        digits = str(middle.numerator * 5 ** places)
        return digits + self.r.choice(["", "0" * 30, "0" * 30 + "1"]) + f"e{-places}" if self.r.random() < 0.7 else \
            str(int(digits) - 1) + f"e{-places}"

    def digits(self, radix, most=25):
        return "".join(self.r.choice(DIGITS[:radix]) for _ in range(self.r.randint(1, self.r.randint(1, most))))

    def real(self, radix):
        r = self.r
        sign = r.choice(["", "", "-", "+"])
        kind = r.randrange(9)
        if kind == 0:
            return sign + self.digits(radix)
        if kind == 1:
            return sign + self.digits(radix) + "/" + self.digits(radix)
        if kind == 2:
            return sign + r.choice([".", self.digits(radix) + "."]) + r.choice(["", self.digits(radix)])
        if kind == 3:
            return sign + self.digits(radix) + r.choice(["", ".", "." + self.digits(radix)]) + "e" + r.choice(["", "+", "-"]) + \
                str(r.randint(0, r.choice([9, 330, 400, 99999999999])))
        if kind == 4:
            return sign + r.choice(["inf.0", "nan.0", "INF.0", "inf", "nan.1", "i", "0", "0.0", "0/5", "5/0", "0e9"])
        if kind == 5:
            return sign + flonum_text(abs(self.double())).lstrip("+")
        if kind == 6:
            return sign + self.halfway()
        if kind == 7:
            return repr(self.double()).replace("inf", "+inf.0")
        return sign + str(self.r.getrandbits(r.choice([8, 29, 30, 60, 61, 62, 63, 64, 65, 200])))

    def text(self):
        r = self.r
        radix = r.choice([10, 10, 10, 2, 8, 16, r.randint(2, 36)])
        prefix = ""
        inner = radix
        if r.random() < 0.3:
            letter = r.choice("xbodXBOD")
            prefix, inner = "#" + letter, {"x": 16, "b": 2, "o": 8, "d": 10}[letter.lower()]
        if r.random() < 0.25:
            exactness = r.choice(["#e", "#i", "#E", "#I"])
            prefix = exactness + prefix if r.random() < 0.5 else prefix + exactness
        text = prefix + self.real(inner)
        if r.random() < 0.15:  # and something that is none, mostly
            at = r.randrange(len(text) + 1)
            text = text[:at] + r.choice(["", "-", "+", ".", "e", "#", "/", "#e", "#x", "i", "@", "_", "٣", "1", " "]) + text[at + r.randint(0, 1):]
        text = text if r.random() < 0.8 else text.upper()
        return text, radix


def is_large(text):
    """Exact numbers with long exponents, which the compiler and Python would rather not make."""
    return "#e" in text.lower() and re.search(r"e[+-]?[0-9]{5}", text.lower()[2:])


def check(seed):
    source = Texts(seed)
    cases = [case for case in (source.text() for _ in range(3000)) if not is_large(case[0])]
    if seed == 1:
        cases += [(repr(math.ldexp(1.0, power)), 10) for power in range(-1074, 1024)]
    values = [parse(text, radix) for text, radix in cases]
    literals = [(text, value) for (text, radix), value in zip(cases, values) if value is not None and radix == 10]
    with open("numbers.scm", "w") as file:
        file.write(PROGRAM + "(for-each (lambda (x) (print (canonical x))) '(" +
                   "\n".join(text for text, _ in literals) + "))\n(lines)\n")
    subprocess.run([os.environ["TCC"], "numbers.scm", "-o", "numbers"], check=True)
    lines = "".join(f"{radix:02d} {text}\n" for text, radix in cases)
    got = subprocess.run(["./numbers"], input=lines.encode(), stdout=subprocess.PIPE, timeout=600,
                         check=True).stdout.decode().splitlines()
    wrong = [f"literal {text}: {line} for {canonical(value)}" for (text, value), line in zip(literals, got)
             if line != canonical(value)]
    got = got[len(literals):]
    if len(got) != len(cases):
        return [f"{len(got)} lines for {len(cases)} texts"]
    for (text, radix), value, line in zip(cases, values, got):
        is_, in_radix, decimal = line.split("|")
        if is_ != canonical(value):
            wrong.append(f"(string->number {text!r} {radix}): {is_} for {canonical(value)}")
        if value is None:
            continue
        again = parse(in_radix, radix)
        if canonical(again) != canonical(value):
            wrong.append(f"(number->string {canonical(value)} {radix}): {in_radix}")
        if isinstance(value, Fraction):
            parts = [value.numerator] if value.denominator == 1 else [value.numerator, value.denominator]
            if in_radix != "/".join(integer_text(part, radix) for part in parts):
                wrong.append(f"(number->string {value} {radix}): {in_radix}")
        elif decimal != flonum_text(value):
            wrong.append(f"(number->string {value!r}): {decimal} for {flonum_text(value)}")
    return wrong


def main():
    sys.set_int_max_str_digits(0)
    first, _, last = os.environ.get("SEEDS", "1-3").partition("-")
    for seed in range(int(first), int(last or first) + 1):
        wrong = check(seed)
        if wrong:
            print(f"seed {seed}: {len(wrong)} wrong", *wrong[:20], sep="\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
