"""The shards that ./draw writes, and batches from them. Nothing else is ever read for training.

A shard is a file of equal little-endian records, one of the three kinds below, whose Go twin is draw/records.go. A
folder holds shard 00000, 00001, ...; each is a pure function of the folder's seed and its number.
"""

import os
import sys
import time

import numpy as np

MAX_DIGITS, MAX_CARDS, MAX_ROWS = 19, 3, 4

STRIP = np.dtype([
    ("pixels", "u1", (32, 352)),            # luma
    ("digits", "i1", MAX_DIGITS),           # from left to right, -1 after the last
    ("readable", "u1", MAX_DIGITS),         # 0 where no person could tell the digit
    ("centres", "<f4", MAX_DIGITS),         # x of the glyph's centre in pixels
    ("style", "u1"),                        # synth's printing style
    ("source", "u1"),                       # 0: a line drawn by itself; 1: cut from a whole scene
])

LOCATE = np.dtype([
    ("planes", "u1", (3, 200, 200)),        # Y, Cb, Cr of a frame whose longer side is 200, centred
    ("content", "<u2", 4),                  # x0, y0, x1, y1 of the frame inside the square
    ("cards", "u1"),                        # how many quads follow
    ("quads", "<f4", (MAX_CARDS, 4, 2)),    # corners in pixels of the square
])

VIEW = np.dtype([
    ("planes", "u1", (3, 128, 192)),        # a rectified card and its margin, as CardNet sees it
    ("inside", "u1", (128, 24)),            # bits, most significant first: 1 where the frame has a pixel
    ("card", "u1"),                         # 0: the view shows no card
    ("quad", "<f4", (4, 2)),                # the true corners in the view, first side on the view's top
    ("rows", "u1"),                         # how many lines of the number follow
    ("lines", "<f4", (MAX_ROWS, 5)),        # x, y of the first glyph's left and the last one's right, glyph height
    ("turns", "u1", MAX_ROWS),              # reading direction in quarter turns: 0 right, 1 down, 2 left, 3 up
    ("readable", "u1", MAX_ROWS),           # 0 where the line can't be seen
])


class Shards:
    """Shards of a folder. Training may begin while they are still drawn; it repeats exactly only once all are there.
    With `hold` they are read into memory, from where a GPU is fed ten times as fast as from mapped files."""

    def __init__(self, folder, record, hold=False):
        self.folder, self.record, self.hold, self.maps, self.rows = folder, record, hold, [], []

    def extend(self, count):
        """Maps shards until there are `count`, or as many as are drawn by now; waits for the very first, and says so: the
        folder may as well be a wrong one."""
        said = False
        while len(self.maps) < count:
            path = os.path.join(self.folder, f"{len(self.maps):05d}.bin")
            if not os.path.exists(path):
                if self.maps:
                    return
                if not said:
                    print(f"waiting for {path}", file=sys.stderr, flush=True)
                said = True
                time.sleep(2)
                continue
            size = os.path.getsize(path)
            if size == 0 or size % self.record.itemsize:
                raise ValueError(f"{path}: {size} bytes are no whole number of {self.record.itemsize}-byte records")
            self.maps.append(np.fromfile(path, self.record) if self.hold else np.memmap(path, self.record, "r"))
            self.rows.append(self.maps[-1].view(np.ndarray).view(np.uint8).reshape(-1, self.record.itemsize))

    def batch(self, rng, size):
        """`size` records chosen by rng from all mapped shards. Another thread may be extending these."""
        batch = np.empty(size, self.record)
        rows = batch.view(np.uint8).reshape(size, self.record.itemsize)  # bytes are copied far faster than fields
        for row, s in zip(rows, rng.integers(0, len(self.rows), size)):
            row[:] = self.rows[s][rng.integers(0, len(self.rows[s]))]
        return batch

    def all(self):
        """Every record of the mapped shards."""
        return np.concatenate(self.maps)


class Mixture:
    """Several folders of one kind: the first, which grows, and further ones as FOLDER:SHARE:COUNT, the share of a batch
    that they give and how many of their shards take part."""

    def __init__(self, folders, record, hold=False):
        self.first = Shards(folders[0], record, hold)
        self.others, self.shares = [], []
        for text in folders[1:]:
            try:
                folder, share, count = text.rsplit(":", 2)
                share, count = float(share), int(count)
                if not (0 < share < 1 and count > 0):
                    raise ValueError
            except ValueError:
                raise ValueError(f"shards {text}: further ones are named FOLDER:SHARE:COUNT, SHARE between 0 and 1, "
                                 "COUNT from 1 on") from None
            self.others.append(Shards(folder, record, hold))
            self.others[-1].extend(count)
            self.shares.append(share)

    def extend(self, count):
        self.first.extend(count)

    def mapped(self):
        return [len(part.maps) for part in [self.first] + self.others]

    def batch(self, rng, size):
        counts = [round(share * size) for share in self.shares]
        if sum(counts) > size:
            raise ValueError(f"further shards give {sum(counts)} of {size} records, more than a batch")
        parts = [self.first.batch(rng, size - sum(counts))]
        return np.concatenate(parts + [part.batch(rng, n) for part, n in zip(self.others, counts)])
