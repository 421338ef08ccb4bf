/** Where ONNX Runtime ran the nodes of a network. */
export interface NodePlacement {
  /** Nodes on the device. */
  readonly onDevice: number;
  /** Nodes that computed on the processor, `name (operator)`; arithmetic on shapes, which belongs there, is left out. */
  readonly onCpu: readonly string[];
}

/** A tensor in the profile: its dimensions by its type. */
type TypeAndShape = Readonly<Record<string, unknown>>;

/** An event of ONNX Runtime's profile; what is not a node has no provider. */
interface ProfileEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly args?: {
    readonly provider?: string;
    readonly op_name?: string;
    readonly input_type_shape?: readonly TypeAndShape[];
    readonly output_type_shape?: readonly TypeAndShape[];
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
    const {
      provider,
      op_name: operator = '',
      input_type_shape: inputs = [],
      output_type_shape: outputs = [],
    } = event.args ?? {};
    if (event.cat !== 'Node' || provider === undefined || copies.test(operator)) continue;
    const name = `${(event.name ?? '').replace(/_kernel_time$/, '')} (${operator})`;
    if (provider !== 'CPUExecutionProvider') onDevice.add(name);
    else if (!isOnShapes(operator, inputs, outputs)) onCpu.add(name);
  }
  return { onDevice: onDevice.size, onCpu: [...onCpu] };
}

/** Elements of the longest list that a shape, or places in one, take. */
const longestList = 1024;

/**
 * Whether a node computes on shapes: whole numbers, few of them, out of few elements. A quantised convolution gives whole numbers,
 * too, and suppression gives few of them out of many boxes: those are the network.
 */
function isOnShapes(operator: string, inputs: readonly TypeAndShape[], outputs: readonly TypeAndShape[]): boolean {
  const whole = outputs.every((output) => Object.keys(output).every((type) => /^(u?int(32|64)|bool)$/.test(type)));
  const asked = operator === 'Shape' || operator === 'Size' ? outputs : [...inputs, ...outputs];
  return whole && asked.every((tensor) => Object.values(tensor).every((dims) => elementsOf(dims) <= longestList));
}

function elementsOf(dims: unknown): number {
  return Array.isArray(dims) ? dims.reduce((product: number, side) => product * Number(side), 1) : 1;
}
