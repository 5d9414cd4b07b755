"""The three nets of the engine, as PyTorch modules. The Go side (internal/recognize) mirrors what stands here.

Conventions
  Pictures are u8 planes, rows from top to bottom; a tensor is batch × channel × row × column. Channels are
  Y, Cb, Cr (BT.601 full range, as in JPEG and internal/frame), or Y alone for the reader.
  Pixel (i, j) covers [i, i+1) × [j, j+1). Cell (i, j) of a map at stride s covers the s × s pixels at (s·i, s·j), and
  its centre lies at (s·(i+½), s·(j+½)).
  Every convolution pads with zeros so that its output has its input's size over its stride ("same": k//2 on each side),
  the one exception being Reader.flat, which has no padding. All but the output layers are followed by ReLU. export.py
  folds batch normalisation, follows each forward() and writes what it does as a graph (weights.py, internal/neural), so
  the Go side needs the names, shapes and meanings of inputs and outputs only:
    locator  3 × 160 × 160 → output 0: 3 × 40 × 40 after sigmoid; output 1: 1 × 1 × 1 after sigmoid
    cardnet  3 × 128 × 192 → output 0: 8 × 32 × 48 after sigmoid; output 1: 2 × 32 × 48 as they are
    reader   1 × 32 × 352  → output 0: 11 × 1 × 88 after softmax over the 11

Normalisation (see `normalise_colour` and `normalise_strip`, the oracle of the Go code)
  locator, cardnet: v = Y/255 over the pixels inside the picture (not the letterbox's bars; not what a rectified view
    shows beyond the frame's edge): Y ← (v − mean(v)) / (std(v) + 0.05); Cb, Cr ← (c − 128) / 32, zero for a gray
    picture. Outside pixels are 0 in all three channels. std is the population's.
  reader: v = Y/255 over the whole strip (pixels beyond the frame repeat its edge): (v − mean(v)) / (std(v) + 0.02).
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Rounded(torch.autograd.Function):
    """Weights as the file's small integers will hold them, one scale an output channel; gradients pass as if nothing were
    rounded."""

    @staticmethod
    def forward(ctx, weight, most):
        scale = weight.abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-12) / most
        return torch.round(weight / scale) * scale

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class Convolution(nn.Conv2d):
    """With `most` set, training sees the weights as rounded to integers up to that, and learns to do with them (Jacob et al.,
    "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018)."""

    most = None

    def forward(self, x):
        weight = self.weight if self.most is None else Rounded.apply(self.weight, self.most)
        return self._conv_forward(x, weight, self.bias)


class Conv(nn.Module):
    """A convolution with batch normalisation and ReLU, which `folded` turns into one weight and one bias."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, padding=None):
        super().__init__()
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (kernel[0] // 2, kernel[1] // 2) if padding is None else padding
        self.conv = Convolution(inputs, outputs, kernel, stride, padding, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)), inplace=True)

    def folded(self):
        """Weight and bias of the convolution that does what conv and norm do in evaluation."""
        gain = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return self.conv.weight * gain[:, None, None, None], self.norm.bias - self.norm.running_mean * gain


class Output(nn.Module):
    """A 1×1 convolution with bias and without ReLU."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = Convolution(inputs, outputs, 1)

    def forward(self, x):
        return self.conv(x)

    def folded(self):
        return self.conv.weight, self.conv.bias


def up(x):
    """Twice the size: each cell becomes 2 × 2 equal ones."""
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Locator(nn.Module):
    """A letterboxed frame, 3 × 160 × 160 → maps 3 × 40 × 40 (mask, corner, edge) and 1 × 1 × 1: is there a card?

    The frame is scaled (area average) so that its longer side is 160, and centred; the bars are 0.
    mask: share of the cell that any card covers. corner: a Gaussian (σ 1.3 cells) at each card's corner.
    edge: a Gaussian (σ 0.8 cells) across each card's four sides.
    """

    STRIDE = 4
    SIZE = (160, 160)

    def __init__(self, c=(12, 24, 40, 56, 64)):
        super().__init__()
        c1, c2, c3, c4, c5 = c
        self.down1 = Conv(3, c1, 3, 2)      # 80 × 80
        self.down2 = Conv(c1, c2, 3, 2)     # 40 × 40
        self.same2 = Conv(c2, c2)
        self.down3 = Conv(c2, c3, 3, 2)     # 20 × 20
        self.same3 = Conv(c3, c3)
        self.down4 = Conv(c3, c4, 3, 2)     # 10 × 10
        self.same4 = Conv(c4, c4)
        self.down5 = Conv(c4, c5, 3, 2)     # 5 × 5
        self.same5 = Conv(c5, c5)
        self.deep5 = Conv(c5, c5)
        self.join4 = Conv(c5 + c4, c4, 1)   # 10 × 10: up(5 × 5) first, then the skip
        self.mix4 = Conv(c4, c4)
        self.join3 = Conv(c4 + c3, c3, 1)   # 20 × 20
        self.mix3 = Conv(c3, c3)
        self.join2 = Conv(c3 + c2, c2, 1)   # 40 × 40
        self.mix2 = Conv(c2, c2)
        self.out = Output(c2, 3)
        self.card = Output(2 * c5, 1)       # of the mean over 5 × 5 (first c5 inputs) and the maximum (last c5)

    def forward(self, x):
        x2 = self.same2(self.down2(self.down1(x)))
        x3 = self.same3(self.down3(x2))
        x4 = self.same4(self.down4(x3))
        x5 = self.deep5(self.same5(self.down5(x4)))
        y = self.mix4(self.join4(torch.cat([up(x5), x4], 1)))
        y = self.mix3(self.join3(torch.cat([up(y), x3], 1)))
        y = self.mix2(self.join2(torch.cat([up(y), x2], 1)))
        pooled = torch.cat([x5.mean((2, 3), keepdim=True), F.max_pool2d(x5, 5)], 1)
        return self.out(y), self.card(pooled)


class CardNet(nn.Module):
    """A rectified card with its surroundings, 3 × 128 × 192 → heat 8 × 32 × 48 and shape 2 × 32 × 48.

    The view shows a quad grown by 12.5 % of the card's size at each side: a corner-perfect card covers the central 80 %
    both ways, x from 19.2 to 172.8 and y from 12.8 to 115.2. Which of the card's sides is on top is unknown.
    Channels of heat
      0–3  the card's true sides as seen in the view: top, right, bottom, left. A Gaussian (σ 0.7 cells) across the
           side, along its own extent only.
      4–7  the card number's lines by reading direction: 4 → right (upright), 5 → down (turned 90° clockwise),
           6 → left (upside down), 7 → up. The band of a line is as long as its glyphs and as high (at least 1 cell).
    Channels of shape
      0    inside a band: distance from the cell's centre to the line's centre line, in cells, positive when the centre
           line lies further "down" as the reader of the line sees it.
      1    inside a band: natural logarithm of the height of its glyphs in cells.
    """

    STRIDE = 4
    SIZE = (128, 192)
    MARGIN = 0.125

    def __init__(self, c=(12, 16, 32, 48, 20)):
        super().__init__()
        c1, c2, c3, c4, c5 = c
        self.down1 = Conv(3, c1, 3, 2)       # 64 × 96
        self.down2 = Conv(c1, c2, 3, 2)      # 32 × 48
        self.same2 = Conv(c2, c2)
        self.down3 = Conv(c2, c3, 3, 2)      # 16 × 24
        self.same3 = Conv(c3, c3)
        self.down4 = Conv(c3, c4, 3, 2)      # 8 × 12
        self.wide = Conv(c4, c4, (1, 9))     # sees along rows
        self.tall = Conv(c4, c4, (9, 1))     # and along columns
        self.join3 = Conv(c4 + c3, c3, 1)    # 16 × 24: up(8 × 12) first, then the skip
        self.mix3 = Conv(c3, c3)
        self.join2 = Conv(c3 + c2, c5, 1)    # 32 × 48
        self.mix2 = Conv(c5, c5)
        self.heat = Output(c5, 8)
        self.shape = Output(c5, 2)

    def forward(self, x):
        x2 = self.same2(self.down2(self.down1(x)))
        x3 = self.same3(self.down3(x2))
        x4 = self.tall(self.wide(self.down4(x3)))
        y = self.mix3(self.join3(torch.cat([up(x4), x3], 1)))
        y = self.mix2(self.join2(torch.cat([up(y), x2], 1)))
        return self.heat(y), self.shape(y)


class Reader(nn.Module):
    """A line of a card number, 1 × 32 × 352 → 11 × 1 × 88: per column of 4 pixels, blank and the digits 0 to 9.

    Digits stand upright, 14 to 22 pixels high around row 16. A digit fires over the columns at its centre; between
    digits, on letters and on digits that are upside down the answer is blank.
    """

    STRIDE = 4
    SIZE = (32, 352)

    def __init__(self, c=(16, 32, 48, 88, 128)):
        super().__init__()
        c1, c2, c3, c4, c5 = c
        self.down1 = Conv(1, c1, 5, 2)                      # 16 × 176
        self.same1 = Conv(c1, c2)
        self.more1 = Conv(c2, c2)                           # then 2 × 2 max pool: 8 × 88
        self.mix2 = Conv(c2, c3)
        self.same2 = Conv(c3, c3)
        self.more2 = Conv(c3, c3)                           # then 2 × 1 (rows) max pool: 4 × 88
        self.gist2 = Conv(c3, 16, 1)                        # 1 × 1 after the mean over the strip,
        self.tell2 = Output(16, c3)                         # and added everywhere
        self.mix3 = Conv(c3, c4)
        self.same3 = Conv(c4, c4)
        self.more3 = Conv(c4, c4)                           # then 2 × 1 max pool: 2 × 88
        self.flat = Conv(c4, c5, (2, 1), padding=(0, 0))    # 1 × 88
        self.gist4 = Conv(c5, 32, 1)
        self.tell4 = Output(32, c5)
        self.wide1 = Conv(c5, c5, (1, 5))
        self.gist5 = Conv(c5, 32, 1)
        self.tell5 = Output(32, c5)
        self.wide2 = Conv(c5, c5, (1, 5))
        self.wide3 = Conv(c5, c5, (1, 3))
        self.out = Output(c5, 11)

    def forward(self, x):
        x = F.max_pool2d(self.more1(self.same1(self.down1(x))), 2)
        x = F.max_pool2d(self.more2(self.same2(self.mix2(x))), (2, 1))
        x = x + self.tell2(self.gist2(x).mean((2, 3), keepdim=True))
        x = self.flat(F.max_pool2d(self.more3(self.same3(self.mix3(x))), (2, 1)))
        x = x + self.tell4(self.gist4(x).mean((2, 3), keepdim=True))
        x = self.wide1(x)
        x = x + self.tell5(self.gist5(x).mean((2, 3), keepdim=True))
        return self.out(self.wide3(self.wide2(x)))


NETS = {"locator": Locator, "cardnet": CardNet, "reader": Reader}

# The largest integer that a weight may be in the file, of a net's convolutions of more than LARGE weights; of all others it is
# LARGEST. What the arithmetic coder makes of a net shrinks with it. The locator is what a page must have loaded before it can
# guide a hand, and the reader's channels are worth more than their last bits.
MOST, LARGE, LARGEST = {"locator": 15, "cardnet": 31, "reader": 15}, 2000, 127


def make(name):
    """A net that answers with its weights rounded as in the file, but for those up to LARGEST."""
    net = NETS[name]()
    for layer in net.children():
        if isinstance(layer, (Conv, Output)):
            layer.conv.most = most(name, layer.conv.weight.numel(), None)
    return net


def most(name, weights, otherwise=LARGEST):
    """The largest integer in a net's convolution of so many weights."""
    return MOST.get(name, otherwise) if weights > LARGE else otherwise


def normalise_colour(planes, inside):
    """planes: n × 3 × h × w u8; inside: n × 1 × h × w, 1 where the picture is → the float input of the first two nets."""
    v = planes.float()
    inside = inside.float()
    count = inside.sum((2, 3), keepdim=True).clamp(min=1)
    luma = v[:, :1] / 255
    mean = (luma * inside).sum((2, 3), keepdim=True) / count
    std = torch.sqrt(((luma - mean) ** 2 * inside).sum((2, 3), keepdim=True) / count)
    return torch.cat([(luma - mean) / (std + 0.05), (v[:, 1:] - 128) / 32], 1) * inside


def normalise_strip(strips):
    """strips: n × 1 × 32 × 352 u8 → the reader's float input."""
    v = strips.float() / 255
    mean = v.mean((2, 3), keepdim=True)
    std = torch.sqrt(((v - mean) ** 2).mean((2, 3), keepdim=True))
    return (v - mean) / (std + 0.02)


def cost(net):
    """Weights and multiply-accumulates of one run."""
    total = [0]
    hooks = [m.register_forward_hook(lambda m, i, o: total.__setitem__(0, total[0] + o.numel() * m.weight[0].numel()))
             for m in net.modules() if isinstance(m, nn.Conv2d)]
    channels = net.down1.conv.in_channels
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, channels, *net.SIZE))
    for hook in hooks:
        hook.remove()
    return sum(layer.folded()[0].numel() for layer in net.children()), total[0]


if __name__ == "__main__":
    for name, kind in NETS.items():
        weights, macs = cost(kind())
        print(f"{name}: {weights} weights, {macs / 1e6:.1f} million multiply-accumulates")
