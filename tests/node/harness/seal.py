"""The tags of frames (rt/node/PROTOCOL.md), made with libsodium's SipHash."""

import ctypes
import ctypes.util
import struct

TAG_BYTES = 16
_sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
FRAGMENT = 3


def siphash(key, data):
    """SipHash-2-4 with 128 bits."""
    out = ctypes.create_string_buffer(TAG_BYTES)
    _sodium.crypto_shorthash_siphashx24(out, bytes(data), ctypes.c_ulonglong(len(data)), key)
    return out.raw


def _fragment_head(body):
    """How long what stands in front of a fragment's bytes is."""
    at = 0
    while body[at] & 0x80:
        at += 1
    flags = body[at + 1]
    at += 2
    if flags & 1 and flags <= 3:
        at += 1
        while body[at] & 0x80:
            at += 1
        at += 1
    return at


class Seal:
    """One direction of a session: `key` is 32 bytes; frames are numbered from 0."""

    def __init__(self, key):
        self.key, self.number = key, 0

    def tag(self, frame, number=None):
        """The tag of a frame, which counts as the next one, or as that number."""
        if number is None:
            number = self.number
            self.number += 1
        if frame[0] == FRAGMENT:
            try:
                head = 4 + _fragment_head(frame[4:])
            except IndexError:
                head = len(frame)  # a fragment that no node sends
            frame = frame[:head] + siphash(self.key[16:], frame[head:])
        return siphash(self.key[:16], frame + struct.pack("<Q", number))


class NoSeal:
    """Of a connection whose frames have no tags."""

    def tag(self, frame):
        return b""
