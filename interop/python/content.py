"""The content that every peer can make again from a seed, and the digest that a reader reports.

All peers hold the same two functions; the run compares what a reader saw with its own.
"""

PRIME = 0x100000001B3
OFFSET = 0xCBF29CE484222325
LINE = "{seed} {index} {word:08x} é漢😀\n"


def content(order: dict) -> str:
    """Lines of the seed, a count and a pseudo-random word, until `size` bytes of UTF-8 are reached."""
    word = fnv1a(order["seed"].encode()) & 0xFFFFFFFF or 1
    lines, length = [], 0
    while length < order["size"]:
        word ^= (word << 13) & 0xFFFFFFFF
        word ^= word >> 17
        word ^= (word << 5) & 0xFFFFFFFF
        lines.append(LINE.format(seed=order["seed"], index=len(lines), word=word))
        length += len(lines[-1].encode())
    return "".join(lines)


def seen(text: str) -> str:
    """What a reader reports: the length in bytes and a digest."""
    data = text.encode()
    return f"{len(data)}:{fnv1a(data):016x}"


def fnv1a(data: bytes) -> int:
    """FNV-1a with 64 bits: short in every language, also where a workflow has no library for digests."""
    value = OFFSET
    for byte in data:
        value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return value
