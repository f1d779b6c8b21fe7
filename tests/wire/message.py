"""The wire format (rt/wire/FORMAT.md) a second time, for tests that change messages: reads the message of a file into a
graph of Things, and writes such a graph. Reading and writing again gives the same bytes."""
import struct

(CONSTANT, CHAR, INTEGER, BIG, RATIONAL, FLONUM, STRING, SYMBOL, SYMBOL_REF, REF, LIST, INTEGERS, VECTOR, BYTEVECTOR, RECORD,
 RECORD_TYPE, VALUES, BOX, PROMISE, CONDITION, CLOSURE, CONTINUATION, PID, TAG, NODE, DEADLINE, PORT, SERVICE) = range(1, 29)
SMALL, SMALL_MIN = 0x80, -16
PAIR = "pair"
MAGIC = b"TTW\x03"  # and the version; then the checksum, the flags, the body
CHECKSUM_BYTES = 8
PARTS = {BOX: 1, PROMISE: 2, CONDITION: 3, NODE: 2, SERVICE: 2}  # tags followed by so many values and nothing else


def xxh64(data):
    """XXH64 with seed 0, as its specification has it."""
    mask = (1 << 64) - 1
    p1, p2, p3, p4, p5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)

    def rotated(x, n):
        return (x << n | x >> (64 - n)) & mask

    def round_of(lane, word):
        return rotated((lane + word * p2) & mask, 31) * p1 & mask

    at, n = 0, len(data)
    if n >= 32:
        lanes = [(p1 + p2) & mask, p2, 0, -p1 & mask]
        while n - at >= 32:
            lanes = [round_of(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
            at += 32
        h = sum(rotated(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18))) & mask
        for lane in lanes:
            h = ((h ^ round_of(0, lane)) * p1 + p4) & mask
    else:
        h = p5
    h = (h + n) & mask
    for size, code in ((8, "<Q"), (4, "<I"), (1, "<B")):
        while n - at >= size:
            word, = struct.unpack_from(code, data, at)
            at += size
            if size == 8:
                h = (rotated(h ^ round_of(0, word), 27) * p1 + p4) & mask
            elif size == 4:
                h = (rotated(h ^ word * p1 & mask, 23) * p2 + p3) & mask
            else:
                h = rotated(h ^ word * p5 & mask, 11) * p1 & mask
    h = (h ^ h >> 33) * p2 & mask
    h = (h ^ h >> 29) * p3 & mask
    return h ^ h >> 32


def sealed(flags_and_body):
    """A message for a file."""
    return MAGIC + struct.pack("<Q", xxh64(flags_and_body)) + flags_and_body


class Thing:
    """A value: its tag (PAIR for a pair), its parts, and what else is written: bytes, a number, a Code."""

    def __init__(self, tag, parts=(), data=None):
        self.tag, self.parts, self.data = tag, list(parts), data


class Code:
    def __init__(self, id, kind, n_slots, rest=b""):
        self.id, self.kind, self.n_slots, self.rest = id, kind, n_slots, rest


class Frame:
    """A frame of a continuation, and the one that it returns to (None: there is none)."""

    def __init__(self, code):
        self.code, self.parts, self.below = code, [], None


def is_integer(thing):
    return thing.tag == INTEGER


class Reader:
    def __init__(self, message):
        front = len(MAGIC) + CHECKSUM_BYTES
        assert message[:len(MAGIC)] == MAGIC and message[front] == 0, "a message without compression is needed"
        assert message == sealed(message[front:]), "another checksum"
        self.bytes, self.at = message, front + 1
        self.objects, self.symbols, self.codes, self.frames, self.boots = [], [], [], [], []

    def take(self, n):
        self.at += n
        return self.bytes[self.at - n:self.at]

    def varint(self):
        n = shift = 0
        while True:
            byte = self.take(1)[0]
            n |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return n

    def zigzag(self):
        n = self.varint()
        return -(n >> 1) - 1 if n & 1 else n >> 1

    def sized(self):
        return self.take(self.varint())

    def number(self, thing):
        self.objects.append(thing)
        return thing

    def values(self, n):
        return [self.value() for _ in range(n)]

    def value(self):
        tag = self.take(1)[0]
        if tag >= SMALL:
            return Thing(INTEGER, data=tag - SMALL + SMALL_MIN)
        if tag == REF:
            return self.objects[self.varint()]
        if tag == SYMBOL_REF:
            return self.symbols[self.varint()]
        return self.new_value(tag)

    def new_value(self, tag):
        if tag in (LIST, INTEGERS):
            return self.list(tag)
        if tag == SYMBOL:
            self.symbols.append(Thing(tag, data=self.sized()))
            return self.symbols[-1]
        if tag == CONSTANT:
            return Thing(tag, data=self.take(1))
        if tag == INTEGER:
            return Thing(tag, data=self.zigzag())
        if tag == FLONUM:
            return Thing(tag, data=self.take(8))
        if tag in (CHAR, DEADLINE):
            return Thing(tag, data=self.varint())
        if tag == BIG:
            n = self.varint()
            return Thing(tag, data=(n & 1, self.take(n >> 1)))
        if tag == RATIONAL:
            return Thing(tag, self.values(2))
        return self.object(tag)

    def object(self, tag):
        thing = self.number(Thing(tag))
        if tag in (STRING, BYTEVECTOR):
            thing.data = self.sized()
        elif tag in PARTS:
            thing.parts = self.values(PARTS[tag])
        elif tag in (VECTOR, VALUES):
            thing.parts = self.values(self.varint())
        elif tag == RECORD:
            thing.data = self.value()
            thing.parts = self.values(self.varint())
        elif tag == RECORD_TYPE:
            thing.data = self.sized() if self.take(1)[0] else None
            thing.parts = [self.value()]
            thing.parts += self.values(self.varint())
        elif tag == CLOSURE:
            thing.data = self.code()
            thing.parts = self.values(thing.data.n_slots)
        elif tag == CONTINUATION:
            thing.data = self.continuation()
        elif tag in (PID, TAG, PORT):
            thing.data = (self.boot(), self.varint(), self.take(16))
        else:
            raise ValueError(f"tag {tag} at {self.at}")
        return thing

    def list(self, tag):
        pairs = [self.number(Thing(PAIR, [None, None])) for _ in range(self.varint())]
        for pair, next_pair in zip(pairs, pairs[1:]):
            pair.parts[1] = next_pair
        for pair in pairs:
            pair.parts[0] = Thing(INTEGER, data=self.zigzag()) if tag == INTEGERS else self.value()
        pairs[-1].parts[1] = self.value()
        return pairs[0]

    def code(self):
        n = self.varint()
        if n:
            return self.codes[n - 1]
        self.codes.append(Code(self.take(16), self.take(1)[0], self.varint(), self.sized()))
        return self.codes[-1]

    def boot(self):
        n = self.varint()
        if n:
            return self.boots[n - 1]
        self.boots.append((self.take(16), self.sized(), self.varint()))
        return self.boots[-1]

    def continuation(self):
        n = self.varint()
        if n:
            return self.frames[n - 1]
        n, tail = self.varint(), self.varint()
        frames = [Frame(self.code()) for _ in range(n)]
        for frame, below in zip(frames, frames[1:] + [self.frames[tail - 1] if tail else None]):
            frame.below = below
        self.frames += frames
        for frame in frames:
            frame.parts = self.values(frame.code.n_slots)
        return frames[0] if frames else None


class Writer:
    def __init__(self):
        self.out = bytearray(b"\0")
        self.objects, self.symbols, self.codes, self.frames, self.boots = {}, {}, {}, {}, {}
        self.kept = []  # what has a number must stay alive: numbers go by identity

    def varint(self, n):
        while n >= 0x80:
            self.out.append(n & 0x7f | 0x80)
            n >>= 7
        self.out.append(n)

    def zigzag(self, n):
        self.varint(-2 * n - 1 if n < 0 else 2 * n)

    def sized(self, data):
        self.varint(len(data))
        self.out += data

    def number(self, table, thing):
        table[id(thing)] = len(table)
        self.kept.append(thing)

    def value(self, thing):
        if is_integer(thing):
            if SMALL_MIN <= thing.data < SMALL_MIN + 0x80:
                self.out.append(thing.data - SMALL_MIN + SMALL)
            else:
                self.out.append(INTEGER)
                self.zigzag(thing.data)
        elif id(thing) in self.objects:
            self.out.append(REF)
            self.varint(self.objects[id(thing)])
        elif thing.tag == PAIR:
            self.list(thing)
        else:
            self.new_value(thing)

    def values(self, things):
        for thing in things:
            self.value(thing)

    def new_value(self, thing):
        tag = thing.tag
        if tag == SYMBOL:
            if thing.data in self.symbols:
                self.out.append(SYMBOL_REF)
                self.varint(self.symbols[thing.data])
                return
            self.symbols[thing.data] = len(self.symbols)
        elif tag not in (CONSTANT, FLONUM, CHAR, DEADLINE, BIG, RATIONAL):
            self.number(self.objects, thing)
        self.out.append(tag)
        if tag in (CONSTANT, FLONUM):
            self.out += thing.data
        elif tag in (CHAR, DEADLINE):
            self.varint(thing.data)
        elif tag == BIG:
            self.varint(len(thing.data[1]) << 1 | thing.data[0])
            self.out += thing.data[1]
        elif tag in (STRING, SYMBOL, BYTEVECTOR):
            self.sized(thing.data)
        else:
            self.parts(thing)

    def parts(self, thing):
        tag, parts = thing.tag, thing.parts
        if tag in (VECTOR, VALUES):
            self.varint(len(parts))
        elif tag == RECORD:
            self.value(thing.data)
            self.varint(len(parts))
        elif tag == RECORD_TYPE:
            self.out.append(thing.data is not None)
            if thing.data is not None:
                self.sized(thing.data)
            self.value(parts[0])
            self.varint(len(parts) - 1)
            parts = parts[1:]
        elif tag == CLOSURE:
            self.code(thing.data)
        elif tag == CONTINUATION:
            self.continuation(thing.data)
        elif tag in (PID, TAG, PORT):
            self.boot(thing.data[0])
            self.varint(thing.data[1])
            self.out += thing.data[2]
        self.values(parts)

    def list(self, pair):
        pairs = []
        while pair.tag == PAIR and id(pair) not in self.objects:
            self.number(self.objects, pair)
            pairs.append(pair)
            pair = pair.parts[1]
        integers = all(is_integer(p.parts[0]) for p in pairs)
        self.out.append(INTEGERS if integers else LIST)
        self.varint(len(pairs))
        for p in pairs:
            if integers:
                self.zigzag(p.parts[0].data)
            else:
                self.value(p.parts[0])
        self.value(pair)

    def code(self, code):
        if code in self.codes:
            self.varint(self.codes[code] + 1)
            return
        self.codes[code] = len(self.codes)
        self.varint(0)
        self.out += code.id
        self.out.append(code.kind)
        self.varint(code.n_slots)
        self.sized(code.rest)

    def boot(self, boot):
        if boot in self.boots:
            self.varint(self.boots[boot] + 1)
            return
        self.boots[boot] = len(self.boots)
        self.varint(0)
        self.out += boot[0]
        self.sized(boot[1])
        self.varint(boot[2])

    def continuation(self, frame):
        if id(frame) in self.frames:
            self.varint(self.frames[id(frame)] + 1)
            return
        frames = []
        while frame and id(frame) not in self.frames:
            self.number(self.frames, frame)
            frames.append(frame)
            frame = frame.below
        self.varint(0)
        self.varint(len(frames))
        self.varint(self.frames[id(frame)] + 1 if frame else 0)
        for f in frames:
            self.code(f.code)
        for f in frames:
            self.values(f.parts)


def read(message):
    """The value of a message; the message must be sound."""
    reader = Reader(message)
    value = reader.value()
    assert reader.at == len(message), "bytes behind the end"
    return value


def write(value):
    writer = Writer()
    writer.value(value)
    return sealed(bytes(writer.out))


def walk(value):
    """Everything that the value reaches, itself first: Things and Frames."""
    met, todo = set(), [value]
    while todo:
        thing = todo.pop()
        if thing is None or id(thing) in met:
            continue
        met.add(id(thing))
        yield thing
        todo += reversed(thing.parts)
        if isinstance(thing, Frame):
            todo.append(thing.below)
        elif isinstance(thing.data, (Thing, Frame)):
            todo.append(thing.data)
