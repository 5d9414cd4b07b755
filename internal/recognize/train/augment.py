"""Cheap variations of a batch, drawn from one generator so that a step can be repeated exactly. Planes are float 0–255.

What the reader needs works on a GPU, too: where a batch lies there, the dice are drawn on the CPU all the same."""

import functools
import math

import numpy as np
import torch
import torch.nn.functional as F


class Dice:
    """Random numbers of one training step, the same on every device."""

    def __init__(self, seed, step, device="cpu"):
        self.generator, self.device = torch.Generator().manual_seed(seed * 1_000_003 + step), device

    def uniform(self, low, high, *shape):
        return (torch.rand(*shape, generator=self.generator) * (high - low) + low).to(self.device)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.generator).to(self.device)

    def chance(self, p, n):
        return (torch.rand(n, generator=self.generator) < p).to(self.device)


@functools.cache
def noise_on(device):
    return torch.randn(1 << 22, generator=torch.Generator().manual_seed(7)).to(device)


def light(luma, dice, negative=0.0):
    """Varies gamma, contrast and brightness of n × h × w u8 luma, by a table a picture; `negative` is the share whose
    tones are turned round. Returns float 0–255."""
    n = len(luma)
    levels = (torch.arange(256, device=dice.device) / 255)[None] ** torch.exp(dice.uniform(-0.45, 0.45, n, 1))
    levels = (levels - 0.5) * dice.uniform(0.6, 1.15, n, 1) + 0.5 + dice.normal(n, 1) * 0.05
    levels = torch.where(dice.chance(negative, n)[:, None], 1 - levels, levels)
    tables = levels.clamp(0, 1) * 255
    if tables.is_cuda:
        places = torch.from_numpy(np.ascontiguousarray(luma)).pin_memory().to(dice.device, non_blocking=True)
        return tables.gather(1, places.flatten(1).long()).view(luma.shape)
    return torch.from_numpy(np.stack([table[picture] for table, picture in zip(tables.numpy(), luma)]))


def colour(chroma, dice, gray=0.1):
    """Varies saturation and white balance of n × 2 × h × w chroma; `gray` is the share that loses its colour."""
    n = len(chroma)
    keep = (~dice.chance(gray, n)).float().view(n, 1, 1, 1)
    return ((chroma - 128) * dice.uniform(0.5, 1.3, n, 1, 1, 1) + dice.normal(n, 2, 1, 1) * 4) * keep + 128


def grain(luma, dice, noise=12.0):
    """Blurs some of n × 1 × h × w luma a little, and adds noise of a strength that varies."""
    n, _, h, w = luma.shape
    soft, sigma = dice.chance(0.15, n), 0.3 + 0.5 * dice.uniform(0, 1, 1)
    if luma.is_cuda:  # which blurs faster than it tells how many there are to blur
        luma = torch.where(soft.view(n, 1, 1, 1), blurred(luma, sigma), luma)
    elif soft.any():
        luma[soft] = blurred(luma[soft], sigma)
    everywhere = noise_on(dice.device)
    starts = (dice.uniform(0, 1, n) * (len(everywhere) - h * w)).long()
    pattern = everywhere.unfold(0, h * w, 1)[starts].view(n, 1, h, w)
    return (luma + pattern * (dice.uniform(0, 1, n, 1, 1, 1) ** 3 * noise)).clamp(0, 255)


def blurred(y, sigma):
    """A small Gaussian blur of n × 1 × h × w."""
    taps = torch.exp(-torch.arange(-2.0, 3.0, device=y.device) ** 2 / (2 * sigma * sigma))
    taps = taps / taps.sum()
    y = F.conv2d(F.pad(y, (2, 2, 0, 0), mode="replicate"), taps.view(1, 1, 1, 5))
    return F.conv2d(F.pad(y, (0, 0, 2, 2), mode="replicate"), taps.view(1, 1, 5, 1))


def sample(planes, to_source, height, width):
    """Resamples n × c planes: target pixel p shows source pixel to_source (n × 2 × 3) · (p, 1), bilinear, zero outside."""
    h, w = planes.shape[2:]
    # grid_sample's coordinates run from -1 to 1 over source and target (align_corners=False: edge to edge).
    device = planes.device
    target = torch.tensor([[width / 2, 0, width / 2], [0, height / 2, height / 2], [0, 0, 1]], device=device)
    source = torch.tensor([[2 / w, 0, -1], [0, 2 / h, -1], [0, 0, 1.0]], device=device)
    full = torch.cat([to_source, torch.tensor([[0, 0, 1.0]], device=device).expand(len(planes), 1, 3)], 1)
    theta = source @ full @ target
    return F.grid_sample(planes, F.affine_grid(theta[:, :2], (len(planes), 1, height, width), align_corners=False),
                         align_corners=False)


def reframe(planes, content, quads, dice, size=160):
    """Cuts a window out of each frame, turns it by quarter turns, mirrors and tilts it a little, and letterboxes it.

    planes: n × 3 × s × s; content: n × 4 (x0, y0, x1, y1) → planes n × 3 × size × size, inside n × 1 × size × size,
    quads in the new pixels, clockwise. A window may cut cards off, or show more than the frame has (bars)."""
    n, s = len(planes), planes.shape[2]
    centre = (content[:, :2] + content[:, 2:]) / 2
    extent = content[:, 2:] - content[:, :2]
    zoom = torch.exp(dice.uniform(-0.5, 0.08, n, 1) * (dice.uniform(0, 1, n, 1) < 0.6))
    aspect = torch.exp(dice.uniform(-0.3, 0.3, n, 1) * (dice.uniform(0, 1, n, 1) < 0.5))
    window = torch.minimum(extent * zoom * torch.cat([aspect, 1 / aspect], 1), extent * 1.08)
    centre = centre + dice.uniform(-0.5, 0.5, n, 2) * (extent - window).clamp(min=4)

    turns = torch.floor(dice.uniform(0, 4, n))
    tilt = dice.normal(n) * math.radians(4) * dice.chance(0.4, n)
    angle, mirror = turns * math.pi / 2 + tilt, torch.where(dice.chance(0.5, n), -1.0, 1.0)
    scale = window.amax(1) / size
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    linear = torch.stack([torch.stack([cos * mirror, -sin], 1), torch.stack([sin * mirror, cos], 1)], 1)
    shift = centre - (linear @ torch.full((n, 2, 1), size / 2)).squeeze(2)
    to_source = torch.cat([linear, shift[..., None]], 2)

    x, y = torch.meshgrid(torch.arange(size) + 0.5, torch.arange(size) + 0.5, indexing="xy")
    odd = (turns % 2 == 1)[:, None]
    half = torch.where(odd, window.flip(1), window) / scale[:, None] / 2
    inside = ((x - size / 2).abs()[None] <= half[:, :1, None]) & ((y - size / 2).abs()[None] <= half[:, 1:, None])
    for axis in (0, 1):
        v = linear[:, axis, 0, None, None] * x[0] + (linear[:, axis, 1, None, None] * y[:, :1] + shift[:, axis, None, None])
        inside &= (v >= content[:, axis, None, None]) & (v <= content[:, axis + 2, None, None])

    moved = torch.einsum("nij,nkcj->nkci", torch.linalg.inv(linear), quads - shift[:, None, None])
    moved = torch.where(mirror[:, None, None, None] < 0, moved.flip(2), moved)
    return sample(planes, to_source, size, size), inside[:, None].float(), moved


def letterboxed(planes, content, quads, size=160):
    """The same frames as they are, at the net's size."""
    n, s = len(planes), planes.shape[2]
    small = F.interpolate(planes, (size, size), mode="area") if s % size == 0 else F.interpolate(
        planes, (size, size), mode="bilinear", align_corners=False, antialias=True)
    k = size / s
    x, y = torch.meshgrid(torch.arange(size) + 0.5, torch.arange(size) + 0.5, indexing="xy")
    box = content[..., None, None] * k
    inside = (x >= box[:, 0]) & (x <= box[:, 2]) & (y >= box[:, 1]) & (y <= box[:, 3])
    return small, inside[:, None].float(), quads * k


def stretch(strips, centres, dice):
    """Stretches, moves and slants strips a little: n × 1 × 32 × 352 and centres n × d → the same, moved."""
    n = len(strips)
    sx = torch.exp(dice.uniform(-0.12, 0.12, n))
    sy = torch.exp(dice.uniform(-0.12, 0.12, n))
    slope, lean = dice.normal(n) * 0.006, dice.normal(n) * 0.05
    h, w = strips.shape[2:]
    one = torch.stack([torch.stack([sx, lean], 1), torch.stack([slope, sy], 1)], 1)
    middle = torch.tensor([w / 2, h / 2], device=dice.device)
    move = torch.stack([dice.uniform(-6, 6, n), dice.normal(n) * 1.0], 1)
    shift = middle + move - (one @ middle[:, None]).squeeze(2)
    # Repeat the edge instead of sampling zeros: pad generously first.
    padded = F.pad(strips, (40, 40, 8, 8), mode="replicate")
    out = sample(padded, torch.cat([one, (shift + torch.tensor([40.0, 8.0], device=dice.device))[..., None]], 2), h, w)
    moved = (centres - shift[:, :1] - lean[:, None] * (h / 2)) / sx[:, None]
    return out, moved
