/** Anchors on each cell of a feature map. */
export const anchorsPerCell = 2;
/** Slope of the rectifiers below 0. */
export const leak = 0.1;

/** A convolution of the network, by its name in the public PyTorch port. */
export interface ConvLayer {
  readonly name: string;
  /** The batch normalisation after it; heads have a bias instead. */
  readonly norm?: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: 1 | 3;
  readonly stride: 1 | 2;
  readonly depthwise: boolean;
}

/** A block of the backbone: an ordinary convolution first, separable ones after it. */
export type Block = readonly ConvLayer[];

/** The convolutions of RetinaFace MobileNet-0.25. */
export interface NetworkLayers {
  /** Blocks up to strides 8, 16 and 32. */
  readonly stages: readonly [readonly Block[], readonly Block[], readonly Block[]];
  /** 1 x 1 laterals, fine to coarse. */
  readonly laterals: readonly ConvLayer[];
  /** After the sums, fine to coarse. */
  readonly merges: readonly ConvLayer[];
  /** By level: branches of 3 x 3, 5 x 5 (two) and 7 x 7 (two more) reach. */
  readonly contexts: readonly Record<'reach3' | 'shared' | 'reach5' | 'middle' | 'reach7', ConvLayer>[];
  /** By level. */
  readonly heads: readonly Record<'logits' | 'boxes' | 'landmarks', ConvLayer>[];
}

/** Channels and stride of each block, by stage. */
const blocks: readonly (readonly (readonly [channels: number, stride: 1 | 2])[])[] = [
  [
    [8, 2],
    [16, 1],
    [32, 2],
    [32, 1],
    [64, 2],
    [64, 1],
  ],
  [[128, 2], ...Array.from({ length: 5 }, () => [128, 1] as const)],
  [
    [256, 2],
    [256, 1],
  ],
];

/**
 * The layers of the network.
 *
 * @param width multiplies the channels of all maps: 1 for the network of the paper's section 4.8, a quarter at least.
 * Source: arXiv:1704.04861, table 1; arXiv:1905.00641, section 3.3; layer sizes and names of the public PyTorch port.
 */
export function networkLayers(width: number): NetworkLayers {
  const wide = (channels: number): number => channels * width;
  const plain = (name: string, inputs: number, outputs: number, kernel: 1 | 3, stride: 1 | 2 = 1): ConvLayer => ({
    name: `${name}.0`,
    norm: `${name}.1`,
    inputs,
    outputs,
    kernel,
    stride,
    depthwise: false,
  });
  let channels = 3;
  const stages = blocks.map((stage, at) =>
    stage.map(([full, stride], block): Block => {
      const name = `body.stage${at + 1}.${block}`;
      const [inputs, outputs] = [channels, wide(full)];
      channels = outputs;
      if (at === 0 && block === 0) return [plain(name, inputs, outputs, 3, stride)];
      return [
        { name: `${name}.0`, norm: `${name}.1`, inputs, outputs: inputs, kernel: 3, stride, depthwise: true },
        { name: `${name}.3`, norm: `${name}.4`, inputs, outputs, kernel: 1, stride: 1, depthwise: false },
      ];
    }),
  );
  const [all, half, quarter] = [wide(64), wide(32), wide(16)];
  const headLayer = (name: string, level: number, numbers: number): ConvLayer => ({
    name: `${name}.${level}.conv1x1`,
    inputs: all,
    outputs: anchorsPerCell * numbers,
    kernel: 1,
    stride: 1,
    depthwise: false,
  });
  return {
    stages: stages as [Block[], Block[], Block[]],
    laterals: [64, 128, 256].map((inputs, level) => plain(`fpn.output${level + 1}`, wide(inputs), all, 1)),
    merges: [1, 2].map((level) => plain(`fpn.merge${level}`, all, all, 3)),
    contexts: [1, 2, 3].map((level) => ({
      reach3: plain(`ssh${level}.conv3X3`, all, half, 3),
      shared: plain(`ssh${level}.conv5X5_1`, all, quarter, 3),
      reach5: plain(`ssh${level}.conv5X5_2`, quarter, quarter, 3),
      middle: plain(`ssh${level}.conv7X7_2`, quarter, quarter, 3),
      reach7: plain(`ssh${level}.conv7x7_3`, quarter, quarter, 3),
    })),
    heads: [0, 1, 2].map((level) => ({
      logits: headLayer('ClassHead', level, 2),
      boxes: headLayer('BboxHead', level, 4),
      landmarks: headLayer('LandmarkHead', level, 10),
    })),
  };
}

/** All of them in one list. */
export function everyLayer({ stages, laterals, merges, contexts, heads }: NetworkLayers): ConvLayer[] {
  return [stages.flat(2), laterals, merges, contexts.flatMap(Object.values), heads.flatMap(Object.values)].flat();
}
