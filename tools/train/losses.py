"""The multi-task loss of core (equation 1 without the dense term) and the distillation term, in PyTorch."""
import torch
import torch.nn.functional as F
from anchors import CENTRE_VARIANCE, SIZE_VARIANCE

NEGATIVES = 7
AGREEMENT = 0.5
WEIGHTS = {'classification': 1.0, 'box': 0.25, 'landmark': 0.1, 'divergence': 2.0, 'margin': 2.0}


def mined(entropy, label, fewest=0):
    """Mask [n, a] of positives and, image by image, of the NEGATIVES x positives background anchors of the largest loss."""
    positive, background = label == 1, label == 0
    rank = entropy.detach().masked_fill(~background, -1).sort(dim=1, descending=True, stable=True)[1].argsort(1)
    wanted = (positive.sum(1) * NEGATIVES).clamp(min=fewest).unsqueeze(1)
    return positive | (background & (rank < wanted))


def multi_task(outputs, label, boxes, points, fewest=0):
    """Terms of the loss by name, each summed over the batch and divided by its positives.

    outputs: logits [n, a, 2], boxes [n, a, 4], points [n, a, 10]; label [n, a] is 1, 0 or -1; targets of the outputs' shapes.
    A landmark with a NaN takes no part. `fewest` is the least number of negatives an image gives."""
    logits, box, point = outputs
    flat = label.reshape(-1).clamp(min=0).long()
    entropy = F.cross_entropy(logits.reshape(-1, 2), flat, reduction='none').reshape(label.shape)
    positive = label == 1
    count = max(1, int(positive.sum()))
    aim = points[positive]
    known = ~torch.isnan(aim.reshape(-1, 5, 2)).any(2, keepdim=True).expand(-1, 5, 2).reshape(-1, 10)
    return {
        'classification': entropy[mined(entropy, label, fewest)].sum() / count,
        'box': F.smooth_l1_loss(box[positive], boxes[positive], reduction='sum') / count,
        'landmark': F.smooth_l1_loss(point[positive][known], aim[known], reduction='sum') / count,
    }


def distillation(logits, teacher, positives):
    """How far our class scores are from the teacher's on all anchors [n, a, 2], in two terms.

    Divergence: KL of the face probabilities, summed, over the positives: it is felt where one of the two sees a face.
    Margin: smooth-L1 of the logit of the face probability, mean over anchors: it is felt everywhere."""
    ours, theirs = logits[..., 1] - logits[..., 0], teacher[..., 1] - teacher[..., 0]
    wanted = torch.sigmoid(theirs)
    cross = F.binary_cross_entropy_with_logits(ours, wanted, reduction='sum') - F.binary_cross_entropy_with_logits(theirs, wanted, reduction='sum')
    return {'divergence': cross / max(1, positives), 'margin': F.smooth_l1_loss(ours, theirs)}


def landmark_targets(label, boxes, found, points):
    """Landmark targets [n, a, 10]: the public detector's own on a positive anchor where the box that it gives there
    overlaps the annotated one by IoU 0.5 or more; NaN elsewhere. All boxes are encoded for the same anchors."""
    targets, positive = torch.full_like(points, float('nan')), label == 1
    agrees = encoded_overlap(boxes[positive], found[positive]) >= AGREEMENT
    targets[positive] = torch.where(agrees[:, None], points[positive], torch.full_like(points[positive], float('nan')))
    return targets


def encoded_overlap(a, b):
    """IoU [n] of pairs of boxes encoded for the same anchor, in units of that anchor."""
    sides = [(e[:, :2] * CENTRE_VARIANCE, torch.exp(e[:, 2:] * SIZE_VARIANCE)) for e in (a, b)]
    low = torch.maximum(*(centre - size / 2 for centre, size in sides))
    high = torch.minimum(*(centre + size / 2 for centre, size in sides))
    shared = (high - low).clamp(min=0).prod(1)
    return shared / (sides[0][1].prod(1) + sides[1][1].prod(1) - shared)
