"""Writes and reads the weight file of internal/neural, whose package comment gives the layout byte by byte.

    net = Net("locator", (1, 160, 160))
    a = net.conv(net.input, weight, bias, stride=2, padding=1, relu=True)   # weight: float [out, in, kh, kw]
    b = net.upsample(net.conv(net.maximum(a, 2, 2), ...))
    net.output(net.conv(net.concat(a, b), ...))
    write("weights.bin", [net])

Weights are rounded to int8 with one scale an output channel here, and nowhere else. `run` is a slow interpreter of the
same operations, to check an export against its source.
"""
import struct
import zlib

import numpy as np

import packing

MAGIC, VERSION = b"OBCW", 2
CONV, MAXIMUM, UPSAMPLE, CONCAT, ADD, MEAN, SIGMOID, SOFTMAX = range(1, 9)


def rounded(v):
    """Returns v as float32 with 12 bits of mantissa, far finer than int8: the bits that are zero cost nothing in the file."""
    bits = np.asarray(v, np.float32).view(np.uint32)
    return (bits + 0x800 & 0xFFFFF000).astype(np.uint32).view(np.float32)


def quantise(weight, most=127):
    """Returns int8 weights and float32 scales, one an output channel: weight ≈ int8 · scale, symmetric about zero. No int8 is
    larger than most; the smaller they are, the smaller is the file."""
    w = np.asarray(weight, np.float32)
    peak = np.abs(w).reshape(len(w), -1).max(1)
    scale = rounded(np.where(peak > 0, peak / most, 1))
    q = np.clip(np.rint(w / scale[:, None, None, None]), -most, most).astype(np.int8)
    return q, scale


def pair(v):
    return (v, v) if isinstance(v, int) else tuple(v)


class Net:
    """A network: operations over values, where value 0 is the input. Each method returns the value that it makes."""

    def __init__(self, name, shape):
        self.name, self.shape = name, tuple(shape)  # channels, height, width
        self.ops, self.outputs = [], []
        self.channels = [self.shape[0]]
        self.input = 0

    def _add(self, channels, kind, **fields):
        self.ops.append(dict(kind=kind, **fields))
        self.channels.append(channels)
        return len(self.ops)

    def conv(self, source, weight, bias, stride=1, padding=0, relu=False, most=127):
        q, scale = quantise(weight, most)
        assert q.shape[1] == self.channels[source], (self.name, q.shape, self.channels[source])
        return self._add(q.shape[0], CONV, a=source, weight=q, scale=scale, bias=rounded(bias),
                         stride=pair(stride), padding=pair(padding), relu=bool(relu))

    def maximum(self, source, height, width):
        return self._add(self.channels[source], MAXIMUM, a=source, window=(height, width))

    def upsample(self, source):
        return self._add(self.channels[source], UPSAMPLE, a=source)

    def concat(self, a, b):
        return self._add(self.channels[a] + self.channels[b], CONCAT, a=a, b=b)

    def add(self, a, b, relu=False):
        return self._add(self.channels[a], ADD, a=a, b=b, relu=bool(relu))

    def mean(self, source):
        return self._add(self.channels[source], MEAN, a=source)

    def sigmoid(self, source):
        return self._add(self.channels[source], SIGMOID, a=source)

    def softmax(self, source):
        return self._add(self.channels[source], SOFTMAX, a=source)

    def output(self, *values):
        self.outputs += values

    def encode(self):
        name = self.name.encode()
        out = [struct.pack("<B", len(name)), name, struct.pack("<4H", *self.shape, len(self.ops))]
        out += [encode_op(o) for o in self.ops]
        out.append(struct.pack("<B%dH" % len(self.outputs), len(self.outputs), *self.outputs))
        packed = packing.pack([o for o in self.ops if o["kind"] == CONV])
        return b"".join([*out, struct.pack("<I", len(packed)), packed])


def encode_op(o):
    head = struct.pack("<BH", o["kind"], o["a"])
    if o["kind"] == CONV:
        n, _, kh, kw = o["weight"].shape
        return head + struct.pack("<H7B", n, kh, kw, *o["stride"], *o["padding"], o["relu"])
    if o["kind"] == MAXIMUM:
        return head + struct.pack("<2B", *o["window"])
    if o["kind"] == CONCAT:
        return head + struct.pack("<H", o["b"])
    if o["kind"] == ADD:
        return head + struct.pack("<HB", o["b"], o["relu"])
    return head


def write(path, nets):
    """Writes the networks into one file and returns its size in bytes."""
    body = b"".join(n.encode() for n in nets)
    file = MAGIC + struct.pack("<HHI", VERSION, len(nets), zlib.crc32(body)) + body
    with open(path, "wb") as f:
        f.write(file)
    return len(file)


def read(path):
    """Returns the networks of a file, by name."""
    with open(path, "rb") as f:
        file = f.read()
    version, count, crc = struct.unpack_from("<HHI", file, 4)
    if file[:4] != MAGIC or version != VERSION or crc != zlib.crc32(file[12:]):
        raise ValueError("not a sound weight file")
    nets, at = {}, 12
    for _ in range(count):
        net, at = decode(file, at)
        nets[net.name] = net
    if at != len(file):
        raise ValueError("bytes after the last network")
    return nets


def decode(file, at):
    def take(form):
        nonlocal at
        v = struct.unpack_from("<" + form, file, at)
        at += struct.calcsize("<" + form)
        return v if len(v) > 1 else v[0]

    length = take("B")
    name = file[at:at + length].decode()
    at += length
    net = Net(name, take("3H"))
    for _ in range(take("H")):
        kind, a = take("BH")
        if kind == CONV:
            n, kh, kw, sy, sx, py, px, flags = take("H7B")
            net._add(n, CONV, a=a, shape=(n, net.channels[a], kh, kw), stride=(sy, sx), padding=(py, px), relu=bool(flags & 1))
        elif kind == MAXIMUM:
            net.maximum(a, *take("2B"))
        elif kind == CONCAT:
            net.concat(a, take("H"))
        elif kind == ADD:
            b, flags = take("HB")
            net.add(a, b, bool(flags & 1))
        else:
            net._add(net.channels[a], kind, a=a)
    count = take("B")
    net.output(*[take("H") for _ in range(count)])
    size = take("I")
    packing.unpack([o for o in net.ops if o["kind"] == CONV], file[at:at + size])
    return net, at + size


def run(net, x):
    """Returns the outputs for x, float32 [channels, height, width], in plain numpy."""
    values = [np.asarray(x, np.float32)]
    for o in net.ops:
        values.append(run_op(o, values))
    return [values[v] for v in net.outputs]


def run_op(o, values):
    v = values[o["a"]]
    if o["kind"] == CONV:
        return run_conv(o, v)
    if o["kind"] == MAXIMUM:
        h, w = o["window"]
        c, y, x = v.shape
        return v[:, :y // h * h, :x // w * w].reshape(c, y // h, h, x // w, w).max((2, 4))
    if o["kind"] == UPSAMPLE:
        return v.repeat(2, 1).repeat(2, 2)
    if o["kind"] == CONCAT:
        return np.concatenate([v, values[o["b"]]])
    if o["kind"] == ADD:
        s = v + values[o["b"]]
        return np.maximum(s, 0) if o["relu"] else s
    if o["kind"] == MEAN:
        return v.mean((1, 2), keepdims=True)
    if o["kind"] == SIGMOID:
        return 1 / (1 + np.exp(-v))
    e = np.exp(v - v.max(0))
    return e / e.sum(0)


def run_conv(o, v):
    w, (sy, sx), (py, px) = o["weight"].astype(np.int64), o["stride"], o["padding"]
    _, _, kh, kw = w.shape
    most = np.float32(min(16383, (2**30 - 1) // max(1, np.abs(w).reshape(len(w), -1).sum(1).max())))
    peak = np.abs(v).max()
    unit, scale = (peak / most, most / peak) if peak > 1e-30 else (np.float32(0), np.float32(0))
    p = np.pad(np.rint(v * scale).astype(np.int64), ((0, 0), (py, py), (px, px)))
    h, wd = (p.shape[1] - kh) // sy + 1, (p.shape[2] - kw) // sx + 1
    sums = np.zeros((len(w), h, wd), np.int64)
    for ky in range(kh):
        for kx in range(kw):
            tap = p[:, ky:ky + sy * (h - 1) + 1:sy, kx:kx + sx * (wd - 1) + 1:sx]
            sums += np.tensordot(w[:, :, ky, kx], tap, 1)
    out = sums.astype(np.float32) * (o["scale"] * unit)[:, None, None] + o["bias"][:, None, None]
    return np.maximum(out, 0) if o["relu"] else out
