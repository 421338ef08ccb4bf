"""RetinaFace MobileNet-0.25 with the tensor names of the public port, so that `retinabench models import` serves a state dict."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SLOPE = 0.1
ANCHORS_PER_CELL = 2


def plain(inputs, outputs, size=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs))


def active(inputs, outputs, size=3, stride=1):
    return nn.Sequential(*plain(inputs, outputs, size, stride), nn.LeakyReLU(SLOPE, inplace=True))


def separable(inputs, outputs, stride):
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.LeakyReLU(SLOPE, inplace=True),
        nn.Conv2d(inputs, outputs, 1, 1, 0, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(SLOPE, inplace=True))


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage1 = nn.Sequential(active(3, 8, 3, 2), separable(8, 16, 1), separable(16, 32, 2), separable(32, 32, 1), separable(32, 64, 2), separable(64, 64, 1))
        self.stage2 = nn.Sequential(separable(64, 128, 2), *[separable(128, 128, 1) for _ in range(5)])
        self.stage3 = nn.Sequential(separable(128, 256, 2), separable(256, 256, 1))

    def forward(self, x):
        fine = self.stage1(x)
        middle = self.stage2(fine)
        return fine, middle, self.stage3(middle)


class Pyramid(nn.Module):
    def __init__(self):
        super().__init__()
        self.output1, self.output2, self.output3 = active(64, 64, 1), active(128, 64, 1), active(256, 64, 1)
        self.merge1, self.merge2 = active(64, 64), active(64, 64)

    def forward(self, maps):
        fine, middle, coarse = self.output1(maps[0]), self.output2(maps[1]), self.output3(maps[2])
        middle = self.merge2(middle + F.interpolate(coarse, size=middle.shape[2:], mode='nearest'))
        return self.merge1(fine + F.interpolate(middle, size=fine.shape[2:], mode='nearest')), middle, coarse


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv3X3 = plain(64, 32)
        self.conv5X5_1, self.conv5X5_2 = active(64, 16), plain(16, 16)
        self.conv7X7_2, self.conv7x7_3 = active(16, 16), plain(16, 16)

    def forward(self, x):
        five = self.conv5X5_1(x)
        return F.relu(torch.cat([self.conv3X3(x), self.conv5X5_2(five), self.conv7x7_3(self.conv7X7_2(five))], 1))


class Head(nn.Module):
    """Weights of one kind of output on one level. `outputs` of several heads run as one convolution."""

    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers
        self.conv1x1 = nn.Conv2d(64, ANCHORS_PER_CELL * numbers, 1)


def outputs(heads, x):
    """Outputs [n, anchors, numbers] of every head on one level."""
    maps = F.conv2d(x, torch.cat([head.conv1x1.weight for head in heads]), torch.cat([head.conv1x1.bias for head in heads]))
    parts = maps.float().permute(0, 2, 3, 1).split([ANCHORS_PER_CELL * head.numbers for head in heads], 3)
    return [part.reshape(x.shape[0], -1, head.numbers) for head, part in zip(heads, parts)]


class RetinaFace(nn.Module):
    """Forward: images [n, 3, h, w], BGR minus (104, 117, 123), to class logits [n, a, 2], boxes [n, a, 4] and landmarks [n, a, 10].

    half: convolutions in bfloat16, twice as fast on processors with AVX-512 BF16."""

    def __init__(self, half=False):
        super().__init__()
        self.half = half
        self.body, self.fpn = Body(), Pyramid()
        self.ssh1, self.ssh2, self.ssh3 = Context(), Context(), Context()
        self.ClassHead = nn.ModuleList([Head(2) for _ in range(3)])
        self.BboxHead = nn.ModuleList([Head(4) for _ in range(3)])
        self.LandmarkHead = nn.ModuleList([Head(10) for _ in range(3)])
        self.prior(0.01)

    def prior(self, probability):
        """Sets the class biases so that every anchor starts as a face with this probability."""
        odds = float(torch.logit(torch.tensor(probability)))
        for head in self.ClassHead:
            head.conv1x1.bias.data.copy_(torch.tensor([-odds / 2, odds / 2]).repeat(ANCHORS_PER_CELL))

    def forward(self, x):
        with torch.cpu.amp.autocast(enabled=self.half, dtype=torch.bfloat16):
            maps = [context(level) for context, level in zip((self.ssh1, self.ssh2, self.ssh3), self.fpn(self.body(x)))]
            levels = [outputs(heads, level) for *heads, level in zip(self.ClassHead, self.BboxHead, self.LandmarkHead, maps)]
        return tuple(torch.cat(kind, 1) for kind in zip(*levels))


def fold_batch_norm(module):
    """Folds every batch norm of an evaluated network into the convolution before it: the same outputs, fewer passes over memory."""
    for child in module.children():
        fold_batch_norm(child)
    if isinstance(module, nn.Sequential):
        for at in range(len(module) - 1):
            if isinstance(module[at], nn.Conv2d) and isinstance(module[at + 1], nn.BatchNorm2d):
                module[at] = nn.utils.fusion.fuse_conv_bn_eval(module[at], module[at + 1])
                module[at + 1] = nn.Identity()
    return module


def read_weights(path):
    """Reads the state dict of a public checkpoint or of one of ours; the prefix of a parallel wrapper is dropped."""
    state = torch.load(path, map_location='cpu')
    state = state.get('ema', state)
    return {name[7:] if name.startswith('module.') else name: value for name, value in state.items()}
