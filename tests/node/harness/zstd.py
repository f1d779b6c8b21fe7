"""zstd by its C library: to make the bombs that a decoder must not unfold."""

import ctypes
import ctypes.util

from .cluster import Skip

CONTENT_SIZE_FLAG, WINDOW_LOG = 200, 101


def _library():
    name = ctypes.util.find_library("zstd")
    if name is None:
        raise Skip("no libzstd")
    library = ctypes.CDLL(name)
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    library.ZSTD_createCCtx.restype = ctypes.c_void_p
    library.ZSTD_compress2.restype = ctypes.c_size_t
    return library


def compress(data, level=3, content_size=True, window_log=0):
    """One zstd frame."""
    library = _library()
    context = ctypes.c_void_p(library.ZSTD_createCCtx())
    library.ZSTD_CCtx_setParameter(context, 100, level)
    library.ZSTD_CCtx_setParameter(context, CONTENT_SIZE_FLAG, int(content_size))
    if window_log:
        library.ZSTD_CCtx_setParameter(context, WINDOW_LOG, window_log)
    room = library.ZSTD_compressBound(ctypes.c_size_t(len(data)))
    out = ctypes.create_string_buffer(room)
    n = library.ZSTD_compress2(context, out, ctypes.c_size_t(room), data, ctypes.c_size_t(len(data)))
    library.ZSTD_freeCCtx(context)
    return out.raw[:n]
