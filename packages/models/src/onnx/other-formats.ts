/** A format of models or files that is no ONNX, and how to get an .onnx. */
export interface OtherFormat {
  /** With its article. */
  readonly what: string;
  /** The next step. */
  readonly next: string;
  /** Endings of file names, lower case, with the dot. */
  readonly endings: readonly string[];
  /**
   * Whether a file begins as this format does.
   *
   * @param head its first bytes as Latin-1, a character a byte.
   */
  readonly isSo?: (head: string) => boolean;
}

const tf2onnx = (source: string): string =>
  `convert it: pip install tf2onnx, then python -m tf2onnx.convert ${source} --output model.onnx`;
const fromOrigin = 'export an .onnx from the model that it was converted from';

const cardFormat: OtherFormat = {
  what: 'JSON text',
  next: 'pass the .onnx, not its card',
  endings: [],
  isSo: (head) => /^\s*[{[]/.test(head),
};

/** The formats that are recognised to be refused, the most particular first. */
export const otherFormats: readonly OtherFormat[] = [
  {
    what: 'a TensorFlow Lite model',
    next: `name it .tflite, which litert-wasm runs, or ${tf2onnx('--tflite model.tflite')}`,
    endings: ['.lite'],
    isSo: (head) => head.slice(4, 8) === 'TFL3',
  },
  {
    what: 'a TensorFlow.js model',
    next: tf2onnx('--tfjs model.json'),
    endings: ['.json'],
    isSo: (head) => /^\s*\{/.test(head) && /"(graph-model|layers-model|modelTopology|weightsManifest)"/.test(head),
  },
  cardFormat,
  {
    what: 'an OpenVINO model',
    next: fromOrigin,
    endings: ['.xml'],
    isSo: (head) => /^\s*(<\?xml[^>]*>)?\s*<net\b/.test(head),
  },
  {
    what: 'a page of HTML or XML',
    next: 'the download ended at an error or login page: fetch the file itself',
    endings: [],
    isSo: (head) => /^(\u00ef\u00bb\u00bf)?\s*</.test(head),
  },
  {
    what: 'a Keras or HDF5 file',
    next: tf2onnx('--keras model.h5'),
    endings: ['.h5', '.hdf5', '.keras'],
    isSo: (head) => head.startsWith('\u0089HDF\r\n'),
  },
  {
    what: 'a ZIP archive, as PyTorch writes checkpoints',
    next: 'unpack it, or import the checkpoint: retinabench models import',
    endings: [],
    isSo: (head) => head.startsWith('PK\u0003\u0004'),
  },
  {
    what: 'a PyTorch checkpoint',
    next: 'import it: retinabench models import; or export its network with torch.onnx.export',
    endings: ['.pth', '.pt', '.ckpt', '.pth.tar'],
    // A pickle begins with its protocol, 2 to 5.
    isSo: (head) => head.charCodeAt(0) === 0x80 && head.charCodeAt(1) >= 2 && head.charCodeAt(1) <= 5,
  },
  {
    what: 'a safetensors file, which holds weights without a network',
    next: 'load them into their network and export it with torch.onnx.export',
    endings: ['.safetensors'],
    isSo: (head) => head.slice(3, 8) === '\0\0\0\0\0' && head[8] === '{',
  },
  {
    what: 'an ncnn model',
    next: fromOrigin,
    endings: ['.param'],
    isSo: (head) => /^7767517\s/.test(head),
  },
  { what: 'a Core ML model', next: fromOrigin, endings: ['.mlmodel', '.mlpackage'] },
  { what: 'a Caffe model', next: fromOrigin, endings: ['.caffemodel', '.prototxt'] },
  { what: 'a TensorFlow graph', next: tf2onnx('--saved-model DIR'), endings: ['.pb', '.savedmodel'] },
  {
    what: 'a PaddlePaddle model',
    next: 'convert it with paddle2onnx',
    endings: ['.pdmodel', '.pdparams', '.pdiparams'],
  },
  { what: 'a TensorRT engine', next: fromOrigin, endings: ['.engine', '.plan', '.trt'] },
  { what: 'an MNN model', next: fromOrigin, endings: ['.mnn'] },
  { what: 'an RKNN model', next: fromOrigin, endings: ['.rknn'] },
  { what: 'an ONNX Runtime format model', next: 'pass the .onnx that it was made from', endings: ['.ort'] },
];

/** The format that the name of a file promises; undefined if it is none of these. */
export function formatOfName(file: string): OtherFormat | undefined {
  const name = file.toLowerCase();
  if (name.endsWith('.card.json')) return cardFormat;
  return otherFormats.find(({ endings }) => endings.some((ending) => name.endsWith(ending)));
}
