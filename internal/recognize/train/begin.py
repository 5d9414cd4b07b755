"""Makes a checkpoint for train.py --from out of a weight file: python3 begin.py reader weights.bin SHARDS reader.pt

The file holds each convolution with its batch normalisation folded in, so training could not go on from it as it is. This
takes the mean and variance of every convolution over pictures of SHARDS, and sets the normalisation so that it undoes
itself: the net answers as the file does (but for float's rounding), and can learn again.
"""

import sys

import numpy as np
import torch
import torch.fx

import export
import nets
import tasks
import weights
from augment import Dice
from shards import Shards

BATCHES, SIZE = 16, 64


def layers(net):
    """The net's layers in the order in which export.py writes them."""
    return [getattr(net, node.target) for node in export.Tracer().trace(net).nodes if node.op == "call_module"]


def fill(net, graph):
    """Puts the file's weights into the net, normalisation as the identity."""
    convolutions = [op for op in graph.ops if op["kind"] == weights.CONV]
    own = layers(net)
    if len(own) != len(convolutions):
        raise ValueError(f"{graph.name}: the file has {len(convolutions)} convolutions, nets.py {len(own)}")
    for layer, op in zip(own, convolutions):
        layer.conv.weight.data = torch.from_numpy(op["weight"] * op["scale"][:, None, None, None]).reshape_as(layer.conv.weight)
        bias = torch.from_numpy(op["bias"].copy())
        if isinstance(layer, nets.Output):
            layer.conv.bias.data = bias
            continue
        layer.norm.running_mean.zero_()
        layer.norm.running_var.fill_(1 - layer.norm.eps)
        layer.norm.weight.data.fill_(1)
        layer.norm.bias.data = bias


def normalise(net, inputs):
    """Sets every normalisation by what its convolution gives over the inputs, without changing what the net answers."""
    sums = {}

    def note(layer):
        def hook(_, __, y):
            total = sums.setdefault(layer, [0, 0, 0])
            total[0] += y.numel() // y.shape[1]
            total[1] += y.double().sum((0, 2, 3))
            total[2] += (y.double() ** 2).sum((0, 2, 3))
        return hook

    own = [layer for layer in layers(net) if isinstance(layer, nets.Conv)]
    hooks = [layer.conv.register_forward_hook(note(layer)) for layer in own]
    with torch.no_grad():
        for x in inputs:
            net(x)
    for hook in hooks:
        hook.remove()
    for layer in own:
        count, total, squares = sums[layer]
        mean = total / count
        variance = (squares / count - mean ** 2).clamp(min=1e-4)
        norm = layer.norm
        gain = norm.weight.data / torch.sqrt(norm.running_var + norm.eps)
        norm.bias.data += gain * (mean.float() - norm.running_mean)
        norm.weight.data.copy_(gain * torch.sqrt(variance + norm.eps))
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)


def inputs(name, folder):
    """Batches of a net's inputs, of a folder's first shard."""
    task, rng = tasks.TASKS[name], np.random.default_rng(1)
    pool = Shards(folder, task.RECORD)
    pool.extend(1)
    return [task.prepare(pool.batch(rng, SIZE), Dice(1, i))[0] for i in range(BATCHES)]


def main(name, file, folder, target):
    net = nets.NETS[name]().eval()
    fill(net, weights.read(file)[name])
    seen = inputs(name, folder)
    with torch.no_grad():
        before = net(seen[0])
        normalise(net, seen)
        after = net(seen[0])
    pairs = zip(before, after) if isinstance(before, tuple) else [(before, after)]
    print(f"{name}: answers differ by at most {max(float((a - b).abs().max()) for a, b in pairs):.2g}")
    torch.save({"net": name, "average": net.state_dict()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
