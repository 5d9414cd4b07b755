"""Makes a checkpoint of today's net out of one with fewer channels or layers: python3 widen.py NET narrow.pt SHARDS wide.pt

Each further channel begins as a copy of one of the layer's own, and what reads the two shares the weight between them, so
that the wider net answers as the narrow one did; then noise is added to the weights for the copies to part. A further
layer begins as one that changes nothing (Chen, Goodfellow and Shlens, "Net2Net", 2016). The normalisation is then set by
what the layers give over SHARDS. train.py --from goes on from there.
"""

import operator
import sys

import numpy as np
import torch
import torch.nn as nn

import begin
import export
import nets

NOISE = 0.05  # of the deviation of a layer's weights

# The layers by whose outputs the widths of a net are told.
WIDTHS = {"locator": ("down1", "down2", "down3", "down4", "down5"), "reader": ("down1", "same1", "mix2", "mix3", "flat"),
          "cardnet": ("down1", "down2", "down3", "down4", "join2")}


def widen(narrow, wide, noise):
    """Fills the wide net from the narrow one, which has the same layers."""
    rng = np.random.default_rng(3)
    made = {}  # for each channel of a value of the wide net, the narrow one's channel that it copies
    nodes = export.Tracer().trace(wide).nodes
    added = {node.args[1]: node.args[0] for node in nodes if node.target is operator.add}
    for node in nodes:
        if node.op == "placeholder":
            made[node] = np.arange(wide.down1.conv.in_channels)
        elif node.op == "call_module":
            layers = getattr(narrow, node.target), getattr(wide, node.target)
            made[node] = fill(*layers, made[node.args[0]], made.get(added.get(node)), noise, rng)
        elif node.target is torch.cat:
            parts = [made[a] for a in node.args[0]]
            offsets = np.cumsum([0] + [p.max() + 1 for p in parts[:-1]])
            made[node] = np.concatenate([p + o for p, o in zip(parts, offsets)])
        elif node.op != "output":
            made[node] = made[node.args[0]]


def fill(a, b, inputs, outputs, noise, rng):
    """Fills layer b of the wide net from a, given what its input channels copy, and its output channels where they are added
    to others; returns what its output channels copy."""
    weight = a.conv.weight.data
    if outputs is None:
        further = len(b.conv.weight) - len(weight)
        outputs = np.concatenate([np.arange(len(weight)), rng.permutation(len(weight))[:further]])
    share = torch.tensor([1 / (inputs == i).sum() for i in inputs], dtype=torch.float32)
    copied = weight[outputs][:, inputs] * share[None, :, None, None]
    b.conv.weight.data.copy_(copied + torch.randn_like(copied) * noise * copied.std())
    if isinstance(a, nets.Output):
        b.conv.bias.data.copy_(a.conv.bias.data[outputs])
    else:
        for k in ("weight", "bias", "running_mean", "running_var"):
            getattr(b.norm, k).data.copy_(getattr(a.norm, k).data[outputs])
    return outputs


def complete(net, state):
    """Loads the net's weights; layers that they lack pass on what they get, or add nothing. Returns the names of these."""
    for layer in net.children():
        if isinstance(layer, nets.Output):
            nn.init.zeros_(layer.conv.weight)
            nn.init.zeros_(layer.conv.bias)
        if isinstance(layer, nets.Conv) and layer.conv.in_channels == layer.conv.out_channels:
            nn.init.dirac_(layer.conv.weight)
            layer.norm.running_var.fill_(1 - layer.norm.eps)
    lacking, unknown = net.load_state_dict(state, strict=False)
    if unknown:
        raise ValueError(f"weights without a layer: {unknown}")
    return sorted({k.split(".")[0] for k in lacking})


def main(name, source, folder, target):
    state = torch.load(source, map_location="cpu")["average"]
    kind = nets.NETS[name]
    narrow, wide = kind([len(state[f"{layer}.conv.weight"]) for layer in WIDTHS[name]]).eval(), kind().eval()
    print("further layers:", *complete(narrow, state))
    torch.manual_seed(3)
    inputs = begin.inputs(name, folder)
    with torch.no_grad():
        widen(narrow, wide, 0)
        pairs = zip(narrow(inputs[0]), wide(inputs[0]))
        print(f"before the noise, answers differ by at most {max(float((a - b).abs().max()) for a, b in pairs):.2g}")
    widen(narrow, wide, NOISE)
    begin.normalise(wide, inputs)
    torch.save({"net": name, "average": wide.state_dict()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
