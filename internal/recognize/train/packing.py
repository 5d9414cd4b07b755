"""Packs the weights of convolutions, and unpacks them: the twin of internal/neural/unpack.go, which says how.

A convolution is a dictionary with weight (int8 [out, in, kh, kw]), scale and bias (float32 [out]); unpack is given its
shape instead and adds the three.
"""
import numpy as np

EVEN, FAST, SLOW = 1 << 15, 5, 8
MASK = 0xFFFFFFFF


class Tree:
    """The probabilities of a byte's bits by the bits before, each as a fast and a slow one in 65536ths."""

    def __init__(self):
        self.fast, self.slow = [EVEN] * 256, [EVEN] * 256

    def split(self, node, low, high):
        """The last point of the interval that stands for a 1."""
        p, size = (self.fast[node] + self.slow[node]) >> 1, high - low
        return low + (size >> 16) * p + ((size & 0xFFFF) * p >> 16)

    def learn(self, node, bit):
        for odds, shift in (self.fast, FAST), (self.slow, SLOW):
            odds[node] += (65536 - odds[node]) >> shift if bit else -(odds[node] >> shift)


class Trees:
    def __init__(self):
        self.scale, self.bias, self.weight = [Tree() for _ in range(4)], [Tree() for _ in range(4)], [Tree()]

    def fields(self):
        return ("scale", "<f4", self.scale), ("bias", "<f4", self.bias), ("weight", "i1", self.weight)


def pack(convolutions):
    """Returns the packed bytes."""
    trees, out, low, high = Trees(), bytearray(), 0, MASK
    for c in convolutions:
        for name, kind, places in trees.fields():
            for i, byte in enumerate(np.asarray(c[name]).astype(kind).tobytes()):
                tree, node = places[i % len(places)], 1
                for k in range(7, -1, -1):
                    bit = byte >> k & 1
                    middle = tree.split(node, low, high)
                    low, high = (low, middle) if bit else (middle + 1, high)
                    tree.learn(node, bit)
                    node = 2 * node + bit
                    while low >> 24 == high >> 24:
                        out.append(low >> 24)
                        low, high = low << 8 & MASK, high << 8 & MASK | 0xFF
    return bytes(out) + low.to_bytes(4, "big")


def unpack(convolutions, packed):
    """Adds scale, bias and weight to convolutions of given shapes."""
    trees, low, high, code, at = Trees(), 0, MASK, int.from_bytes(packed[:4], "big"), 4
    for c in convolutions:
        for name, kind, places in trees.fields():
            shape = c["shape"] if name == "weight" else c["shape"][:1]
            data = bytearray()
            for i in range(int(np.prod(shape)) * len(places)):
                tree, node = places[i % len(places)], 1
                while node < 256:
                    middle = tree.split(node, low, high)
                    bit = int(code <= middle)
                    low, high = (low, middle) if bit else (middle + 1, high)
                    tree.learn(node, bit)
                    node = 2 * node + bit
                    while low >> 24 == high >> 24:
                        low, high = low << 8 & MASK, high << 8 & MASK | 0xFF
                        code, at = code << 8 & MASK | packed[at], at + 1
                data.append(node & 0xFF)
            c[name] = np.frombuffer(bytes(data), kind).reshape(shape)
    if at != len(packed):
        raise ValueError("bytes after the last weight")
