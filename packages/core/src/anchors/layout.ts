/** One level of the feature pyramid: its stride and the side lengths of the square anchors on each of its cells. */
export interface AnchorLevel {
  /** Input pixels from one cell to the next. */
  readonly stride: number;
  /** Side lengths of the anchors of a cell, in input pixels, in output order. */
  readonly sizesPx: readonly number[];
}

/** How a detector lays its anchors over the input. */
export interface AnchorLayout {
  /** Levels in output order. */
  readonly levels: readonly AnchorLevel[];
  /**
   * Where the anchor's centre lies in its cell: `cell` is (i + 0.5) * stride (the PyTorch ports), `corner16` is
   * i * stride + (16 - 1) / 2 (the original MXNet code, whose base anchor spans pixels 0..15 on every level).
   */
  readonly centre: 'cell' | 'corner16';
}

/** Names of the layouts in `anchorPresets`. */
export type AnchorPreset = 'resnet' | 'mnet025' | 'mnet025-small' | 'slim' | 'rfb' | 'insightface-mnet';

/** Three octave steps of 2^(1/3) from `basePx` (arXiv:1905.00641, table 2). */
function octave(basePx: number): number[] {
  return [0, 1, 2].map((step) => basePx * 2 ** (step / 3));
}

const fourLevels: AnchorLayout = {
  centre: 'cell',
  levels: [
    { stride: 8, sizesPx: [10, 16, 24] },
    { stride: 16, sizesPx: [32, 48] },
    { stride: 32, sizesPx: [64, 96] },
    { stride: 64, sizesPx: [128, 192, 256] },
  ],
};

/**
 * The anchor layouts in public use.
 *
 * `resnet`: the paper's (arXiv:1905.00641, table 2). `mnet025`: the public MobileNet-0.25 and ResNet-50 checkpoints.
 * `mnet025-small`, `slim`, `rfb`: the public "1 MB" checkpoints. `insightface-mnet`: the original MXNet model, which
 * lists its levels coarse to fine and centres every anchor on its 16-pixel base cell.
 */
export const anchorPresets: Readonly<Record<AnchorPreset, AnchorLayout>> = {
  resnet: {
    centre: 'cell',
    levels: [4, 8, 16, 32, 64].map((stride) => ({ stride, sizesPx: octave(stride * 4) })),
  },
  mnet025: {
    centre: 'cell',
    levels: [
      { stride: 8, sizesPx: [16, 32] },
      { stride: 16, sizesPx: [64, 128] },
      { stride: 32, sizesPx: [256, 512] },
    ],
  },
  'mnet025-small': {
    centre: 'cell',
    levels: [
      { stride: 8, sizesPx: [10, 20] },
      { stride: 16, sizesPx: [32, 64] },
      { stride: 32, sizesPx: [128, 256] },
    ],
  },
  slim: fourLevels,
  rfb: fourLevels,
  'insightface-mnet': {
    centre: 'corner16',
    levels: [
      { stride: 32, sizesPx: [512, 256] },
      { stride: 16, sizesPx: [128, 64] },
      { stride: 8, sizesPx: [32, 16] },
    ],
  },
};
