import * as tf from '@tensorflow/tfjs-core';

/** Added to the variance, as in PyTorch. */
export const epsilon = 1e-5;

/** Mean and variance of one batch. The caller disposes of them. */
export interface BatchStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** Values of each channel that they are taken over. */
  readonly count: number;
}

/**
 * Batch normalisation with the statistics of the batch and a leaky rectifier after it, with their gradient.
 *
 * @param x      [batch, height, width, channels].
 * @param scale  [channels].
 * @param shift  [channels].
 * @param slope  of the rectifier below 0: 0 for ReLU, 1 for none.
 * @param report receives the statistics.
 * Source: arXiv:1502.03167.
 */
export function batchNorm(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  slope: number,
  report: (statistics: BatchStatistics) => void,
): tf.Tensor4D {
  const channels = x.shape[3];
  const apply = tf.customGrad((...inputs) => {
    const [map, factor, offset, save] = inputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const rows = tf.reshape(map, [-1, channels]);
    const mean = tf.mean(rows, 0) as tf.Tensor1D;
    const centred = tf.sub(rows, mean);
    const variance = tf.mean(tf.square(centred), 0) as tf.Tensor1D;
    const perDeviation = tf.rsqrt(tf.add(variance, epsilon));
    const unit = tf.mul(centred, perDeviation);
    const linear = tf.add(tf.mul(unit, factor), offset);
    const value = tf.reshape(slope === 1 ? linear : tf.maximum(linear, tf.mul(linear, slope)), map.shape);
    save([unit, perDeviation, factor, value]);
    report({ mean: tf.keep(mean), variance: tf.keep(variance), count: rows.shape[0] });
    return {
      value,
      gradFunc: (dy, saved) => {
        const [unitSaved, rate, factorSaved, active] = saved as tf.Tensor[];
        const straight = slope === 1 ? dy : tf.mul(dy, tf.step(active, slope));
        const slopes = tf.reshape(straight, [-1, channels]);
        const toShift = tf.sum(slopes, 0);
        const toScale = tf.sum(tf.mul(slopes, unitSaved), 0);
        const count = unitSaved.shape[0];
        const common = tf.div(tf.add(toShift, tf.mul(unitSaved, toScale)), count);
        const toRows = tf.mul(tf.sub(slopes, common), tf.mul(rate, factorSaved));
        return [tf.reshape(toRows, active.shape), toScale, toShift];
      },
    };
  });
  return apply(x, scale, shift) as tf.Tensor4D;
}
