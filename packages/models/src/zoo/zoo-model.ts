import type { Architecture } from '../architectures/architecture.js';
import type { ModelCard } from '../card/card.js';

/** A file that a model is published as, and where it can be had. */
export interface PublishedFile {
  /** Name of the file here and on mirrors. */
  readonly name: string;
  /** Best first; empty where the publisher gives no lasting URL: then a mirror or a folder has to have it. */
  readonly urls: readonly string[];
  readonly sizeBytes: number;
  /** Of the file that was measured: any other file under its name is refused. */
  readonly sha256: string;
}

/** A network whose weights @vladmandic/face-api ships. */
export interface EmbeddedModel extends Architecture {
  readonly origin: 'embedded';
  /** Name of its files: `model/<weights>-weights_manifest.json` and `.bin`. */
  readonly weights: string;
}

/** A network of ours: its .onnx lies in this package. */
export interface OwnModel {
  readonly origin: 'own';
  readonly card: ModelCard;
  /** Name of the file in the package's `data` folder. */
  readonly file: string;
}

/** A network of the graph writer whose public PyTorch checkpoint is imported. */
export interface CheckpointModel extends Architecture {
  readonly origin: 'checkpoint';
  readonly file: PublishedFile;
}

/** A network of the graph writer without public weights: built with seeded random ones on first use. */
export interface RandomModel extends Architecture {
  readonly origin: 'random';
}

/** A model that others publish as .onnx, with the card that we wrote for exactly that file. */
export interface PublishedModel {
  readonly origin: 'published';
  readonly card: ModelCard;
  readonly file: PublishedFile;
}

/** A model that RetinaBench knows by id, by where its weights come from. */
export type ZooModel = OwnModel | EmbeddedModel | CheckpointModel | RandomModel | PublishedModel;
