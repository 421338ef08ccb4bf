#!/usr/bin/python3
"""Writes what a training run is for: the averaged weights for `retinabench models import`, and a checkpoint to go on from.

    python3 export.py OUT/checkpoint.pt --weights detector.pth --start tools/train/start.pt
"""
import argparse
import os
import torch


def replace(path, content):
    torch.save(content, f'{path}.new')
    os.replace(f'{path}.new', path)


def plain(state):
    """A copy in the ordinary order of axes: training keeps channels last."""
    return {name: value.detach().clone(memory_format=torch.contiguous_format) for name, value in state.items()}


def start_of(kept):
    """Weights in float32 and the optimiser's moments in bfloat16: enough for a new schedule, in half the bytes."""
    optimiser = {**kept['optimiser'], 'state': {}}
    for index, moments in kept['optimiser']['state'].items():
        optimiser['state'][index] = {
            name: value.to(torch.bfloat16, memory_format=torch.contiguous_format) if value.dim() else value for name, value in moments.items()}
    return {'net': plain(kept['net']), 'optimiser': optimiser, **{name: kept[name] for name in ('step', 'crops', 'seconds')}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('checkpoint')
    parser.add_argument('--weights', help='state dict of the averaged weights, by the names of the public port')
    parser.add_argument('--start', help='checkpoint for train.py --start')
    args = parser.parse_args()
    kept = torch.load(args.checkpoint, map_location='cpu')
    if args.weights:
        replace(args.weights, plain(kept['ema']))
    if args.start:
        replace(args.start, start_of(kept))
    print(f"step {kept['step']}, {kept['crops']} crops, progress {kept['progress']:.3f}")


if __name__ == '__main__':
    main()
