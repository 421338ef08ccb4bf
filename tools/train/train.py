#!/usr/bin/python3
"""Trains RetinaFace MobileNet-0.25 from scratch on one machine's cores. See docs/training.md.

    python3 train.py --data ../../../shared/datasets/wider-train --teacher ../../../shared/models/retinaface-mnet025.pth --out OUT --end 14:10
"""
import argparse
import csv
import datetime
import math
import os
import signal
import sys
import time
import numpy as np
import torch
import torch.distributed as dist
from crops import Crops
from losses import WEIGHTS, distillation, landmark_targets, multi_task
from network import RetinaFace, fold_batch_norm, read_weights

SIDE = 320
HOLD = 0.5
LONGEST_STEP = 20.0
MEAN = torch.tensor([104., 117., 123.]).view(1, 3, 1, 1)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder with boxes.txt and images/')
    parser.add_argument('--teacher', required=True, help='checkpoint of the public detector: landmark targets and class scores')
    parser.add_argument('--out', required=True, help='folder of checkpoint, log and landmark targets')
    parser.add_argument('--end', required=True, help='HH:MM at which the learning rate is zero')
    parser.add_argument('--batch', type=int, default=8, help='crops of a step in each process')
    parser.add_argument('--processes', type=int, default=2)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--warmup', type=int, default=100, help='steps')
    parser.add_argument('--average', type=float, default=0.998, help='decay of the averaged weights')
    parser.add_argument('--save', type=float, default=180, help='seconds between checkpoints')
    parser.add_argument('--half', action='store_true', help='bfloat16 but for the heads (processors with AVX-512 BF16)')
    parser.add_argument('--seed', type=int, default=22)
    parser.add_argument('--port', type=int, default=29522)
    parser.add_argument('--from-held', help='checkpoint whose weights and optimiser a new schedule starts from')
    return parser.parse_args()


class Schedule:
    """Progress from 0 to 1 at the end time. A gap of more than LONGEST_STEP seconds (a paused process) is no progress; what is left is spread over the time left."""

    def __init__(self, end, progress=0.0):
        now = datetime.datetime.now()
        hour, minute = map(int, end.split(':'))
        self.end = now.replace(hour=hour, minute=minute, second=0).timestamp()
        self.progress, self.last = progress, time.time()

    def advance(self):
        now = time.time()
        gap, left = min(now - self.last, LONGEST_STEP), self.end - now
        self.last = now
        self.progress = 1.0 if left <= 0 else self.progress + (1 - self.progress) * gap / (gap + left)
        return self.progress


def rate(peak, warmup, step, progress):
    """Warm-up by steps, held until HOLD, then half a cosine to zero."""
    if progress < HOLD:
        return peak * min(1, (step + 1) / warmup)
    return peak * min(1, (step + 1) / warmup) * .5 * (1 + math.cos(math.pi * (progress - HOLD) / (1 - HOLD)))


def save(path, state):
    torch.save(state, f'{path}.new')
    os.replace(f'{path}.new', path)


def batch_of(crops, first, count):
    columns = zip(*[crops.sample(first + at) for at in range(count)])
    pixels, label, box, gain, shift = (torch.from_numpy(np.stack(column)) for column in columns)
    clean = pixels.float()
    coloured = (clean * gain[:, :, None, None] + shift.reshape(count, -1, 1, 1)).clamp_(0, 255).sub_(MEAN)
    last = torch.channels_last
    return coloured.contiguous(memory_format=last), clean.sub_(MEAN).contiguous(memory_format=last), label, box


def worker(rank, args, crops, teacher):
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if args.processes > 1:
        dist.init_process_group('gloo', f'tcp://127.0.0.1:{args.port}', rank=rank, world_size=args.processes, timeout=datetime.timedelta(hours=3))
    torch.manual_seed(args.seed)
    net, path = RetinaFace(args.half).train().to(memory_format=torch.channels_last), os.path.join(args.out, 'checkpoint.pt')
    decayed = [p for p in net.parameters() if p.dim() > 1]
    optimiser = torch.optim.AdamW([{'params': decayed, 'weight_decay': 5e-4}, {'params': [p for p in net.parameters() if p.dim() <= 1], 'weight_decay': 0}], lr=args.rate)
    step, seen, seconds, schedule = 0, 0, 0.0, Schedule(args.end)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    start = path if os.path.exists(path) else args.from_held
    if start:
        kept = torch.load(start)
        net.load_state_dict(kept['net'])
        average = kept['ema']
        if 'optimiser' in kept:
            optimiser.load_state_dict(kept['optimiser'])
        step, seen, seconds = kept['step'], kept['crops'], kept['seconds']
        if start == path:
            schedule = Schedule(args.end, kept['progress'])
    began, held, saved, stop = step, os.path.join(args.out, 'held.pt'), time.time(), []
    if rank == 0:
        signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
        signal.signal(signal.SIGINT, lambda *_: stop.append(True))
        log = open(os.path.join(args.out, 'log.csv'), 'a', newline='', encoding='utf-8')
        rows = csv.writer(log)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parameters, sums, marked = list(net.parameters()), {}, time.time()
    sizes = [p.numel() for p in parameters]
    live = net.state_dict()
    floating = [name for name in average if average[name].is_floating_point()]
    progress = schedule.progress
    state = lambda: {'net': live, 'ema': average, 'optimiser': optimiser.state_dict(), 'step': step, 'crops': seen, 'seconds': seconds, 'progress': progress, 'seed': args.seed}
    while progress < 1 and not stop:
        coloured, clean, label, box = batch_of(crops, (step * args.processes + rank) * args.batch, args.batch)
        with torch.no_grad():
            wanted, *found = teacher(clean)
        outputs = net(coloured)
        terms = multi_task(outputs, label, box, landmark_targets(label, box, *found), fewest=8)
        terms.update(distillation(outputs[0], wanted, int((label == 1).sum())))
        loss = sum(WEIGHTS[name] * term for name, term in terms.items())
        optimiser.zero_grad()
        loss.backward()
        message = torch.cat([p.grad.reshape(-1) for p in parameters] + [torch.tensor([schedule.advance(), float(bool(stop))] if rank == 0 else [0., 0.])])
        if args.processes > 1:
            dist.all_reduce(message)
        progress = float(message[-2])
        if message[-1] > 0:
            stop.append(True)
        for parameter, gradient in zip(parameters, message[:-2].div_(args.processes).split(sizes)):
            parameter.grad.copy_(gradient.view_as(parameter))
        torch.nn.utils.clip_grad_norm_(parameters, 10)
        for group in optimiser.param_groups:
            group['lr'] = rate(args.rate, args.warmup, step - began, progress)
        optimiser.step()
        step, seen = step + 1, seen + args.batch * args.processes
        decay = min(args.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_mul_([average[name] for name in floating], decay)
            torch._foreach_add_([average[name] for name in floating], [live[name] for name in floating], alpha=1 - decay)
        if rank:
            continue
        for name, term in terms.items():
            sums[name] = sums.get(name, 0) + float(term)
        if step % 20 == 0:
            now = time.time()
            seconds += now - marked
            row = [step, seen, round(seconds), f'{progress:.4f}', f'{group["lr"]:.6f}', *(f'{value / 20:.4f}' for value in sums.values()), f'{20 * args.batch * args.processes / (now - marked):.1f}']
            if log.tell() == 0:
                rows.writerow(['step', 'crops', 'seconds', 'progress', 'rate', *sums, 'crops/s'])
            rows.writerow(row)
            log.flush()
            sums, marked = {}, now
        if progress >= HOLD and not os.path.exists(held):
            save(held, state())
        if time.time() - saved > args.save:
            save(path, state())
            saved = time.time()
    if rank == 0:
        save(path, state())
        print(f'step {step}, {seen} crops, progress {progress:.3f}', flush=True)


def main():
    args = options()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    teacher = RetinaFace(args.half).eval()
    teacher.load_state_dict(read_weights(args.teacher))
    fold_batch_norm(teacher).to(memory_format=torch.channels_last)
    crops = Crops(args.data, SIDE, args.seed)
    print(f'{len(crops.usable)} images, process {os.getpid()}', flush=True)
    children = []
    for rank in range(1, args.processes):
        child = os.fork()
        if child == 0:
            worker(rank, args, crops, teacher)
            os._exit(0)
        children.append(child)
    worker(0, args, crops, teacher)
    for child in children:
        os.waitpid(child, 0)
    return 0


if __name__ == '__main__':
    sys.exit(main())
