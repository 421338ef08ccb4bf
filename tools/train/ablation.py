#!/usr/bin/python3
"""Table 3 of the paper in miniature: one recipe at equal steps, with and without the landmark and the pixel term.

    python3 tools/train/ablation.py --data ../shared/datasets/wider-train --teacher ../shared/models/retinaface-mnet025.pth \
      --end 14:10 --out results/ablation

The arms are trained side by side: at every moment all have seen the same crops, in the same order, from the same weights;
nothing is distilled. Goes on from its checkpoint, and writes box.pth, box-landmark.pth and box-landmark-pixel.pth, averages of
all steps, for `retinabench models import` at the end.
"""
import argparse
import os
import struct
import subprocess
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from anchors import CENTRE_VARIANCE, SIZE_VARIANCE
from crops import Crops
from losses import landmark_targets, multi_task
from network import ANCHORS_PER_CELL, RetinaFace, fold_batch_norm, read_weights
from schedule import Schedule, rate
from train import MEAN, SIDE, batch_of, save

NUMBERS, CROP = 144, 64
START = [0.] * 128 + [0, 1, 105, 0, 1, 8, 3.5] + [0, 40, 80, .5, .5, .5, .5, .5, .5]
SCALE = [.4] * 128 + [25, 10, 10, 1, 1, 1, .2] + [30, 30, 20, .2, .2, .2, .2, .2, .2]
WEIGHTS = {'classification': 1.0, 'box': 0.25, 'landmark': 0.1, 'pixel': 0.01}
SMALLEST = 32


class PixelTerm(torch.autograd.Function):
    """Equation 3 with landmark term and prior, by core: tools/train/pixel-term.mjs."""

    @staticmethod
    def forward(context, numbers, points, crops, worker):
        rows = torch.cat([numbers, points, crops.reshape(len(numbers), -1)], 1).float().contiguous().numpy()
        worker.stdin.write(struct.pack('<I', len(rows)) + rows.tobytes())
        worker.stdin.flush()
        answer = np.frombuffer(worker.stdout.read(len(rows) * (NUMBERS + 1) * 4), np.float32).reshape(len(rows), NUMBERS + 1)
        context.save_for_backward(torch.from_numpy(answer[:, 1:].copy()))
        return torch.from_numpy(answer[:, 0].copy())

    @staticmethod
    def backward(context, gradient):
        return context.saved_tensors[0] * gradient[:, None], None, None, None


class DenseRetinaFace(RetinaFace):
    """RetinaFace with the dense head, whose outputs start as one face under one camera and light; None where nothing asks for them."""

    def __init__(self, half, asked):
        super().__init__(half)
        self.asked = asked
        self.DenseHead = nn.ModuleList([nn.Conv2d(64, ANCHORS_PER_CELL * NUMBERS, 1) for _ in range(3)])
        for head in self.DenseHead:
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, x):
        if not self.asked:
            return (*super().forward(x), None)
        maps = []
        hooks = [ssh.register_forward_hook(lambda _, __, out: maps.append(out)) for ssh in (self.ssh1, self.ssh2, self.ssh3)]
        found = super().forward(x)
        for hook in hooks:
            hook.remove()
        dense = [head(level.float()).permute(0, 2, 3, 1).reshape(len(x), -1, NUMBERS) for head, level in zip(self.DenseHead, maps)]
        return (*found, torch.cat(dense, 1) * torch.tensor(SCALE) + torch.tensor(START))


def faces(priors, label, box, points, rng, most):
    """Positive anchors (image, anchor) of faces of 32 px or more with known landmarks, at most so many, at random."""
    tall = priors[:, 3] * torch.exp(box[..., 3] * SIZE_VARIANCE) >= SMALLEST
    found = ((label == 1) & tall & ~torch.isnan(points).any(2)).nonzero()
    return found[torch.from_numpy(rng.permutation(len(found))[:most])]


def upright(priors, coloured, chosen, box, points):
    """Crops [n, 64, 64, 3] of faces, 1.2 times as wide as the longer side and turned until the eyes lie level, and landmarks in them."""
    image, anchor = chosen.T
    prior, offsets = priors[anchor], box[image, anchor]
    centre = prior[:, :2] + offsets[:, :2] * CENTRE_VARIANCE * prior[:, 2:]
    side = 1.2 * (prior[:, 2:] * torch.exp(offsets[:, 2:] * SIZE_VARIANCE)).max(1).values
    marks = prior[:, None, :2] + points[image, anchor].reshape(-1, 5, 2) * CENTRE_VARIANCE * prior[:, None, 2:]
    eyes = marks[:, 1] - marks[:, 0]
    roll = torch.atan2(eyes[:, 1], eyes[:, 0])
    turn = torch.stack([torch.cos(roll), -torch.sin(roll), torch.sin(roll), torch.cos(roll)], 1).reshape(-1, 2, 2)
    steps = (torch.arange(CROP) + .5) / CROP - .5
    local = torch.stack(torch.meshgrid(steps, steps, indexing='xy'), -1).reshape(1, -1, 2) * side[:, None, None]
    places = local @ turn.transpose(1, 2) + centre[:, None]
    pixels = F.grid_sample(coloured[image], (places / SIDE * 2 - 1).reshape(-1, CROP, CROP, 2), padding_mode='border', align_corners=False)
    crops = ((pixels + MEAN).flip(1) / 255).clamp(0, 1).permute(0, 2, 3, 1)
    return crops, ((marks - centre[:, None]) @ turn / side[:, None, None] + .5).reshape(-1, 10)


class Arm:
    """One network of the ablation, with its optimiser and the average of its weights."""

    def __init__(self, terms, args):
        self.terms, self.name = {'classification', *terms.split(',')}, terms.replace(',', '-')
        torch.manual_seed(args.seed)
        self.net = DenseRetinaFace(args.half, 'pixel' in self.terms).train().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=args.rate, weight_decay=5e-4)
        self.average = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.decay = args.average

    def step(self, batch, rate, worker):
        """Takes one step, and gives the terms of the loss by name."""
        coloured, label, box, points, chosen, images, marks = batch
        *outputs, dense = self.net(coloured)
        values = multi_task(outputs, label, box, points, fewest=8)
        if 'pixel' in self.terms and len(chosen):
            values['pixel'] = PixelTerm.apply(dense[tuple(chosen.T)], marks, images, worker).mean()
        loss = sum(WEIGHTS[name] * value for name, value in values.items() if name in self.terms)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 10)
        for group in self.optimiser.param_groups:
            group['lr'] = rate
        self.optimiser.step()
        return {name: float(value) for name, value in values.items()}

    def follow(self, step):
        """Lets the average follow the weights, after so many steps."""
        decay = min(self.decay, step / (9 + step))
        for name, value in self.net.state_dict().items():
            if value.is_floating_point():
                self.average[name].mul_(decay).add_(value, alpha=1 - decay)
            else:
                self.average[name].copy_(value)

    def state(self):
        return {'net': self.net.state_dict(), 'optimiser': self.optimiser.state_dict(), 'average': self.average}

    def load(self, kept):
        self.net.load_state_dict(kept['net'])
        self.optimiser.load_state_dict(kept['optimiser'])
        self.average = kept['average']

    def write(self, folder):
        save(os.path.join(folder, f'{self.name}.pth'), {n: v for n, v in self.average.items() if not n.startswith('DenseHead')})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--data', '--teacher', '--out'):
        parser.add_argument(name, required=True)
    parser.add_argument('--end', required=True, help='HH:MM at which the learning rate is zero')
    parser.add_argument('--arms', nargs='+', default=['box', 'box,landmark', 'box,landmark,pixel'], help='terms of each arm, beside classification')
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--warmup', type=int, default=50, help='steps')
    parser.add_argument('--average', type=float, default=0.98, help='decay of the averaged weights')
    parser.add_argument('--faces', type=int, default=8, help='faces a step on which the pixel term is taken')
    parser.add_argument('--seed', type=int, default=22)
    parser.add_argument('--half', action='store_true')
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    teacher = RetinaFace(args.half).eval()
    teacher.load_state_dict(read_weights(args.teacher))
    fold_batch_norm(teacher).to(memory_format=torch.channels_last)
    crops, arms = Crops(args.data, SIDE, args.seed), [Arm(terms, args) for terms in args.arms]
    for arm in arms:
        if arm.terms - set(WEIGHTS):
            parser.error(f'--arms: expected some of box, landmark, pixel joined by commas, got {arm.name}')
    priors, path, step = torch.from_numpy(crops.priors), os.path.join(args.out, 'checkpoint.pt'), 0
    schedule = Schedule(args.end, 0.0)
    if os.path.exists(path):
        kept = torch.load(path)
        for arm, own in zip(arms, kept['arms']):
            arm.load(own)
        step, schedule = kept['step'], Schedule(args.end, kept['progress'])
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pixel-term.mjs')
    dense = any('pixel' in arm.terms for arm in arms)
    worker = subprocess.Popen(['node', script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) if dense else None
    progress = schedule.progress
    while progress < 1:
        coloured, clean, label, box = batch_of(crops, step * args.batch, args.batch)
        with torch.no_grad():
            _, *found = teacher(clean)
        points = landmark_targets(label, box, *found)
        chosen = faces(priors, label, box, points, np.random.default_rng([args.seed, step, 3]), args.faces)
        images, marks = upright(priors, coloured, chosen, box, points)
        now = rate(args.rate, args.warmup, step, progress)
        values = [arm.step((coloured, label, box, points, chosen, images, marks), now, worker) for arm in arms]
        step += 1
        with torch.no_grad():
            for arm in arms:
                arm.follow(step)
        progress = schedule.advance()
        if step % 20 == 0 or progress >= 1:
            for arm, terms in zip(arms, values):
                print(f'step {step}, {step * args.batch} crops, {arm.name}: ' + ', '.join(f'{name} {value:.4f}' for name, value in terms.items()), flush=True)
            save(path, {'arms': [arm.state() for arm in arms], 'step': step, 'progress': progress})
    for arm in arms:
        arm.write(args.out)
    if worker:
        worker.stdin.close()
        worker.wait()


if __name__ == '__main__':
    main()
