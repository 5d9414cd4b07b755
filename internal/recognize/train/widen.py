"""Makes a checkpoint of today's Reader out of one with fewer channels: python3 widen.py reader.pt wide.pt

Each further channel begins as a copy of one of the layer's own, and what reads the two shares the weight between them, so
that the wider net answers as the narrow one did; then noise is added to the weights for the copies to part (Chen, Goodfellow
and Shlens, "Net2Net", 2016). train.py --from goes on from there.
"""

import sys

import numpy as np
import torch

import nets

NOISE = 0.05  # of the deviation of a layer's weights


def widths(state):
    """The channels of a reader by its weights."""
    return tuple(len(state[f"{layer}.conv.weight"]) for layer in ("down1", "same1", "mix2", "mix3", "flat"))


def widen(narrow, wide, noise):
    """Fills the wide net from the narrow one. Both hold a chain of layers, in order."""
    rng = np.random.default_rng(3)
    inputs = np.array([0])  # for each input channel of the wide net, the narrow one's that it copies
    for a, b in zip(narrow.children(), wide.children()):
        weight, outputs = a.conv.weight.data, np.arange(len(a.conv.weight))
        further = len(b.conv.weight) - len(weight)
        outputs = np.concatenate([outputs, rng.permutation(len(weight))[:further]])
        share = torch.tensor([1 / (inputs == i).sum() for i in inputs], dtype=torch.float32)
        copied = weight[outputs][:, inputs] * share[None, :, None, None]
        b.conv.weight.data.copy_(copied + torch.randn_like(copied) * noise * copied.std())
        if isinstance(a, nets.Output):
            b.conv.bias.data.copy_(a.conv.bias.data)
        else:
            for k in ("weight", "bias", "running_mean", "running_var"):
                getattr(b.norm, k).data.copy_(getattr(a.norm, k).data[outputs])
        inputs = outputs


def main(source, target):
    state = torch.load(source, map_location="cpu")["average"]
    narrow, wide = nets.Reader(widths(state)).eval(), nets.Reader().eval()
    narrow.load_state_dict(state)
    torch.manual_seed(3)
    x = torch.randn(4, 1, *nets.Reader.SIZE)
    with torch.no_grad():
        widen(narrow, wide, 0)
        print(f"before the noise, answers differ by at most {float((narrow(x) - wide(x)).abs().max()):.2g}")
    widen(narrow, wide, NOISE)
    torch.save({"net": "reader", "average": wide.state_dict()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
