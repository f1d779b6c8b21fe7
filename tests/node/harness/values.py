"""Values in bytes, as rt/wire/FORMAT.md says: what the attacks need of it, written from that page alone.

Python has: bool, None (void), int, float, str, bytes, list (proper list), tuple (vector), and the classes here."""

import struct

CONSTANT, CHAR, INTEGER, BIG, RATIONAL, FLONUM, STRING, SYMBOL, SYMBOL_REF, REF, LIST, INTEGERS, VECTOR, BYTEVECTOR = range(1, 15)
RECORD, RECORD_TYPE, VALUES, BOX, PROMISE, CONDITION, CLOSURE, CONTINUATION, PID, TAG, NODE = range(15, 26)
SMALL_FIRST, SMALL_LEAST, SMALL_MOST = 0x80, -16, 111
FIXNUM_BITS = 60
CONSTANTS = {0: False, 1: True, 2: [], 3: "eof", 4: None, 5: "default"}


class Sym(str):
    """A symbol."""


class Identity:
    """A pid or a tag: whose (16 bytes boot id), its number, its code."""

    def __init__(self, boot, serial, mac):
        self.boot, self.serial, self.mac = boot, serial, mac

    def key(self):
        return type(self), self.boot, self.serial, self.mac

    def __eq__(self, other):
        return isinstance(other, Identity) and self.key() == other.key()

    def __hash__(self):
        return hash(self.key())

    def __repr__(self):
        return "%s(%s, %d)" % (type(self).__name__, self.boot.hex(), self.serial)


class Pid(Identity):
    pass


class Tag(Identity):
    pass


class Condition:
    def __init__(self, kind, message, irritants):
        self.kind, self.message, self.irritants = kind, message, irritants


def varint(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def zigzag(n):
    return varint(2 * n if n >= 0 else -2 * n - 1)


def counted(data):
    return varint(len(data)) + data


class Encoder:
    """One value. `sender`, `receiver`: boot ids with the numbers 0 and 1; without them (a file) none is known."""

    def __init__(self, sender=None, receiver=None):
        self.symbols = {}
        self.boots = {id: n for n, id in enumerate((sender, receiver)) if id is not None}

    def value(self, v):
        if v is None or isinstance(v, bool) or v == []:
            return bytes([CONSTANT, 4 if v is None else 2 if v == [] else int(v)])
        if isinstance(v, int):
            return self._integer(v)
        if isinstance(v, float):
            return bytes([FLONUM]) + struct.pack("<d", v)
        if isinstance(v, Sym):
            return self._symbol(v)
        if isinstance(v, str):
            return bytes([STRING]) + counted(v.encode())
        if isinstance(v, bytes):
            return bytes([BYTEVECTOR]) + counted(v)
        if isinstance(v, tuple):
            return bytes([VECTOR]) + varint(len(v)) + b"".join(map(self.value, v))
        if isinstance(v, Identity):
            return bytes([PID if isinstance(v, Pid) else TAG]) + self._boot(v.boot) + varint(v.serial) + v.mac
        if all(type(x) is int and fits(x) for x in v):
            return bytes([INTEGERS]) + varint(len(v)) + b"".join(map(zigzag, v)) + self.value([])
        return bytes([LIST]) + varint(len(v)) + b"".join(map(self.value, v)) + self.value([])

    def _integer(self, n):
        if SMALL_LEAST <= n <= SMALL_MOST:
            return bytes([SMALL_FIRST + n - SMALL_LEAST])
        if fits(n):
            return bytes([INTEGER]) + zigzag(n)
        magnitude = abs(n).to_bytes((abs(n).bit_length() + 7) // 8, "little")
        return bytes([BIG]) + varint(2 * len(magnitude) + (n < 0)) + magnitude

    def _symbol(self, name):
        if name in self.symbols:
            return bytes([SYMBOL_REF]) + varint(self.symbols[name])
        self.symbols[name] = len(self.symbols)
        return bytes([SYMBOL]) + counted(name.encode())

    def _boot(self, boot):
        if boot in self.boots:
            return varint(self.boots[boot] + 1)
        self.boots[boot] = len(self.boots)
        return varint(0) + boot + counted(b"") + varint(0)


def fits(n):
    return -(1 << FIXNUM_BITS) <= n < 1 << FIXNUM_BITS


class Reader:
    """Bytes, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def u8(self):
        self.at += 1
        return self.data[self.at - 1]

    def take(self, n):
        if n > len(self.data) - self.at:
            raise ValueError("cut short")
        self.at += n
        return bytes(self.data[self.at - n:self.at])

    def varint(self):
        n = shift = 0
        while True:
            byte = self.u8()
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    def zigzag(self):
        n = self.varint()
        return n // 2 if n % 2 == 0 else -(n + 1) // 2

    def counted(self):
        return self.take(self.varint())


class Decoder(Reader):
    """One value; of the kinds that a test looks into (no code, no records)."""

    def __init__(self, data, sender=None, receiver=None):
        super().__init__(data)
        self.symbols, self.objects = [], []
        self.boots = [id for id in (sender, receiver) if id is not None]

    def value(self):
        tag = self.u8()
        if tag >= SMALL_FIRST:
            return tag - SMALL_FIRST + SMALL_LEAST
        return getattr(self, "_tag_%d" % tag)()

    def _new(self, v):
        self.objects.append(v)
        return v

    def _tag_1(self):
        return CONSTANTS[self.u8()]

    def _tag_2(self):
        return chr(self.varint())

    def _tag_3(self):
        return self.zigzag()

    def _tag_4(self):
        head = self.varint()
        n = int.from_bytes(self.take(head // 2), "little")
        return -n if head % 2 else n

    def _tag_6(self):
        return struct.unpack("<d", self.take(8))[0]

    def _tag_7(self):
        return self._new(self.counted().decode())

    def _tag_8(self):
        self.symbols.append(Sym(self.counted().decode()))
        return self.symbols[-1]

    def _tag_9(self):
        return self.symbols[self.varint()]

    def _tag_10(self):
        return self.objects[self.varint()]

    def _tag_11(self, element=None):
        out = []
        n = self.varint()
        self.objects += [out] * n
        for _ in range(n):
            out.append(element() if element else self.value())
        tail = self.value()
        if isinstance(tail, list):
            out += tail
        else:
            out.append(tail)
        return out

    def _tag_12(self):
        return self._tag_11(self.zigzag)

    def _tag_13(self):
        place = len(self.objects)
        self.objects.append(None)
        self.objects[place] = tuple(self.value() for _ in range(self.varint()))
        return self.objects[place]

    def _tag_14(self):
        return self._new(self.counted())

    def _tag_20(self):
        condition = self._new(Condition(None, None, None))
        condition.kind, condition.message, condition.irritants = self.value(), self.value(), self.value()
        return condition

    def _identity(self, kind):
        place = len(self.objects)
        self.objects.append(None)
        k = self.varint()
        if k == 0:
            self.boots.append(self.take(16))
            self.counted(), self.varint()  # where it can be reached
        self.objects[place] = kind(self.boots[k - 1] if k else self.boots[-1], self.varint(), self.take(16))
        return self.objects[place]

    def _tag_23(self):
        return self._identity(Pid)

    def _tag_24(self):
        return self._identity(Tag)
