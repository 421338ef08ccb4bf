import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BackendError } from '@retinabench/core';
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common';
import type { BackendId, Session, Tensor } from '../../backend/backend.js';
import { type NodePlacement, readPlacement } from './node-placement.js';
import { OrtSession } from './ort-session.js';

/** Most nodes that a message names. */
const namedNodes = 3;

/**
 * A session on a device. ONNX Runtime gives what the device lacks to the processor without a word; so the first run is profiled,
 * and a network of which a part computed on the processor is refused, unless that was asked for.
 */
export class DeviceSession implements Session {
  readonly #session: OrtSession;
  readonly #profiled: InferenceSession;
  readonly #folder: string;
  readonly #place: string;
  readonly #sharesWithCpu: boolean;
  #placement: NodePlacement | undefined;

  /**
   * @param open creates the session with the options that make it write its profile.
   * @throws as `open`; then nothing is left.
   */
  static async open(
    open: (options: InferenceSession.SessionOptions) => Promise<InferenceSession>,
    tensorConstructor: TensorConstructor,
    settings: { readonly id: BackendId; readonly place: string; readonly sharesWithCpu: boolean },
  ): Promise<DeviceSession> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-profile-'));
    try {
      const session = await open({ enableProfiling: true, profileFilePrefix: path.join(folder, 'profile') });
      return new DeviceSession(session, tensorConstructor, settings, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    session: InferenceSession,
    tensorConstructor: TensorConstructor,
    { id, place, sharesWithCpu }: { readonly id: BackendId; readonly place: string; readonly sharesWithCpu: boolean },
    folder: string,
  ) {
    this.#session = new OrtSession(session, tensorConstructor, id, place, false);
    this.#profiled = session;
    this.#folder = folder;
    this.#place = `${place}: ${id}`;
    this.#sharesWithCpu = sharesWithCpu;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  get signature(): OrtSession['signature'] {
    return this.#session.signature;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    const outputs = await this.#session.run(feeds);
    this.#placement ??= this.#readProfile();
    const { onCpu, onDevice } = this.#placement;
    if (onDevice > 0 && (onCpu.length === 0 || this.#sharesWithCpu)) return outputs;
    const more = onCpu.length - namedNodes;
    const names = onCpu.slice(0, namedNodes).join(', ');
    throw new BackendError(
      onDevice === 0
        ? `${this.#place}: no node ran on the device; choose --device cpu`
        : `${this.#place}: ${onCpu.length} of ${onCpu.length + onDevice} nodes ran on the processor: ${names}${
            more > 0 ? ` and ${more} more` : ''
          }; choose --device cpu, or accept it by +cpu behind the device's name`,
    );
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #readProfile(): NodePlacement {
    this.#profiled.endProfiling();
    const [file] = readdirSync(this.#folder);
    if (file === undefined) {
      throw new BackendError(`${this.#place}: ONNX Runtime wrote no profile; where its nodes ran cannot be told`);
    }
    return readPlacement(readFileSync(path.join(this.#folder, file), 'utf8'));
  }
}
