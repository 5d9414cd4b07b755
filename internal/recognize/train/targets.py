"""What each net is asked to answer, computed from the truth in the shards. Distances are in cells of the maps."""

import math

import torch

CORNER_SIGMA, EDGE_SIGMA, SIDE_SIGMA = 1.3, 0.8, 0.7


def cell_centres(height, width, stride):
    """x and y of each cell's centre in pixels, each height × width."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    return x * stride, y * stride


def segment_distance(x, y, a, b):
    """Signed distance from (x, y) to the line a → b (positive to the right of the direction of travel, which is inside
    for clockwise corners), the distance along it from a, and its length. a, b: ... × 2; x, y: h × w."""
    d = b - a
    length = d.norm(dim=-1).clamp(min=1e-6)
    u = d / length[..., None]
    dx, dy = x - a[..., 0, None, None], y - a[..., 1, None, None]
    along = dx * u[..., 0, None, None] + dy * u[..., 1, None, None]
    across = dy * u[..., 0, None, None] - dx * u[..., 1, None, None]
    return across, along, length[..., None, None]


def gaussian(d, sigma):
    return torch.exp(-d * d / (2 * sigma * sigma))


def locator_maps(quads, cards, inside, stride=4):
    """quads: n × k × 4 × 2 pixels, clockwise; cards: n; inside: n × 1 × h × w → maps n × 3 × h/4 × w/4, has n,
    weight n. has is 1 where a card shows well, weight 0 where one hardly shows."""
    k = max(1, int(cards.max()))
    n, quads = len(quads), quads[:, :k]
    h, w = inside.shape[2] // stride, inside.shape[3] // stride
    x, y = cell_centres(h, w, stride)
    exists = (torch.arange(k)[None] < cards[:, None]).float()[..., None, None]
    nxt = quads.roll(-1, 2)
    across, along, length = segment_distance(x, y, quads, nxt)
    mask = ((across / stride).amin(2) + 0.5).clamp(0, 1) * exists
    seen = torch.nn.functional.avg_pool2d(inside.float(), stride)
    beyond = torch.relu(-along) + torch.relu(along - length)
    edge = (gaussian(torch.hypot(across, beyond) / stride, EDGE_SIGMA).amax(2)) * exists
    corner = gaussian(torch.hypot(x - quads[..., 0, None, None], y - quads[..., 1, None, None]) / stride, CORNER_SIGMA)
    corner = corner.amax(2) * exists
    shown = (mask * seen).sum((2, 3)) * stride * stride
    area = polygon_area(quads).clamp(min=1)
    share, size = (shown / area) * exists[..., 0, 0], shown / inside.float().sum((1, 2, 3))[:, None].clamp(min=1)
    good = ((share > 0.45) & (size > 0.03)).any(1)
    some = (shown > 30).any(1)
    maps = torch.cat([mask.amax(1, True) * seen, corner.amax(1, True) * (seen > 0), edge.amax(1, True) * (seen > 0)], 1)
    return maps, good.float(), (good | ~some).float()


def polygon_area(quads):
    nxt = quads.roll(-1, -2)
    return (quads[..., 0] * nxt[..., 1] - quads[..., 1] * nxt[..., 0]).sum(-1).abs() / 2


def cardnet_maps(card, quad, rows, lines, turns, readable, height=32, width=48, stride=4):
    """Truth of a view → heat n × 8 × h × w, weight of heat n × 8 × h × w, offset and log height n × 2 × h × w, and the
    cells n × 1 × h × w on which they count. See CardNet for the channels."""
    n = len(card)
    x, y = cell_centres(height, width, stride)
    across, along, length = segment_distance(x, y, quad, quad.roll(-1, 1))
    beyond = torch.relu(-along) + torch.relu(along - length)
    sides = gaussian(torch.hypot(across, beyond) / stride, SIDE_SIGMA) * card.float()[:, None, None, None]

    a, b, glyph = lines[..., :2], lines[..., 2:4], lines[..., 4].clamp(min=1e-3)
    exists = (torch.arange(lines.shape[1])[None] < rows[:, None])[..., None, None]
    across, along, length = segment_distance(x, y, a, b)
    half = (glyph / 2).clamp(min=stride / 2)[..., None, None]
    cover = torch.minimum(((half - across.abs()) / stride + 0.5).clamp(0, 1),
                          (torch.minimum(along, length - along) / stride + 0.5).clamp(0, 1)) * exists
    which = torch.nn.functional.one_hot(turns.long(), 4).float()
    bands = (cover[:, :, None] * which[..., None, None]).amax(1)
    unseen = (cover * (readable == 0)[..., None, None]).amax(1, True)
    weight = torch.cat([torch.ones(n, 4, height, width), (1 - unseen).expand(-1, 4, -1, -1)], 1)

    best = cover.argmax(1, True)
    offset = torch.gather(-across / stride, 1, best)
    log_height = torch.log(glyph / stride)[..., None, None].expand_as(cover).gather(1, best)
    counts = (torch.gather(cover, 1, best) > 0.5) & (torch.gather(readable[..., None, None].expand_as(cover), 1, best) > 0)
    return torch.cat([sides, bands], 1), weight, torch.cat([offset, log_height], 1), counts.float()


def reader_columns(digits, readable, centres, columns=88, stride=4):
    """Truth of a strip → class of each column n × 88: 0 blank, 1 + digit at a digit's centre, −1 where it doesn't matter
    (a digit's flanks, and all of a digit that can't be read)."""
    has = digits >= 0
    c = centres / stride - 0.5
    gaps = torch.where(has[:, 1:], c[:, 1:] - c[:, :-1], torch.full_like(c[:, 1:], math.nan))
    pitch = gaps.nanmedian(1).values
    pitch = torch.where(pitch.isnan(), torch.full_like(pitch, 4.0), pitch).clamp(max=8)[:, None, None]
    d = (torch.arange(columns, device=c.device)[None, None] - c[..., None]).abs()
    reach = torch.where((readable > 0)[..., None], 0.42 * pitch, 0.6 * pitch)
    flank = (d <= reach) & has[..., None]
    centre = (d <= (0.22 * pitch).clamp(min=0.5)) & (has & (readable > 0))[..., None]
    out = -flank.any(1).long()
    value = ((digits.long() + 1)[..., None] * centre).amax(1)
    return torch.where(value > 0, value, out)
