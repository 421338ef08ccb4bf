import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';
import { tfjsCpu } from '../../../src/runtimes/tfjs-cpu/tfjs-cpu.js';
import { tfjsNode } from '../../../src/runtimes/tfjs-node/tfjs-node.js';
import { tfjsWasm } from '../../../src/runtimes/tfjs-wasm/tfjs-wasm.js';

const native = await tfjsNode.availability();
const litert = await litertWasm.availability();

/** The TensorFlow.js backends that load here; tfjs-node only where its optional package is installed. */
export const tfjsBackends = [tfjsWasm, tfjsCpu, ...(native.available ? [tfjsNode] : [])];

/** Those, and litert-wasm where its optional package is installed: it runs the same plan. */
export const plannedBackends = [...tfjsBackends, ...(litert.available ? [litertWasm] : [])];
