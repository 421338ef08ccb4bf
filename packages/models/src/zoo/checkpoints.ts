/** File names under which the public checkpoints are known, by id of the architecture that imports them. */
export const checkpointFiles: ReadonlyMap<string, string> = new Map([
  ['retinaface-mnet025', 'retinaface-mnet025.pth'],
  ['retinaface-1mb-mnet025', 'retinaface-1mb-mnet025.pth'],
  ['retinaface-1mb-slim', 'retinaface-1mb-slim.pth'],
  ['retinaface-1mb-rfb', 'retinaface-1mb-rfb.pth'],
]);
