"""What it means to learn and to be examined, for each net: records → input and truth, loss, figures.

ANYWHERE says whether a task's batches are varied and its losses made where the net is; otherwise it is on the CPU."""

import numpy as np
import torch
import torch.nn.functional as F

import augment
import nets
import shards
import targets


def tensor(a):
    """A float tensor of a field of records."""
    return torch.from_numpy(np.ascontiguousarray(a, np.float32))


def varied(planes, dice):
    """n × 3 × h × w u8 planes under another light, as float 0–255."""
    luma = augment.light(planes[:, 0], dice)
    return torch.cat([luma[:, None], augment.colour(tensor(planes[:, 1:]), dice)], 1)


def batches(records, size=64):
    return (records[i:i + size] for i in range(0, len(records), size))


class LocatorTask:
    RECORD, ANYWHERE = shards.LOCATE, False

    @staticmethod
    def prepare(batch, dice):
        # A few pictures at a time stay in the processor's cache: twice as fast as all at once.
        parts = [LocatorTask.vary(part, dice) for part in batches(batch, 8)]
        maps, has, weight = zip(*(truth for _, truth in parts))
        return torch.cat([x for x, _ in parts]), (torch.cat(maps), torch.cat(has), torch.cat(weight))

    @staticmethod
    def vary(batch, dice):
        planes, inside, quads = augment.reframe(varied(batch["planes"], dice), tensor(batch["content"]),
                                                tensor(batch["quads"]), dice)
        planes[:, :1] = augment.grain(planes[:, :1], dice)
        truth = targets.locator_maps(quads, torch.from_numpy(batch["cards"].astype(np.int64)), inside)
        return nets.normalise_colour(planes, inside), truth

    @staticmethod
    def loss(y, truth, sharpen):
        (maps, card), (want, has, weight) = (t.float() for t in y), truth
        p = torch.sigmoid(maps[:, 0])
        dice = 1 - (2 * (p * want[:, 0]).sum((1, 2)) + 1) / (p.sum((1, 2)) + want[:, 0].sum((1, 2)) + 1)
        heat = F.binary_cross_entropy_with_logits(maps, want, reduction="none").mean((0, 2, 3))
        gate = F.binary_cross_entropy_with_logits(card.flatten(), has, weight=weight)
        return heat[0] + 0.3 * dice.mean() + 4 * heat[1] + 1.5 * heat[2] + 0.2 * gate

    @staticmethod
    def examine(net, records):
        """iou: of the mask; corner: median distance of the heat's peak from the corner in % of the card's size;
        found: corners within 3 %; gate: share of right answers at 0.5; false_mask: empty frames with a mask."""
        iou, corner, right, ghosts = [], [], [], []
        for batch in batches(records):
            planes, inside, quads = augment.letterboxed(tensor(batch["planes"]), tensor(batch["content"]),
                                                        tensor(batch["quads"]))
            cards = torch.from_numpy(batch["cards"].astype(np.int64))
            want, has, weight = targets.locator_maps(quads, cards, inside)
            with torch.no_grad():
                maps, card = net(nets.normalise_colour(planes, inside))
            p = torch.sigmoid(maps)
            a, b = p[:, 0] > 0.5, want[:, 0] > 0.5
            overlap = (a & b).sum((1, 2)) / (a | b).sum((1, 2)).clamp(min=1)
            iou += overlap[has > 0].tolist()
            right += ((card.flatten() > 0) == (has > 0))[weight > 0].tolist()
            ghosts += (a[cards == 0].sum((1, 2)) > 40).tolist()
            corner += corner_errors(p[:, 1], quads, cards)
        corner = np.array(corner)
        return {"iou": round(float(np.mean(iou)), 4), "iou>.9": round(float(np.mean(np.array(iou) > 0.9)), 3),
                "corner%": round(float(np.median(corner)), 3), "found": round(float(np.mean(corner < 3)), 3),
                "gate": round(float(np.mean(right)), 4), "false_mask": round(float(np.mean(ghosts or [0])), 3)}


def corner_errors(heat, quads, cards, stride=4):
    """Distance in % of √area from each corner well inside the picture to the heat's centre of mass around its peak."""
    size = heat.shape[-1]
    padded = F.pad(heat, (4, 4, 4, 4))
    dy, dx = torch.meshgrid(torch.arange(9.0) - 4, torch.arange(9.0) - 4, indexing="ij")
    errors = []
    for i in range(len(heat)):
        for k in range(int(cards[i])):
            unit = float(targets.polygon_area(quads[i, k]).sqrt())
            for x, y in (quads[i, k] / stride).tolist():
                if not (1 < x < size - 1 and 1 < y < size - 1):
                    continue
                cx, cy = int(x), int(y)
                near = padded[i, cy:cy + 9, cx:cx + 9] ** 2
                mass = near.sum() + 1e-9
                ex = float((near * dx).sum() / mass) + cx + 0.5 - x
                ey = float((near * dy).sum() / mass) + cy + 0.5 - y
                errors.append(100 * stride * (ex * ex + ey * ey) ** 0.5 / unit if near.max() > 0.05 else 100.0)
    return errors


class CardNetTask:
    RECORD, ANYWHERE = shards.VIEW, False

    @staticmethod
    def inside(batch):
        return torch.from_numpy(np.unpackbits(batch["inside"], axis=2))[:, None].float()

    @staticmethod
    def truth(batch):
        fields = [torch.from_numpy(np.ascontiguousarray(batch[f])) for f in ("card", "quad", "rows", "lines", "turns", "readable")]
        return targets.cardnet_maps(*fields)

    @classmethod
    def prepare(cls, batch, dice):
        planes, inside = varied(batch["planes"], dice), cls.inside(batch)
        planes[:, :1] = augment.grain(planes[:, :1], dice)
        batch = batch.copy()
        turned = dice.chance(0.5, len(batch))
        planes[turned], inside[turned] = planes[turned].flip(2, 3), inside[turned].flip(2, 3)
        turn_half(batch, turned.numpy())
        return nets.normalise_colour(planes, inside), cls.truth(batch)

    @staticmethod
    def loss(y, truth, sharpen):
        (heat, shape), (want, weight, form, counts) = (t.float() for t in y), truth
        each = (F.binary_cross_entropy_with_logits(heat, want, reduction="none") * weight).mean((0, 2, 3))
        cells = counts.sum().clamp(min=1)
        offset = (F.smooth_l1_loss(shape[:, :1], form[:, :1], reduction="none", beta=0.5) * counts).sum() / cells
        height = (F.smooth_l1_loss(shape[:, 1:], form[:, 1:], reduction="none", beta=0.1) * counts).sum() / cells
        return each[:4].sum() * 2 + each[4:].sum() + 0.1 * offset + 0.2 * height

    @classmethod
    def examine(cls, net, records):
        """side%: median distance of the side's heat from the true side in % of the view's width; sides: share of cells
        of true sides found; turn: reading direction right; row%, height%: median errors of a line's centre and glyph
        height in % of that height; ghost: share of views without a card that show a line."""
        side, found, turn, row, height, ghost = [], [], [], [], [], []
        for batch in batches(records):
            inside = cls.inside(batch)
            want, _, form, counts = cls.truth(batch)
            with torch.no_grad():
                heat, shape = net(nets.normalise_colour(tensor(batch["planes"]), inside))
            p = torch.sigmoid(heat)
            side += side_errors(p[:, :4], batch)
            found += (p[:, :4][want[:, :4] > 0.8] > 0.3).tolist()
            total = (p[:, 4:] * (p[:, 4:] > 0.2)).sum((2, 3))
            seen = (batch["rows"] > 0) & (batch["readable"][:, 0] > 0)
            turn += (total.argmax(1).numpy() == batch["turns"][:, 0])[seen].tolist()
            ghost += (p[:, 4:].amax((1, 2, 3)) > 0.5)[torch.from_numpy((batch["rows"] == 0))].tolist()
            good = (counts[:, 0] > 0) & (p[:, 4:].amax(1) > 0.4)
            size = torch.exp(form[:, 1])
            row += (100 * (shape[:, 0] - form[:, 0]).abs() / size)[good].tolist()
            height += (100 * (torch.exp(shape[:, 1] - form[:, 1]) - 1).abs())[good].tolist()

        def middle(v):
            return round(float(np.median(v or [np.nan])), 3)
        return {"side%": middle(side), "side%90": round(float(np.percentile(side or [np.nan], 90)), 3),
                "sides": round(float(np.mean(found)), 3), "turn": round(float(np.mean(turn)), 4), "row%": middle(row),
                "height%": middle(height), "ghost": round(float(np.mean(ghost or [np.nan])), 3)}


def turn_half(batch, turned):
    """Turns the truth of the chosen views by 180°; side 0 becomes the one that is on top now."""
    size = np.array([192, 128], np.float32)
    batch["quad"][turned] = np.roll(size - batch["quad"][turned], -2, 1)
    lines = batch["lines"][turned]
    lines[:, :, :4] = np.tile(size, 2) - lines[:, :, :4]
    batch["lines"][turned] = lines
    batch["turns"][turned] = (batch["turns"][turned] + 2) % 4


def side_errors(heat, batch, stride=4):
    """Distance in % of the view's width between each true side that shows and the centre of its heat, taken at right
    angles at the middle third of the side."""
    quad = tensor(batch["quad"])
    x, y = targets.cell_centres(*heat.shape[2:], stride)
    across, along, length = targets.segment_distance(x, y, quad, quad.roll(-1, 1))
    near = (across.abs() < 16) & (along > length / 3) & (along < length * 2 / 3)
    mass = (heat ** 2) * near
    error = (mass * across).sum((2, 3)).abs() / mass.sum((2, 3)).clamp(min=1e-6) / 1.92
    middle = (quad + quad.roll(-1, 1)) / 2
    shows = ((middle > 6) & (middle < torch.tensor([186.0, 122.0]))).all(2) & (mass.sum((2, 3)) > 0.3)
    return error[shows & torch.from_numpy(batch["card"] > 0)[:, None]].tolist()


class ReaderTask:
    RECORD, ANYWHERE = shards.STRIP, True
    UPSIDE_DOWN = 0.04

    @classmethod
    def prepare(cls, batch, dice):
        digits, readable, centres = (torch.from_numpy(np.ascontiguousarray(batch[f])).to(dice.device)
                                     for f in ("digits", "readable", "centres"))
        strips = augment.light(batch["pixels"], dice, negative=0.15)[:, None]
        beyond = cls.cut_off(centres)  # and stays so, however far in it is moved with the edge that repeats
        strips, centres = augment.stretch(strips, centres, dice)
        strips = augment.grain(strips, dice)
        turned = dice.chance(cls.UPSIDE_DOWN, len(batch))[:, None]
        strips = torch.where(turned[:, None, None], strips.flip(2, 3), strips)
        digits = digits.masked_fill(turned, -1)
        hidden = (beyond | cls.cut_off(centres)) & (digits >= 0)
        lengths = torch.from_numpy((batch["digits"] >= 0).sum(1))
        return nets.normalise_strip(strips), (digits, readable * ~hidden, centres, hidden.any(1), lengths)

    @staticmethod
    def cut_off(centres):
        """Where a strip's edge leaves so little of a digit that it is not asked for."""
        return (centres < 3) | (centres > nets.Reader.SIZE[1] - 3)

    @staticmethod
    def loss(y, truth, sharpen):
        digits, readable, centres, cut, lengths = truth  # lengths, of strips that are turned, too, lie on the CPU
        scores = F.log_softmax(y.float().squeeze(2), 1)
        columns = targets.reader_columns(digits, readable, centres)
        count = (digits >= 0).sum(1)
        # Blanks between digits are easy and many; those of lines without digits teach what letters are.
        weight = torch.where(columns == 0, torch.where(count > 0, 0.5, 1.0)[:, None], (columns > 0).float())
        loss = (F.nll_loss(scores, columns.clamp(min=0), reduction="none") * weight).sum() / weight.sum()
        whole = (count > 0) & ~cut & ((readable > 0) | (digits < 0)).all(1)
        if sharpen:
            each = F.ctc_loss(scores.permute(2, 0, 1), digits.long().clamp(min=0) + 1, torch.full_like(lengths, 88), lengths,
                              reduction="none", zero_infinity=True) / count.clamp(min=1)
            loss = loss + 0.3 * torch.where(whole, each, 0.0).sum() / whole.sum().clamp(min=1)
        return loss

    @classmethod
    def examine(cls, net, records):
        """exact: whole lines right, of those that a person could read; digits: right per digit (edit distance), blank:
        lines without digits in which at most two are read; then exact by style and by length."""
        rows = []
        for batch in batches(records):
            with torch.no_grad():
                best = net(nets.normalise_strip(tensor(batch["pixels"])[:, None])).squeeze(2).argmax(1).numpy()
            for columns, r in zip(best, batch):
                text, want = collapse(columns), [int(d) for d in r["digits"] if d >= 0]
                clear = all(r["readable"][:len(want)])
                rows.append((clear, text == want, edits(text, want), len(want), int(r["style"]), len(text)))
        lines = [r for r in rows if r[3] and r[0]]
        empty = [r[5] <= 2 for r in rows if not r[3]]

        def share(chosen):
            return round(float(np.mean([r[1] for r in chosen] or [np.nan])), 4)
        figures = {"exact": share(lines), "digits": round(1 - sum(r[2] for r in lines) / max(1, sum(r[3] for r in lines)), 5),
                   "blank": round(float(np.mean(empty or [np.nan])), 3), "lines": len(lines)}
        figures["style"] = {s: share([r for r in lines if r[4] == s]) for s in sorted({r[4] for r in lines})}
        figures["length"] = {n: share([r for r in lines if r[3] == n]) for n in sorted({r[3] for r in lines})}
        return figures


def collapse(columns):
    """The digits of the best class of each column: equal neighbours are one, blanks none."""
    return [int(c) - 1 for i, c in enumerate(columns) if c and (i == 0 or columns[i - 1] != c)]


def edits(a, b):
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


TASKS = {"locator": LocatorTask, "cardnet": CardNetTask, "reader": ReaderTask}
