"""Training samples: square crops of WIDER FACE train and mosaics of four, with boxes and matched targets."""
import mmap
import os
import numpy as np
from PIL import Image
from anchors import anchors, corners, encode_boxes, ignore, match

MEAN_RGB = (123, 117, 104)
KERNELS = (Image.BILINEAR, Image.BILINEAR, Image.BICUBIC, Image.BOX, Image.HAMMING, Image.LANCZOS, Image.NEAREST)
SMALLEST = 6.0
MOSAIC = 0.25


def read_boxes(root):
    """Images of boxes.txt: (name, corners [n, 4], invalid [n]); boxes without an area are left out."""
    lines, at, images = open(os.path.join(root, 'boxes.txt'), encoding='utf-8').read().split('\n'), 0, []
    while at < len(lines) and lines[at]:
        count = int(lines[at + 1])
        rows = np.array([line.split() for line in lines[at + 2:at + 2 + count]], np.float32).reshape(-1, 10)
        rows = rows[(rows[:, 2] > 1) & (rows[:, 3] > 1)]
        images.append((lines[at], np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], 1), rows[:, 7] != 0))
        at += 2 + count
    return images


class Pixels:
    """Decoded images in memory that forked processes share: each is decoded when it is first asked for."""

    def __init__(self, files):
        self.files = files
        self.shapes = [(*Image.open(file).size[::-1], 3) for file in files]
        self.ends = np.cumsum([0, *(int(np.prod(shape)) for shape in self.shapes)])
        self.bytes = np.frombuffer(mmap.mmap(-1, int(self.ends[-1])), np.uint8)
        self.ready = np.frombuffer(mmap.mmap(-1, len(files)), np.uint8)

    def __getitem__(self, index):
        pixels = self.bytes[self.ends[index]:self.ends[index + 1]].reshape(self.shapes[index])
        if not self.ready[index]:
            pixels[:] = np.asarray(Image.open(self.files[index]).convert('RGB'))
            self.ready[index] = 1
        return pixels


class Crops:
    """Samples by number: the same seed and number give the same sample."""

    def __init__(self, root, side, seed):
        self.side, self.seed = side, seed
        self.priors = anchors(side, side)
        self.corners = corners(self.priors)
        self.faces = read_boxes(root)
        self.images = Pixels([os.path.join(root, 'images', name) for name, _, _ in self.faces])
        self.usable = np.array([index for index, (_, _, invalid) in enumerate(self.faces) if (~invalid).any()])

    def crop(self, rng, side, least, most):
        """One square crop resized to side: RGB, corners [n, 4] and the mask of faces that are clear enough to learn."""
        which = int(rng.choice(self.usable))
        image, (_, boxes, invalid) = self.images[which], self.faces[which]
        height, width = image.shape[:2]
        centre = (boxes[:, :2] + boxes[:, 2:]) / 2
        for _ in range(30):
            edge = max(16, int(min(height, width) * rng.uniform(least, most)))
            x, y = (int(rng.integers(min(0, n - edge), max(0, n - edge) + 1)) for n in (width, height))
            inside = ((centre > (x, y)) & (centre < (x + edge, y + edge))).all(1)
            if (inside & ~invalid).any():
                break
        left, top, right, bottom = max(0, x), max(0, y), min(width, x + edge), min(height, y + edge)
        cut = image[top:bottom, left:right]
        if cut.shape[:2] != (edge, edge):
            canvas = np.empty((edge, edge, 3), np.uint8)
            canvas[:] = MEAN_RGB
            canvas[top - y:bottom - y, left - x:right - x] = cut
            cut = canvas
        pixels = np.asarray(Image.fromarray(cut).resize((side, side), KERNELS[int(rng.integers(len(KERNELS)))]))
        scale = side / edge
        moved = (boxes - np.array([x, y, x, y], np.float32)) * scale
        clipped = moved.clip(0, side)
        seen = ((clipped[:, 2:] - clipped[:, :2]) > 1).all(1)
        small = (moved[:, 3] - moved[:, 1] < SMALLEST) | (moved[:, 2] - moved[:, 0] < SMALLEST * .7)
        if rng.random() < .5:
            pixels = pixels[:, ::-1]
            clipped = np.stack([side - clipped[:, 2], clipped[:, 1], side - clipped[:, 0], clipped[:, 3]], 1)
        return pixels, clipped[seen], (inside & ~invalid & ~small)[seen]

    def mosaic(self, rng):
        """Four crops of images scaled down, side by side: many small faces."""
        half = self.side // 2
        pixels = np.empty((self.side, self.side, 3), np.uint8)
        parts = []
        for left, top in ((0, 0), (half, 0), (0, half), (half, half)):
            tile, boxes, clear = self.crop(rng, half, .5, 1.2)
            pixels[top:top + half, left:left + half] = tile
            parts.append((boxes + np.array([left, top, left, top], np.float32), clear))
        return (pixels, *(np.concatenate(column) for column in zip(*parts)))

    def sample(self, number):
        """Pixels [3, side, side] uint8 BGR, label [a], box targets [a, 4], and the colour change (gain [3], shift [3])."""
        rng = np.random.default_rng([self.seed, number])
        pixels, boxes, clear = self.mosaic(rng) if rng.random() < MOSAIC else self.crop(rng, self.side, *((.3, 1.3) if rng.random() < .6 else (.65, 1.3)))
        face, label = match(self.priors, self.corners, boxes[clear])
        label = ignore(label, self.priors, boxes[~clear])
        positive = np.flatnonzero(label == 1)
        box = np.zeros((len(label), 4), np.float32)
        if len(positive):
            box[positive] = encode_boxes(self.priors[positive], boxes[clear][face[positive]])
        if rng.random() < .05:
            pixels = pixels.mean(2, keepdims=True).astype(np.uint8).repeat(3, 2)
        gain, shift = np.ones(3, np.float32), np.zeros(3, np.float32)
        if rng.random() < .5:
            gain *= rng.uniform(.6, 1.4)
        if rng.random() < .5:
            contrast, level = rng.uniform(.6, 1.4), float(pixels[::8, ::8].mean()) * gain[0]
            gain, shift = gain * contrast, shift + level * (1 - contrast)
        if rng.random() < .3:
            gain = gain * rng.uniform(.8, 1.2, 3)
        return np.ascontiguousarray(pixels[:, :, ::-1].transpose(2, 0, 1)), label, box, gain.astype(np.float32), np.asarray(shift, np.float32)
