"""Bodies that have the fields which rt/abi/control.def gives their type, with nonsense in them."""

import os
import re

from .protocol import ROOT
from .values import Pid, Sym, Tag, counted, varint

NUMBERS = [0, 1, 2, 3, 5, 127, 128, 1000, 1 << 32, (1 << 56) - 1, 1 << 56, (1 << 64) - 1]
WORDS = ["normal", "exception", "killed", "error", "ping", "resolve", "link", "monitor", "unlink", "message", "signal", "noproc"]


def _fields():
    """{type: [kind of field]}, from the third column of the table."""
    text = (ROOT / "rt/abi/control.def").read_text()
    fields = {}
    for name, words in re.findall(r'^CONTROL\((\w+),\s*\d+,\s*[\w|]+,\s*"([^"]*)"\)', text, re.M):
        words = re.sub(r"\([^()]*\)", "", words.replace("[", "").replace("]", ""))
        kinds = [re.match(r"\s*(varint|u8|near|far|text|value|move|node|16 bytes|bytes)?", part).group(1) for part in words.split(",")]
        fields[name] = [kind for kind in kinds if kind]
    return fields


FIELDS = _fields()


def value(rng, session, depth=3):
    """Something that looks like the data of frames."""
    choices = [lambda: rng.choice(NUMBERS[:9]), lambda: Sym(rng.choice(WORDS)), lambda: rng.choice(WORDS), lambda: [],
               lambda: rng.random() < 0.5, session.pid, lambda: session.pid(Tag), lambda: os.urandom(rng.randrange(20)),
               lambda: Pid(session.peer, rng.randrange(1, 20), os.urandom(16))]
    if depth:
        choices += [lambda: [value(rng, session, depth - 1) for _ in range(rng.randrange(4))]] * 3
        choices += [lambda: tuple(value(rng, session, depth - 1) for _ in range(rng.randrange(4)))]
    return rng.choice(choices)()


def field(rng, session, kind):
    if kind == "varint":
        return varint(rng.choice(NUMBERS))
    if kind == "u8":
        return bytes([rng.choice((0, 1, 2, 3, 4, 255))])
    if kind in ("near", "far"):
        return varint(rng.choice(NUMBERS[:10])) + os.urandom(16)
    if kind == "text":
        return counted(rng.choice(WORDS).encode())
    if kind == "bytes":
        return counted(os.urandom(rng.randrange(20)))
    if kind == "value":
        return session.value(value(rng, session))
    if kind == "move":
        return rng.choice((session.peer, session.own, os.urandom(8)))[:8] + rng.randrange(4).to_bytes(8, "little")
    if kind == "node":
        return rng.choice((session.peer, session.own, os.urandom(16))) + counted(b"127.0.0.1") + varint(rng.choice((1, 9, 65535)))
    return os.urandom(16)


def plausible(rng, session, kind):
    body = b"".join(field(rng, session, each) for each in FIELDS[kind])
    if rng.random() < 0.2:
        return body[:rng.randrange(len(body) + 1)]
    return body
