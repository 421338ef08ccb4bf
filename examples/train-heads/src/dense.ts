import * as tf from '@tensorflow/tfjs-core';

/**
 * A fully connected layer, x W + b, with its gradient.
 *
 * TensorFlow.js differentiates its own operations only where their gradients are registered, which the package
 * `@tensorflow/tfjs` does and `tfjs-core` alone, a tenth of its size, does not. Two layers need no more than this.
 *
 * @param x      [rows, inputs].
 * @param weight [inputs, outputs].
 * @param bias   [outputs].
 */
export function dense(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const apply = tf.customGrad((...inputs) => {
    const [input, w, b, save] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    save([input, w]);
    return {
      value: tf.add(tf.matMul(input, w), b) as tf.Tensor2D,
      gradFunc: (dy, saved) => {
        const [savedInput, savedWeight] = saved as tf.Tensor2D[];
        return [
          tf.matMul(dy as tf.Tensor2D, savedWeight, false, true),
          tf.matMul(savedInput, dy as tf.Tensor2D, true, false),
          tf.sum(dy, 0),
        ];
      },
    };
  });
  return apply(x, weight, bias) as tf.Tensor2D;
}

/** The same over features below which nothing is trained: no gradient is taken with respect to them. They must outlive it. */
export function denseOfFeatures(features: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const apply = tf.customGrad((w, b) => ({
    value: tf.add(tf.matMul(features, w as tf.Tensor2D), b as tf.Tensor1D) as tf.Tensor2D,
    gradFunc: (dy) => [tf.matMul(features, dy as tf.Tensor2D, true, false), tf.sum(dy, 0)],
  }));
  return apply(weight, bias) as tf.Tensor2D;
}

/** max(x, 0), with its gradient. */
export function rectify(x: tf.Tensor2D): tf.Tensor2D {
  const apply = tf.customGrad((...inputs) => {
    const [input, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const value = tf.relu(input);
    save([value]);
    return { value, gradFunc: (dy, saved) => tf.mul(dy, tf.step((saved as tf.Tensor[])[0])) };
  });
  return apply(x) as tf.Tensor2D;
}
