import type { Session, Tensor } from './backend.js';
import { asPlanes } from './channels.js';
import type { NetworkSignature } from './network-signature.js';

/** The inputs and outputs of one run. */
export interface RecordedRun {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** A session that keeps what goes through it, so that one detection yields the raw outputs too. */
export class RecordingSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature?: NetworkSignature;
  readonly takesChannelsLast?: boolean;
  /** Whether runs are kept. */
  recording = true;
  #runs: RecordedRun[] = [];

  readonly #inner: Session;

  constructor(inner: Session) {
    this.#inner = inner;
    this.inputNames = inner.inputNames;
    this.outputNames = inner.outputNames;
    if (inner.signature !== undefined) this.signature = inner.signature;
    if (inner.takesChannelsLast) this.takesChannelsLast = true;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    const outputs = await this.#inner.run(feeds);
    if (this.recording) this.#runs.push({ feeds: copy(feeds), outputs: copy(outputs) });
    return outputs;
  }

  /** The runs since the last call, in order. */
  take(): RecordedRun[] {
    const runs = this.#runs;
    this.#runs = [];
    return runs;
  }

  dispose(): Promise<void> {
    return this.#inner.dispose();
  }
}

/** Copies, images plane by plane, so that they can be fed to any session. */
function copy(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const planes = asPlanes(tensor);
      return [name, { data: planes === tensor.data ? planes.slice() : planes, dims: [...tensor.dims] }];
    }),
  );
}
