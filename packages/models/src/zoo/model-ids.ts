// Written out, so that the help of a verb that names them loads no network. A test holds them against the catalogue.

/** Ids of the networks that the graph writer builds from PyTorch weights. */
export const architectureIds: readonly string[] = [
  'retinaface-mnet025',
  'retinaface-1mb-mnet025',
  'retinaface-1mb-slim',
  'retinaface-1mb-rfb',
  'retinaface-resnet50',
  'retinaface-resnet152',
];

/** Ids of the models that `models pull` gets: checkpoints, and what others publish as .onnx. */
export const fetchedModelIds: readonly string[] = [
  'retinaface-mnet025',
  'retinaface-1mb-mnet025',
  'retinaface-1mb-slim',
  'retinaface-1mb-rfb',
  'scrfd-500m',
  'yunet-n',
  'ultraface-rfb-320',
  'ultraface-rfb-640',
  'mobilefacenet-128d',
];
