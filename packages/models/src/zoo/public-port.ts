/** What the cards of all public RetinaFace ports share. */
export const publicPort = {
  task: 'face-detection',
  licence: 'MIT',
  landmarks: true,
  input: {
    tensor: 'input',
    layout: 'NCHW',
    colourOrder: 'bgr',
    mean: [104, 117, 123],
    scale: [1, 1, 1],
    size: { rule: 'any' },
  },
  defaults: { scoreFloor: 0.02, nmsIou: 0.4 },
} as const;
