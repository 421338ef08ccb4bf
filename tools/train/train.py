#!/usr/bin/python3
"""Trains RetinaFace MobileNet-0.25 from scratch on one machine's cores. See docs/training.md.

    python3 train.py --data ../../../shared/datasets/wider-train --teacher ../../../shared/models/retinaface-mnet025.pth --out OUT --end 14:10
"""
import argparse
import csv
import datetime
import os
import signal
import sys
import time
import traceback
import numpy as np
import torch
import torch.distributed as dist
from crops import Crops
from losses import WEIGHTS, distillation, landmark_targets, multi_task
from network import RetinaFace, fold_batch_norm, read_weights
from schedule import Schedule, rate

SIDE = 320
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
    parser.add_argument('--box', type=float, default=WEIGHTS['box'], help='weight of the box term')
    parser.add_argument('--average', type=float, default=0.998, help='decay of the averaged weights')
    parser.add_argument('--save', type=float, default=180, help='seconds between checkpoints')
    parser.add_argument('--half', action='store_true', help='bfloat16 but for the heads (processors with AVX-512 BF16)')
    parser.add_argument('--seed', type=int, default=22)
    parser.add_argument('--port', type=int, default=29522)
    parser.add_argument('--start', help='checkpoint that export.py wrote: a new schedule starts from its weights')
    return parser.parse_args()


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
    source = path if os.path.exists(path) else args.start
    kept = torch.load(source, map_location='cpu') if source else {}
    if kept:
        net.load_state_dict(kept['net'])
        optimiser.load_state_dict(kept['optimiser'])
    step, seen, before, averaged = (kept.get(name, 0) for name in ('step', 'crops', 'seconds', 'averaged'))
    schedule = Schedule(args.end, kept.get('progress', 0.0))
    average = kept.get('ema') or {name: value.clone() for name, value in net.state_dict().items()}
    began, saved, stop = step, time.time(), []
    if schedule.progress >= 1 and rank == 0:
        print(f'{path}: its schedule has ended; for another, give export.py --start of it to --start, and another --out', flush=True)
    if rank == 0:
        signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
        signal.signal(signal.SIGINT, lambda *_: stop.append(True))
        log = open(os.path.join(args.out, 'log.csv'), 'a', newline='', encoding='utf-8')
        rows = csv.writer(log)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    weights = {**WEIGHTS, 'box': args.box}
    parameters, sums, marked = list(net.parameters()), {}, 0.0
    sizes = [p.numel() for p in parameters]
    live = net.state_dict()
    floating = [name for name in average if average[name].is_floating_point()]
    progress = schedule.progress
    state = lambda: {
        'net': live, 'ema': average, 'optimiser': optimiser.state_dict(), 'seed': args.seed,
        'step': step, 'crops': seen, 'seconds': before + schedule.active, 'progress': progress, 'averaged': averaged}
    while progress < 1 and not stop:
        coloured, clean, label, box = batch_of(crops, seen + rank * args.batch, args.batch)
        with torch.no_grad():
            wanted, *found = teacher(clean)
        outputs = net(coloured)
        terms = multi_task(outputs, label, box, landmark_targets(label, box, *found), fewest=8)
        terms.update(distillation(outputs[0], wanted, int((label == 1).sum())))
        loss = sum(weights[name] * term for name, term in terms.items())
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
        averaged += 1
        decay = min(args.average, averaged / (9 + averaged))
        with torch.no_grad():
            torch._foreach_mul_([average[name] for name in floating], decay)
            torch._foreach_add_([average[name] for name in floating], [live[name] for name in floating], alpha=1 - decay)
        if rank:
            continue
        for name, term in terms.items():
            sums[name] = sums.get(name, 0) + float(term)
        if step % 20 == 0:
            speed = 20 * args.batch * args.processes / (schedule.active - marked)
            terms = [f'{value / 20:.4f}' for value in sums.values()]
            row = [step, seen, round(before + schedule.active), f'{progress:.4f}', f'{group["lr"]:.6f}', *terms, f'{speed:.1f}']
            if log.tell() == 0:
                rows.writerow(['step', 'crops', 'seconds', 'progress', 'rate', *sums, 'crops/s'])
            rows.writerow(row)
            log.flush()
            sums, marked = {}, schedule.active
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
            run_child(rank, args, crops, teacher)
        children.append(child)
    worker(0, args, crops, teacher)
    return max((os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children), default=0)


def run_child(rank, args, crops, teacher):
    """A process beside the first: it ends here, whatever happens."""
    try:
        worker(rank, args, crops, teacher)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == '__main__':
    sys.exit(main())
