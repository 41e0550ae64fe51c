"""Our icons, drawn: three stages of a journey, each with how it is there; the second one hurts."""

import struct
import zlib
from collections.abc import Callable
from itertools import pairwise

COLOUR, OUTLINE = 192, 32
FINER = 4  # points across a pixel, for smooth edges

Pixel = tuple[int, int, int, int]

_CLEAR: Pixel = (0, 0, 0, 0)
_STAGE: Pixel = (0x23, 0x39, 0x5B, 255)
_WHITE: Pixel = (255, 255, 255, 255)
_HURTS: Pixel = (0xF2, 0xA6, 0x5A, 255)
_GAIN: Pixel = (0x6C, 0xCB, 0x95, 255)
_IDEA: Pixel = (0x7F, 0xB0, 0xFF, 255)
_COLUMNS = ((0.26, 0.46, _GAIN), (0.50, 0.70, _HURTS), (0.74, 0.54, _IDEA))  # middle, how low, how it is


def colour() -> bytes:
    """The full icon, 192 by 192."""
    return _png(COLOUR, lambda x, y: _mark(x, y) or _STAGE)


def outline() -> bytes:
    """The outline, 32 by 32: white on nothing."""
    return _png(OUTLINE, lambda x, y: _WHITE if _mark(x, y) else _CLEAR)


def _mark(x: float, y: float) -> Pixel | None:
    """The mark at that point of a square of side one; None beside it."""
    for middle, low, how in _COLUMNS:
        if (x - middle) ** 2 + (y - low) ** 2 <= 0.095**2:
            return how
        if abs(x - middle) <= 0.095 and 0.20 <= y <= 0.26:
            return _WHITE
    for (left, high, _), (right, low, _) in pairwise(_COLUMNS):
        if left <= x <= right:
            on = high + (low - high) * (x - left) / (right - left)
            return _WHITE if abs(y - on) <= 0.028 else None
    return None


def _png(side: int, at: Callable[[float, float], Pixel]) -> bytes:
    rows = b"".join(
        b"\0" + b"".join(bytes(_pixel(column, row, side, at)) for column in range(side))
        for row in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _pixel(column: int, row: int, side: int, at: Callable[[float, float], Pixel]) -> Pixel:
    """The mean of the points in a pixel; a clear one lends no colour."""
    points = [
        at((column + (i + 0.5) / FINER) / side, (row + (j + 0.5) / FINER) / side)
        for i in range(FINER)
        for j in range(FINER)
    ]
    seen = sum(point[3] for point in points)
    if not seen:
        return _CLEAR
    red, green, blue = (sum(point[n] * point[3] for point in points) // seen for n in range(3))
    return red, green, blue, seen // len(points)
