import * as tf from '@tensorflow/tfjs-core';

/** A map plus the next coarser one, each of whose cells stands for four, with its gradient. */
export function addUpsampled(fine: tf.Tensor4D, coarse: tf.Tensor4D): tf.Tensor4D {
  const apply = tf.customGrad((...inputs) => {
    const [a, b] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return {
      value: tf.add(a, tf.image.resizeNearestNeighbor(b, [a.shape[1], a.shape[2]])),
      gradFunc: (dy) => [dy, tf.mul(tf.avgPool(dy as tf.Tensor4D, 2, 2, 'valid'), 4)],
    };
  });
  return apply(fine, coarse) as tf.Tensor4D;
}

/** Tensors side by side along an axis, with its gradient. */
export function join<T extends tf.Tensor>(parts: readonly T[], axis: number): T {
  const sizes = parts.map(({ shape }) => shape[axis]);
  const apply = tf.customGrad((...inputs) => ({
    value: tf.concat(inputs.slice(0, parts.length) as tf.Tensor[], axis),
    gradFunc: (dy) => tf.split(dy, sizes, axis),
  }));
  return apply(...parts) as T;
}

/**
 * A 1 x 1 convolution with bias whose outputs are laid out anchor by anchor, with its gradient.
 *
 * @param x      [batch, height, width, inputs].
 * @param filter [1, 1, inputs, anchors x numbers].
 * @param bias   [anchors x numbers].
 * @returns [batch, height x width x anchors, numbers].
 */
export function head(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, numbers: number): tf.Tensor3D {
  const apply = tf.customGrad((...tensors) => {
    const [map, weight, offset, save] = tensors as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.GradSaveFunc];
    const [, , inputs, outputs] = weight.shape;
    const rows = tf.reshape(map, [-1, inputs]);
    save([rows, weight]);
    return {
      value: tf.reshape(tf.add(tf.matMul(rows, tf.reshape(weight, [inputs, outputs])), offset), [
        map.shape[0],
        -1,
        numbers,
      ]),
      gradFunc: (dy, saved) => {
        const [from, kernel] = saved as [tf.Tensor2D, tf.Tensor4D];
        const slopes = tf.reshape(dy, [-1, outputs]);
        return [
          tf.reshape(tf.matMul(slopes, tf.reshape(kernel, [inputs, outputs]), false, true), x.shape),
          tf.reshape(tf.matMul(from, slopes, true, false), kernel.shape),
          tf.sum(slopes, 0),
        ];
      },
    };
  });
  return apply(x, filter, bias) as tf.Tensor3D;
}
