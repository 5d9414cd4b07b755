"""Trains one net on shards of ./draw: python3 train.py reader --shards DIR --val DIR --steps 20000 --out reader.pt

Every step's batch and variations depend on the shards, the seed and the step's number alone, and the checkpoint holds all that the
next step needs: an interrupted run started again goes on as if nothing had happened. The learning rate warms up, stays,
and falls to zero over the last --decay steps; --from starts a new run from another run's weights.
"""

import argparse
import json
import os
import sys
import time
from concurrent import futures

import numpy as np
import torch

import nets
import tasks
from augment import Dice
from shards import Mixture, Shards


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    run = Run(o)
    held_out = Shards(o.val, run.task.RECORD)
    held_out.extend(o.val_shards)
    held_out = held_out.all()
    pool = Mixture(o.shards, run.task.RECORD, run.device.type == "cuda")
    began, first = time.time(), run.step
    while run.step < o.steps:
        pool.extend(o.count)
        run.learn(pool)
        if run.step % o.report == 0 or run.step == o.steps:
            rate = (run.step - first) * o.batch / (time.time() - began)
            log(o, run, {"shards": pool.mapped(), "pictures_per_s": round(rate)} | run.examine(held_out))
            run.save()


def options():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("net", choices=nets.NETS)
    p.add_argument("--shards", required=True, action="append", metavar="FOLDER",
                   help="folder of training shards; further ones as FOLDER:SHARE:COUNT, their share of a batch and how "
                        "many shards take part")
    p.add_argument("--val", required=True, help="folder of held-out shards, drawn from another seed")
    p.add_argument("--val-shards", type=positive, default=1)
    p.add_argument("--out", required=True, help="checkpoint, continued where it exists")
    p.add_argument("--from", dest="source", help="checkpoint whose weights to start from")
    p.add_argument("--count", type=positive, default=1 << 30, help="shards of the first folder at most")
    p.add_argument("--steps", type=positive, required=True)
    p.add_argument("--decay", type=positive, default=1, help="steps at the end over which the learning rate falls to zero")
    p.add_argument("--sharpen", type=int, default=None,
                   help="step from which the reader also learns whole lines (CTC); half-way unless told")
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--batch", type=positive, default=64)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=positive, default=1)
    p.add_argument("--report", type=positive, default=250, help="steps between examinations and checkpoints")
    o = p.parse_args()
    if not os.path.isdir(os.path.dirname(o.out) or "."):
        p.error(f"--out: there is no folder for {o.out}")
    o.sharpen = o.steps // 2 if o.sharpen is None else o.sharpen
    return o


def positive(text):
    """A whole number from 1 on."""
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


class Run:
    """A net on its way: weights, their running average, the optimiser's state and the step. Where there is a GPU the net
    runs there, and the reader's batches are varied there, too; chance is drawn on the CPU, the same everywhere."""

    def __init__(self, o):
        self.o, self.task = o, tasks.TASKS[o.net]
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.backends.cudnn.benchmark = True
        self.ahead, self.coming = futures.ThreadPoolExecutor(1), None
        self.net = nets.make(o.net).to(self.device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), o.lr, weight_decay=1e-2)
        self.step, self.loss = 0, None
        if os.path.exists(o.out):
            state = torch.load(o.out, self.device)
            self.net.load_state_dict(state["weights"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step = state["step"]
            self.average = state["average"]
            return
        if o.source:
            self.net.load_state_dict(torch.load(o.source, self.device)["average"])
        self.average = {k: v.clone() for k, v in self.net.state_dict().items()}

    def rate(self):
        warm = min(1, (self.step + 1) / 200)
        return self.o.lr * warm * min(1, max(self.o.steps - self.step, 0) / self.o.decay) + 1e-6

    def learn(self, pool):
        """One step."""
        dice = Dice(self.o.seed, self.step, self.device if self.task.ANYWHERE else "cpu")
        batch = self.batch(pool)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        self.net.train()
        x, truth = self.task.prepare(batch, dice)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            y = self.net(x.to(self.device, memory_format=torch.channels_last))
        if not self.task.ANYWHERE:
            y = tuple(t.cpu() for t in y)
        loss = self.task.loss(y, truth, self.step >= self.o.sharpen)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        # Not as a number, for which a GPU would have to be waited for.
        self.loss = loss.detach() if self.loss is None else 0.98 * self.loss + 0.02 * loss.detach()
        self.follow()

    def batch(self, pool):
        """This step's records, and the next one's begun to be gathered, which takes as long as a GPU's step."""
        def gather(step):
            return pool.batch(np.random.default_rng([self.o.seed, step]), self.o.batch)
        batch = self.coming.result() if self.coming else gather(self.step)
        self.coming = self.ahead.submit(gather, self.step + 1)
        return batch

    def follow(self):
        """Moves the average towards the weights; it forgets over about 500 steps, fewer in the beginning."""
        keep = min(0.998, self.step / (self.step + 10))
        state = self.net.state_dict()
        floats = [k for k, v in state.items() if v.is_floating_point()]
        average = [self.average[k] for k in floats]
        torch._foreach_mul_(average, keep)
        torch._foreach_add_(average, [state[k] for k in floats], alpha=1 - keep)
        for k in state.keys() - set(floats):
            self.average[k].copy_(state[k])

    def examine(self, held_out):
        """Figures of the averaged weights on held-out records, rounded as in the file."""
        net = nets.make(self.o.net)
        net.load_state_dict(self.average)
        net.eval().to(memory_format=torch.channels_last)
        return self.task.examine(net, held_out)

    def save(self):
        state = {"net": self.o.net, "weights": self.net.state_dict(), "average": self.average,
                 "optimiser": self.optimiser.state_dict(), "step": self.step, "options": vars(self.o)}
        torch.save(state, self.o.out + ".part")
        os.replace(self.o.out + ".part", self.o.out)


def log(o, run, figures):
    line = {"net": o.net, "step": run.step, "lr": round(run.rate(), 6), "loss": round(run.loss.item(), 4)} | figures
    print(time.strftime("%H:%M:%S"), json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
