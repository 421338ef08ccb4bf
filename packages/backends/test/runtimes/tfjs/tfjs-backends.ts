import { tfjsCpu } from '../../../src/runtimes/tfjs-cpu/tfjs-cpu.js';
import { tfjsNode } from '../../../src/runtimes/tfjs-node/tfjs-node.js';
import { tfjsWasm } from '../../../src/runtimes/tfjs-wasm/tfjs-wasm.js';

const native = await tfjsNode.availability();

/** The TensorFlow.js backends that load here; tfjs-node only where its optional package is installed. */
export const tfjsBackends = [tfjsWasm, tfjsCpu, ...(native.available ? [tfjsNode] : [])];
