"""Trains tiny-clip. The schedule counts samples, never time, and every batch follows from its number.

    train.py --run DIRECTORY --samples 1000000            start
    train.py --run DIRECTORY --resume                     go on from the last checkpoint

The plan (samples, share of decay, resolution change) lies in DIRECTORY/plan.json. It may be edited
while training runs: the learning rate is constant before the decay, so the end can be moved freely
until the decay has begun.
"""
import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")     # spinning threads starve each other on a shared machine

import torch    # noqa: E402 (the setting above must come first)

from batches import Batches
from common import SEED, TRAIN_SIZE, work_directory
from concepts import load_concepts, split_concepts
from losses import total_loss
from model import Anchors, TinyClip, normalise_pixels
from prepare import load_tokenizer
from render import COLOUR_NAMES
from shapes import SHAPES

WARM_UP = 25_000
SMALL_SIZE = 80


class Plan:
    """What plan.json says, and what follows from it for a number of samples seen."""

    def __init__(self, path, batch):
        self.path, self.batch, self.text = path, batch, path.read_text()
        values = json.loads(self.text)
        self.samples, self.decay, self.grow, self.rate = (values[k] for k in ("samples", "decay", "grow", "rate"))

    def changed(self):
        """Whether the file was edited."""
        return self.path.read_text() != self.text

    def size_of(self, step):
        """Picture size of a step: small first, since it costs half."""
        return SMALL_SIZE if step * self.batch < self.grow else TRAIN_SIZE

    def rate_at(self, seen):
        """Warm-up, constant, linear decay to zero."""
        left = (self.samples - seen) / max(1, self.decay)
        return self.rate * min(1.0, (seen + self.batch) / WARM_UP, max(0.0, left))

    def steps(self):
        """Number of the last step."""
        return self.samples // self.batch


def optimiser_for(modules, rate):
    """AdamW; weight decay only on matrices of the towers."""
    decayed, plain = [], []
    for module in modules:
        for name, parameter in module.named_parameters():
            matrix = parameter.ndim >= 2 and not any(x in name for x in ("tokens", "places", "concepts"))
            (decayed if matrix else plain).append(parameter)
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-6)


def encode_by_length(tower, ids, parts=5):
    """The tower's output for captions in groups of similar length, which spares most of the padding.

    Exact: attention is causal and the tower reads at the end mark, so padding changes nothing.
    """
    lengths = ids.argmax(1) + 1
    order = lengths.argsort()
    outputs = [tower(ids[group, :int(lengths[group].max())]) for group in order.chunk(parts)]
    return torch.cat(outputs)[order.argsort()]


class Trainer:
    """Model, optimiser and plan of one run directory."""

    def __init__(self, run, batch, device="cpu", workers=1, seed=SEED, concepts=None, tokenizer=None):
        torch.manual_seed(seed)
        self.run, self.batch, self.device, self.workers, self.seed = Path(run), batch, device, workers, seed
        self.plan = Plan(self.run / "plan.json", batch)
        self.concepts = concepts or split_concepts(load_concepts())[0]
        self.tokenizer = tokenizer or load_tokenizer()
        self.model = TinyClip(len(self.tokenizer)).to(device)
        self.anchors = Anchors(len(self.concepts), len(COLOUR_NAMES), len(SHAPES)).to(device)
        self.model.image.shrink = False
        self.model.image.to(memory_format=torch.channels_last)
        self.optimiser = optimiser_for((self.model, self.anchors), self.plan.rate)
        self.step, self.seconds = 0, 0.0

    def save(self, name="last.pt"):
        """Everything needed to go on, written whole or not at all."""
        state = {"model": self.model.state_dict(), "anchors": self.anchors.state_dict(),
                 "optimiser": self.optimiser.state_dict(), "step": self.step, "seconds": self.seconds,
                 "batch": self.batch, "seed": self.seed, "random": torch.get_rng_state()}
        temporary = self.run / (name + ".tmp")
        torch.save(state, temporary)
        temporary.replace(self.run / name)

    def load(self, name="last.pt"):
        """Goes back to a checkpoint."""
        state = torch.load(self.run / name, map_location=self.device)
        if (state["batch"], state["seed"]) != (self.batch, self.seed):
            raise SystemExit("the checkpoint has another batch size or seed")
        self.model.load_state_dict(state["model"])
        self.anchors.load_state_dict(state["anchors"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]
        torch.set_rng_state(state["random"].cpu())

    def _loader(self):
        data = Batches(self.concepts, self.tokenizer, self.batch, self.plan.size_of, self.seed)
        steps = range(self.step, self.plan.steps())
        more = {"prefetch_factor": 4} if self.workers else {}
        return torch.utils.data.DataLoader(data, batch_size=None, sampler=steps, num_workers=self.workers,
                                           worker_init_fn=lambda _: torch.set_num_threads(1), **more)

    def update(self, batch):
        """One optimiser step; returns the parts of the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(self.step * self.batch)
        pixels = normalise_pixels(batch["pixels"].to(self.device))
        image, text = self.model.image(pixels), encode_by_length(self.model.text, batch["ids"].to(self.device))
        loss, parts = total_loss(self.model, self.anchors, batch, image, text)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        parameters = [p for group in self.optimiser.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        self.optimiser.step()
        with torch.no_grad():
            self.model.scale.clamp_(0, 4.6)
            self.anchors.scale.clamp_(0, 4.0)
        self.step += 1
        return parts

    def _stretch(self, log, save_every, measure, measure_every):
        """Trains until the plan changes (False) or is fulfilled (True)."""
        mean, started, waited, report = {}, time.monotonic(), 0.0, time.monotonic()
        reported, clock = self.step, time.monotonic()
        for batch in self._loader():
            waited += time.monotonic() - clock
            parts = self.update(batch)
            mean = {k: v if k not in mean else mean[k] * 0.97 + v * 0.03 for k, v in parts.items()}
            self.seconds += time.monotonic() - started
            started = time.monotonic()
            if self.step % 50 == 0:
                rate = (self.step - reported) * self.batch / (time.monotonic() - report)
                log({"step": self.step, "samples": self.step * self.batch, "seconds": round(self.seconds),
                     **{k: round(v, 3) for k, v in mean.items()}, "rate": round(rate, 1), "wait": round(waited, 2),
                     "scale": round(self.model.scale.exp().item(), 2), "size": batch["pixels"].shape[1],
                     "lr": round(self.plan.rate_at(self.step * self.batch), 6)})
                report, reported, waited = time.monotonic(), self.step, 0.0
            if self.step % save_every == 0:
                self.save()
            if measure and self.step % measure_every == 0:
                log({"samples": self.step * self.batch, "seconds": round(self.seconds), "development": measure(self)})
                started = time.monotonic()
            if self.step % 10 == 0 and self.plan.changed():
                self.plan = Plan(self.plan.path, self.batch)
                return False
            clock = time.monotonic()
        return True

    def train(self, save_every=100, measure=None, measure_every=600):
        """Trains to the end of the plan, saving on the way and at the end."""
        with open(self.run / "log.jsonl", "a", encoding="utf-8") as file:
            def log(line):
                print(json.dumps(line), flush=True)
                file.write(json.dumps(line) + "\n")
                file.flush()
            while not self._stretch(log, save_every, measure, measure_every):
                log({"samples": self.step * self.batch, "plan": json.loads(self.plan.text)})
            self.save()
            if measure:
                log({"samples": self.step * self.batch, "seconds": round(self.seconds), "development": measure(self),
                     "end": True})


def write_plan(run, samples, rate, decay=None, grow=None):
    """A new plan: the last 27 % decay, the first 87 % are small pictures."""
    plan = {"samples": samples, "decay": decay or int(samples * 0.27),
            "grow": grow if grow is not None else int(samples * 0.87), "rate": rate}
    run.mkdir(parents=True, exist_ok=True)
    (run / "plan.json").write_text(json.dumps(plan) + "\n")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=work_directory() / "run")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--samples", type=int, default=690_000)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-measure", action="store_true", help="skip the development set")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    if not arguments.resume:
        write_plan(arguments.run, arguments.samples, arguments.rate)
    trainer = Trainer(arguments.run, arguments.batch, arguments.device, arguments.workers)
    if arguments.resume:
        trainer.load()
    measure = None
    if not arguments.no_measure:
        from devset import measure_development
        measure = measure_development
    trainer.train(measure=measure)


if __name__ == "__main__":
    main()
