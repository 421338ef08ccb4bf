// Cost of the dense head beside the network that carries it: multiplications by counting, processor time on ONNX Runtime,
// the two in turns; run with `npx nx run models:bench-dense-head`.
import { sha256Hex } from '@retinabench/core';
import { quantile } from '@retinabench/results';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { findArchitecture, withDenseHead, writeOnnx } from '../src/index.js';
import { RandomSource } from '../test/dense-head/random-source.js';

const [widthPx, heightPx] = [640, 480];
const { card, build } = findArchitecture('retinaface-mnet025');
const source = new RandomSource();
const onnx = writeOnnx(build(source));
const base = {
  onnx,
  card: { schemaVersion: 1 as const, ...card, sha256: sha256Hex(onnx), parameters: source.parameters },
};
const dense = withDenseHead(base, 7);
const input = new Tensor('float32', new Float32Array(3 * widthPx * heightPx).fill(0.1), [1, 3, heightPx, widthPx]);

async function main(): Promise<void> {
  const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const sessions = [
    await InferenceSession.create(base.onnx, options),
    await InferenceSession.create(dense.onnx, options),
  ];
  const samples: number[][] = [[], []];
  for (let round = 0; round < 45; round++) {
    for (const [index, session] of sessions.entries()) {
      const before = process.cpuUsage();
      await session.run({ input });
      const { user, system } = process.cpuUsage(before);
      if (round >= 5) samples[index]?.push((user + system) / 1000);
    }
  }
  const medians = samples.map((values) => quantile(Float64Array.from(values).sort(), 0.5));
  const cells = [8, 16, 32].reduce(
    (sum, stride) => sum + Math.ceil(widthPx / stride) * Math.ceil(heightPx / stride),
    0,
  );
  console.log(`${widthPx} x ${heightPx}, one thread, n = 40 each, Node ${process.version}`);
  console.log(
    `dense head: ${((cells * 64 * 288) / 1e6).toFixed(1)} M multiplications, ${dense.card.parameters - base.card.parameters} parameters of ${dense.card.parameters}`,
  );
  console.log(
    `processor ms, median: ${medians[0].toFixed(1)} without, ${medians[1].toFixed(1)} with, ratio ${(medians[1] / medians[0]).toFixed(2)}`,
  );
}

void main();
