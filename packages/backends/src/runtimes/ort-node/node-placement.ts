/** Where ONNX Runtime ran the nodes of a network. */
export interface NodePlacement {
  /** Nodes on the device. */
  readonly onDevice: number;
  /** Nodes that computed on the processor, `name (operator)`; arithmetic on shapes, which belongs there, is left out. */
  readonly onCpu: readonly string[];
}

/** An event of ONNX Runtime's profile; what is not a node has no provider. */
interface ProfileEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly args?: {
    readonly provider?: string;
    readonly op_name?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** Steps that move data between devices are no part of the network. */
const copies = /^Memcpy(To|From)Host$/;

/**
 * Read where nodes ran from the profile of a run.
 *
 * @param json what ONNX Runtime's profiler wrote.
 * @throws {SyntaxError} if it is no JSON.
 */
export function readPlacement(json: string): NodePlacement {
  const onCpu = new Set<string>();
  const onDevice = new Set<string>();
  for (const event of JSON.parse(json) as readonly ProfileEvent[]) {
    const { provider, op_name: operator = '', output_type_shape: outputs = [] } = event.args ?? {};
    if (event.cat !== 'Node' || provider === undefined || copies.test(operator)) continue;
    const name = `${(event.name ?? '').replace(/_kernel_time$/, '')} (${operator})`;
    if (provider !== 'CPUExecutionProvider') onDevice.add(name);
    else if (!outputs.every((output) => Object.keys(output).every(isInteger))) onCpu.add(name);
  }
  return { onDevice: onDevice.size, onCpu: [...onCpu] };
}

/** Shapes are whole numbers; images and scores are not. */
function isInteger(type: string): boolean {
  return /^(u?int(32|64)|bool)$/.test(type);
}
