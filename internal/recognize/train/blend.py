"""Writes the mean of two checkpoints of one net: python3 blend.py OUT A SHARE B, SHARE being that of B, from 0 to 1.

Where one run went on from the other, the mean may err less than either (Wortsman et al., "Model soups", 2022). What
comes out is for export.py, and to start from (train.py --from).
"""

import sys

import torch


def main(out, a, share, b):
    a, b, share = torch.load(a, map_location="cpu"), torch.load(b, map_location="cpu"), float(share)
    if a["net"] != b["net"]:
        raise ValueError(f"a {a['net']} and a {b['net']} have no mean")
    average = {k: v + (b["average"][k] - v) * share if v.is_floating_point() else b["average"][k] for k, v in a["average"].items()}
    torch.save({"net": a["net"], "average": average}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
