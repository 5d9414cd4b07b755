"""Writes trained nets into the weight file: python3 export.py weights.bin locator.pt cardnet.pt reader.pt

Each checkpoint names its net. Prints, per net, the largest difference between the net in PyTorch with unrounded weights
and the file's graph run by weights.py, which is the cost of rounding to int8.
"""

import operator
import sys

import numpy as np
import torch
import torch.fx
import torch.nn.functional as F

import nets
import weights

# What follows each output in the file, where training works on logits.
FINISH = {"locator": ("sigmoid", "sigmoid"), "cardnet": ("sigmoid", None), "reader": ("softmax",)}


class Tracer(torch.fx.Tracer):
    """Follows forward() down to the layers of nets.py."""

    def is_leaf_module(self, module, name):
        return isinstance(module, (nets.Conv, nets.Output))


def graph(name, net):
    """The weight file's form of a net: the same operations in the same order."""
    g = weights.Net(name, (net.down1.conv.in_channels, *net.SIZE))
    made = {}
    for node in Tracer().trace(net).nodes:
        if node.op == "placeholder":
            made[node] = g.input
        elif node.op == "call_module":
            made[node] = convolution(g, made[node.args[0]], getattr(net, node.target))
        elif node.op == "output":
            results = node.args[0] if isinstance(node.args[0], tuple) else (node.args[0],)
            for result, finish in zip(results, FINISH[name]):
                g.output(getattr(g, finish)(made[result]) if finish else made[result])
        else:
            made[node] = operation(g, node, made)
    return g


def convolution(g, source, layer):
    weight, bias = (t.detach().numpy() for t in layer.folded())
    return g.conv(source, weight, bias, layer.conv.stride, layer.conv.padding, isinstance(layer, nets.Conv),
                  nets.most(g.name, weight.size))


def operation(g, node, made):
    """One of the few operations without weights that the nets use."""
    args = node.args
    if node.target is torch.cat:
        return g.concat(*(made[a] for a in args[0]))
    if node.target is F.interpolate:
        return g.upsample(made[args[0]])
    if node.target is F.max_pool2d or getattr(node.target, "__name__", "") == "boolean_dispatch":
        return g.maximum(made[args[0]], *weights.pair(args[1]))
    if node.target == "mean":
        return g.mean(made[args[0]])
    if node.target is operator.add:
        return g.add(*(made[a] for a in args))
    raise ValueError(f"the weight file has no operation for {node.format_node()}")


def load(path):
    """The name and the net, in evaluation mode, of a checkpoint of train.py (its averaged weights)."""
    state = torch.load(path, map_location="cpu")
    net = nets.NETS[state["net"]]()
    net.load_state_dict(state["average"])
    return state["net"], net.eval()


def rounding(net, g):
    """The largest difference that int8 weights make to any output, over a few random inputs."""
    worst = 0.0
    generator = torch.Generator().manual_seed(1)
    for _ in range(3):
        x = torch.randn(1, *g.shape, generator=generator)
        with torch.no_grad():
            want = net(x)
        want = want if isinstance(want, tuple) else (want,)
        for y, got, finish in zip(want, weights.run(g, x[0].numpy()), FINISH[g.name]):
            y = torch.sigmoid(y) if finish == "sigmoid" else torch.softmax(y, 1) if finish else y
            worst = max(worst, float(np.abs(y[0].numpy() - got).max()))
    return worst


def main(target, *checkpoints):
    loaded = dict(load(path) for path in checkpoints)
    graphs = [graph(name, loaded[name]) for name in nets.NETS if name in loaded]
    size = weights.write(target, graphs)
    for g in graphs:
        print(f"{g.name}: int8 weights change outputs on noise by at most {rounding(loaded[g.name], g):.4f}")
    print(f"{target}: {size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
