#!/usr/bin/python3
"""Table 3 of the paper in miniature: one recipe at equal steps, with and without the landmark and the pixel term.

    python3 tools/train/ablation.py --data ../shared/datasets/wider-train --teacher ../shared/models/retinaface-mnet025.pth \
      --terms box,landmark,pixel --out results/ablation/pixel

All arms see the same crops in the same order from the same seed; nothing is distilled. Goes on from its checkpoint, and writes
detector.pth for `retinabench models import` at the end.
"""
import argparse
import math
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
    """RetinaFace with the dense head, whose outputs start as one face under one camera and light."""

    def __init__(self, half):
        super().__init__(half)
        self.DenseHead = nn.ModuleList([nn.Conv2d(64, ANCHORS_PER_CELL * NUMBERS, 1) for _ in range(3)])
        for head in self.DenseHead:
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, x):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--data', '--teacher', '--out', '--terms'):
        parser.add_argument(name, required=True)
    parser.add_argument('--steps', type=int, default=1500)
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--faces', type=int, default=8, help='faces a step on which the pixel term is taken')
    parser.add_argument('--seed', type=int, default=22)
    parser.add_argument('--half', action='store_true')
    args = parser.parse_args()
    terms = {'classification', *args.terms.split(',')}
    if terms - set(WEIGHTS):
        parser.error(f'--terms: expected some of box, landmark, pixel, got {args.terms}')
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    teacher = RetinaFace(args.half).eval()
    teacher.load_state_dict(read_weights(args.teacher))
    fold_batch_norm(teacher)
    crops = Crops(args.data, SIDE, args.seed)
    priors = torch.from_numpy(crops.priors)
    net, path, step = DenseRetinaFace(args.half).train(), os.path.join(args.out, 'checkpoint.pt'), 0
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=5e-4)
    if os.path.exists(path):
        kept = torch.load(path)
        net.load_state_dict(kept['net'])
        optimiser.load_state_dict(kept['optimiser'])
        step = kept['step']
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pixel-term.mjs')
    worker = subprocess.Popen(['node', script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) if 'pixel' in terms else None
    while step < args.steps:
        coloured, clean, label, box = batch_of(crops, step * args.batch, args.batch)
        with torch.no_grad():
            _, *found = teacher(clean)
        points = landmark_targets(label, box, *found)
        *outputs, dense = net(coloured)
        values = multi_task(outputs, label, box, points, fewest=8)
        if worker:
            chosen = faces(priors, label, box, points, np.random.default_rng([args.seed, step, 3]), args.faces)
            if len(chosen):
                images, marks = upright(priors, coloured, chosen, box, points)
                values['pixel'] = PixelTerm.apply(dense[tuple(chosen.T)], marks, images, worker).mean()
        loss = sum(WEIGHTS[name] * value for name, value in values.items() if name in terms)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 10)
        for group in optimiser.param_groups:
            group['lr'] = args.rate * min(1, (step + 1) / 100) * .5 * (1 + math.cos(math.pi * step / args.steps))
        optimiser.step()
        step += 1
        if step % 20 == 0:
            print(f'step {step}: ' + ', '.join(f'{name} {float(value):.4f}' for name, value in values.items()), flush=True)
        if step % 200 == 0 or step == args.steps:
            save(path, {'net': net.state_dict(), 'optimiser': optimiser.state_dict(), 'step': step})
    plain = {name: value for name, value in net.state_dict().items() if not name.startswith('DenseHead')}
    save(os.path.join(args.out, 'detector.pth'), plain)
    if worker:
        worker.stdin.close()
        worker.wait()


if __name__ == '__main__':
    main()
