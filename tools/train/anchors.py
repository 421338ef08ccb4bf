"""Anchors of preset mnet025 and the matching, encoding and ignoring that core does, in NumPy."""
import math
import numpy as np

LEVELS = ((8, (16, 32)), (16, (64, 128)), (32, (256, 512)))
CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2
POSITIVE, CLAIM = 0.35, 0.2
FACE, BACKGROUND, IGNORED = 1, 0, -1


def anchors(height, width):
    """Anchors [a, 4] as centre x, centre y, width, height: level by level, row by row, then size."""
    out = []
    for stride, sizes in LEVELS:
        ys, xs = np.mgrid[0:math.ceil(height / stride), 0:math.ceil(width / stride)]
        cells = [np.stack([(xs + .5) * stride, (ys + .5) * stride, np.full(xs.shape, size), np.full(xs.shape, size)], -1) for size in sizes]
        out.append(np.stack(cells, 2).reshape(-1, 4))
    return np.concatenate(out).astype(np.float32)


def corners(centred):
    return np.concatenate([centred[:, :2] - centred[:, 2:] / 2, centred[:, :2] + centred[:, 2:] / 2], 1)


def overlaps(a, b):
    """IoU [a, b] of two lists of boxes as corners."""
    wide = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    high = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    area = lambda c: (c[:, 2] - c[:, 0]) * (c[:, 3] - c[:, 1])
    return shared / (area(a)[:, None] + area(b)[None] - shared)


def match(priors, prior_corners, boxes):
    """Face of each anchor [a] and its label: positive from IoU 0.35; a face claims its best anchor from IoU 0.2; the later claim wins."""
    if len(boxes) == 0:
        return np.zeros(len(priors), np.int64), np.zeros(len(priors), np.int8)
    iou = overlaps(prior_corners, boxes)
    face, best = iou.argmax(1), iou.max(1)
    claimed, claim = iou.argmax(0), iou.max(0)
    for index in range(len(boxes)):
        if claim[index] >= CLAIM:
            best[claimed[index]], face[claimed[index]] = 2, index
    return face, (best >= POSITIVE).astype(np.int8)


def ignore(label, priors, unclear):
    """Takes from the background the anchors on faces that are too small, invalid or cut off: neither face nor background."""
    for left, top, right, bottom in unclear:
        margin = priors[:, 2] / 4
        inside = (priors[:, 0] > left - margin) & (priors[:, 0] < right + margin) & (priors[:, 1] > top - margin) & (priors[:, 1] < bottom + margin)
        area = max(right - left, 16) * max(bottom - top, 16)
        label[inside & (priors[:, 2] ** 2 <= 4 * area) & (label == BACKGROUND)] = IGNORED
    return label


def encode_boxes(priors, boxes):
    """Box targets [n, 4] of boxes as corners for as many anchors."""
    size = boxes[:, 2:] - boxes[:, :2]
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.concatenate([(centre - priors[:, :2]) / (CENTRE_VARIANCE * priors[:, 2:]), np.log(size / priors[:, 2:]) / SIZE_VARIANCE], 1)


def encode_points(priors, points):
    """Landmark targets [n, 10] of points [n, 5, 2]; NaN stays NaN: no landmarks known."""
    return ((points - priors[:, None, :2]) / (CENTRE_VARIANCE * priors[:, None, 2:])).reshape(-1, 10)


def decode(priors, boxes, points):
    """Boxes as corners [n, 4] and points [n, 5, 2] from network outputs."""
    centre = priors[:, :2] + boxes[:, :2] * CENTRE_VARIANCE * priors[:, 2:]
    half = priors[:, 2:] * np.exp(boxes[:, 2:] * SIZE_VARIANCE) / 2
    return np.concatenate([centre - half, centre + half], 1), priors[:, None, :2] + points.reshape(-1, 5, 2) * CENTRE_VARIANCE * priors[:, None, 2:]
