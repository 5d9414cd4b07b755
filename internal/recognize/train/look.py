"""Draws a contact sheet of training records with their truth: python3 look.py reader SHARD.bin sheet.png

Shows what the net is given, after the variations that training applies, with the targets laid over: look at it before
spending hours on a mistake in the labels.
"""

import sys

import numpy as np
import torch
from PIL import Image

import tasks
from augment import Dice


def main(net, shard, out, count="24", seed="1"):
    task = tasks.TASKS[net]
    records = np.fromfile(shard, task.RECORD)
    rng = np.random.default_rng(int(seed))
    batch = records[rng.choice(len(records), min(int(count), len(records)), replace=False)]
    x, truth = task.prepare(batch, Dice(int(seed), 0))
    tiles = {"reader": reader, "locator": locator, "cardnet": cardnet}[net](x, truth)
    across = {"reader": 2, "locator": 6, "cardnet": 4}[net]
    blank = np.zeros_like(tiles[0])
    tiles += [blank] * (-len(tiles) % across)
    rows = [np.concatenate(tiles[i:i + across], 1) for i in range(0, len(tiles), across)]
    Image.fromarray(np.concatenate(rows)).save(out)


def shade(plane):
    """A normalised luma plane as visible gray, h × w × 3."""
    v = ((plane.numpy() * 0.22 + 0.5).clip(0, 1) * 255).astype(np.uint8)
    return np.repeat(v[..., None], 3, 2)


def lay(picture, heat, colour, stride):
    """Mixes a map, enlarged by stride, into the picture."""
    a = np.kron(heat.numpy(), np.ones((stride, stride)))[..., None] * 0.6
    return (picture * (1 - a) + np.array(colour) * a).astype(np.uint8)


def border(picture):
    return np.pad(picture, ((1, 1), (1, 1), (0, 0)), constant_values=80)


def reader(x, truth):
    """The strip, and under it the class of each column: black blank, gray ignored, a colour for each digit."""
    from targets import reader_columns
    digits, readable, centres, *_ = truth
    columns = reader_columns(digits, readable, centres)
    palette = np.array([[128, 128, 128], [0, 0, 0], [255, 255, 255], [139, 69, 19], [255, 0, 0], [255, 140, 0],
                        [255, 255, 0], [0, 200, 0], [0, 120, 255], [160, 0, 255], [0, 255, 255], [255, 105, 180]])
    tiles = []
    for strip, classes in zip(x, columns):
        band = np.repeat(np.repeat(palette[classes.numpy() + 1][None], 4, 1), 6, 0).astype(np.uint8)
        tile = np.concatenate([shade(strip[0]), band])
        tiles.append(border(tile.repeat(2, 0).repeat(2, 1)))
    return tiles


def locator(x, truth):
    """The frame; mask blue, edge green, corner red; a red frame means "no card", a gray one "not asked"."""
    maps, has, weight = truth
    tiles = []
    for picture, m, h, w in zip(x, maps, has, weight):
        tile = shade(picture[0])
        for heat, colour in zip(m, ((0, 0, 255), (255, 0, 0), (0, 255, 0))):
            tile = lay(tile, heat * (0.5 if colour[2] else 1), colour, 4)
        tile[:3] = (128, 128, 128) if w == 0 else (0, 255, 0) if h > 0 else (255, 0, 0)
        tiles.append(border(tile))
    return tiles


def cardnet(x, truth):
    """The view; sides top red, right green, bottom blue, left yellow; lines by direction; centre lines white dots."""
    heat, weight, form, counts = truth
    colours = [(255, 0, 0), (0, 255, 0), (60, 60, 255), (255, 255, 0),
               (255, 0, 255), (0, 255, 255), (255, 128, 0), (128, 255, 128)]
    tiles = []
    for picture, h, f, c in zip(x, heat, form, counts):
        tile = shade(picture[0])
        for k, colour in enumerate(colours):
            tile = lay(tile, h[k], colour, 4)
        turn = int(h[4:].sum((1, 2)).argmax())
        down = ((0, 1), (-1, 0), (0, -1), (1, 0))[turn]
        for y, x0 in torch.nonzero(c[0]).tolist():
            for reach in (0.0, -0.5, 0.5):
                size = float(torch.exp(f[1, y, x0]))
                d = float(f[0, y, x0]) + reach * size
                py, px = int((y + 0.5 + d * down[1]) * 4), int((x0 + 0.5 + d * down[0]) * 4)
                if 0 <= py < tile.shape[0] and 0 <= px < tile.shape[1]:
                    tile[py, px] = 255 if reach == 0 else (0, 0, 0)
        tiles.append(border(tile.repeat(2, 0).repeat(2, 1)))
    return tiles


if __name__ == "__main__":
    main(*sys.argv[1:])
