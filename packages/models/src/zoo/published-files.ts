import { checkpointFiles } from './checkpoints.js';
import { externalModels } from './external.js';

/** A file that a model is published as, and where it can be had. */
export interface PublishedFile {
  /** Name of the file here and on mirrors. */
  readonly file: string;
  /** Best first; empty where the publisher gives no lasting URL: then a mirror or a folder has to have it. */
  readonly urls: readonly string[];
  readonly sizeBytes: number;
  readonly sha256: string;
}

const ultraFaceFolder =
  'https://raw.githubusercontent.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB/master/models/onnx';
const oneMegabyteFolder = 'https://raw.githubusercontent.com/biubug6/Face-Detector-1MB-with-landmark/master/weights';

/** Where the zoo's .onnx files and checkpoints can be had, by model id; the hashes are of the files that were measured. */
const sources: Readonly<Record<string, Pick<PublishedFile, 'urls' | 'sizeBytes'> & { readonly sha256?: string }>> = {
  'retinaface-mnet025': {
    urls: [
      'https://github.com/elliottzheng/face-detection/releases/download/0.0.1/mobilenet0.25_Final.pth',
      'https://github.com/clibdev/Pytorch_Retinaface/releases/latest/download/retinaface-mobilenet-0.25.pth',
      'https://huggingface.co/py-feat/retinaface/resolve/main/mobilenet0.25_Final.pth',
    ],
    sizeBytes: 1_789_735,
    sha256: '2979b33ffafda5d74b6948cd7a5b9a7a62f62b949cef24e95fd15d2883a65220',
  },
  'retinaface-1mb-mnet025': {
    urls: [`${oneMegabyteFolder}/mobilenet0.25_Final.pth`],
    sizeBytes: 1_789_735,
    sha256: 'ed6fa7d45a5179f03cb5ce82c73b0c6711372968e53782e88395acee88d319e1',
  },
  'retinaface-1mb-slim': {
    urls: [`${oneMegabyteFolder}/slim_Final.pth`],
    sizeBytes: 1_427_150,
    sha256: '76cdb587b2cf5f91b3836b66a652a0f7a91891758cd4fb0b07e4b7527af1c651',
  },
  'retinaface-1mb-rfb': {
    urls: [`${oneMegabyteFolder}/RBF_Final.pth`],
    sizeBytes: 1_504_452,
    sha256: 'b22c45855bff5c4eb84e9973e2ee8a980639aa194ec66f33a87ce712f9d44c28',
  },
  'scrfd-500m': { urls: [], sizeBytes: 2_524_095 },
  'yunet-n': {
    urls: ['https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/master/onnx/yunet_n_dynamic.onnx'],
    sizeBytes: 322_906,
  },
  'ultraface-rfb-320': { urls: [`${ultraFaceFolder}/version-RFB-320.onnx`], sizeBytes: 1_270_727 },
  'ultraface-rfb-640': { urls: [`${ultraFaceFolder}/version-RFB-640.onnx`], sizeBytes: 1_588_012 },
  'mobilefacenet-128d': { urls: [], sizeBytes: 3_998_070 },
};

/**
 * The published file of a model of the zoo.
 *
 * @returns undefined if the id is unknown, or the model is embedded and needs no file.
 */
export function publishedFile(id: string): PublishedFile | undefined {
  if (!Object.hasOwn(sources, id)) return undefined;
  const { urls, sizeBytes, sha256 = externalModels.get(id)?.card.sha256 } = sources[id];
  const file = checkpointFiles.get(id) ?? externalModels.get(id)?.file;
  return file === undefined || sha256 === undefined ? undefined : { file, urls, sizeBytes, sha256 };
}

/** Ids of the models that have a published file. */
export const publishedModelIds: readonly string[] = Object.keys(sources);
