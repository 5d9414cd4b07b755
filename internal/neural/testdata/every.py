"""Writes every.bin, a weight file with every kind of operation, and every.f32: an input, then the outputs that
weights.py's own interpreter gives for it (little-endian float32). Run with: python3 internal/neural/testdata/every.py"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "recognize" / "train"))
from weights import Net, read, run, write  # noqa: E402

random = np.random.default_rng(7)


def draw(*shape):
    return random.normal(0, .3, shape).astype(np.float32)


net = Net("every", (1, 21, 22))
a = net.conv(net.input, draw(6, 1, 5, 5), draw(6), stride=2, padding=2, relu=True)
b = net.conv(a, draw(8, 6, 3, 3), draw(8), stride=2, padding=1, relu=True)
halved = net.maximum(b, 2, 1)
joined = net.concat(net.upsample(net.maximum(b, 2, 2)), b)
c = net.add(net.conv(joined, draw(8, 16, 1, 1), draw(8)), b, relu=True)
mask = net.sigmoid(net.conv(c, draw(2, 8, 3, 9), draw(2), padding=(1, 4)))
classes = net.softmax(net.conv(net.mean(c), draw(11, 8, 1, 1), draw(11)))
net.output(mask, classes, net.conv(halved, draw(3, 8, 2, 1), draw(3)))

second = Net("second", (2, 4, 4))
second.output(second.conv(second.input, draw(1, 2, 3, 3), draw(1), padding=1))

write(HERE / "every.bin", [net, second])
x = random.normal(0, 1, net.shape).astype("<f4")
outputs = run(read(HERE / "every.bin")["every"], x)
(HERE / "every.f32").write_bytes(b"".join(v.astype("<f4").tobytes() for v in [x, *outputs]))
