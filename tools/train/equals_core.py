"""Compares targets, loss terms and gradients with those that the TypeScript core wrote for the same inputs.

    python3 equals_core.py FOLDER

FOLDER/case.json holds images of `width` x `height` with faces, network outputs, and core's assignment, targets, terms and
gradients. Prints the largest differences as JSON; the caller judges them.
"""
import json
import os
import sys
import numpy as np
import torch
from anchors import anchors, corners, encode_boxes, encode_points, match
from losses import WEIGHTS, landmark_targets, multi_task


def compare(case):
    priors = anchors(case['height'], case['width']).astype(np.float64)
    count = len(priors)
    table = lambda rows, width: np.array([np.nan if value is None else value for value in rows], np.float64).reshape(-1, width)
    array = lambda rows, width: table(rows, width).reshape(len(case['faces']), -1, width)
    outputs = [torch.tensor(array(case['outputs'][name], width), requires_grad=True) for name, width in (('logits', 2), ('boxes', 4), ('landmarks', 10))]
    label, assigned = np.zeros((len(case['faces']), count), np.int8), np.full((len(case['faces']), count), -1)
    boxes, points = np.zeros((*label.shape, 4)), np.full((*label.shape, 10), np.nan)
    for image, faces in enumerate(case['faces']):
        truth = table(faces['boxes'], 4)
        marks = table(faces['landmarks'], 10).reshape(-1, 5, 2)
        face, label[image] = match(priors, corners(priors), truth)
        positive = np.flatnonzero(label[image])
        assigned[image, positive] = face[positive]
        if len(positive):
            boxes[image, positive] = encode_boxes(priors[positive], truth[face[positive]])
            points[image, positive] = encode_points(priors[positive], marks[face[positive]])
    terms = multi_task(outputs, torch.from_numpy(label), torch.from_numpy(boxes), torch.from_numpy(points), case['fewest'])
    total = sum(WEIGHTS[name] * term for name, term in terms.items())
    total.backward()
    positive = label == 1
    found, marks = (torch.from_numpy(array(case['found'][name], width)) for name, width in (('boxes', 4), ('landmarks', 10)))
    taken = ~torch.isnan(landmark_targets(torch.from_numpy(label), torch.from_numpy(boxes), found, marks)).any(2).numpy()
    apart = lambda ours, theirs: float(np.nan_to_num(np.abs(ours - theirs)).max(initial=0))
    return {
        'positives': int(positive.sum()),
        'agreement': int((taken[positive] != np.array(case['agreeing'])).sum()),
        'assignment': int((assigned != np.array(case['assignment'])).sum()),
        'anchors': apart(priors, table(case['anchors'], 4)),
        'boxTargets': apart(boxes[positive], table(case['boxTargets'], 4)),
        'landmarkTargets': apart(points[positive], table(case['landmarkTargets'], 10)),
        'unknownTargets': int((np.isnan(points[positive]) != np.isnan(table(case['landmarkTargets'], 10))).sum()),
        'total': apart(float(total), case['terms']['total']),
        **{name: apart(float(term), case['terms'][name]) for name, term in terms.items()},
        **{f'{name}Gradient': apart(out.grad.numpy(), array(case['gradients'][name], out.shape[2])) for name, out in zip(('logits', 'boxes', 'landmarks'), outputs)},
    }


if __name__ == '__main__':
    torch.set_num_threads(1)
    with open(os.path.join(sys.argv[1], 'case.json'), encoding='utf-8') as file:
        print(json.dumps(compare(json.load(file))))
