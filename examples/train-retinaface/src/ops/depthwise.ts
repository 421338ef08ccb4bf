import * as tf from '@tensorflow/tfjs-core';
import { kernelPlaces, pad, seenFrom, unpad } from './convolution.js';

/**
 * A convolution of each channel by itself, padded by half its kernel on all sides, with its gradient.
 *
 * @param x      [batch, height, width, channels]; sides a multiple of the stride.
 * @param filter [kernel, kernel, channels, 1], kernel odd.
 * @param stride 1 or 2.
 */
export function depthwise(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor4D {
  const apply = tf.customGrad((...inputs) => {
    const [image, weight, save] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    const padded = pad(image, weight.shape[0]);
    save([padded, weight]);
    return {
      value: tf.depthwiseConv2d(padded, weight, stride, 'valid'),
      gradFunc: (dy, saved) => {
        const [from, kernel] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [
          inputGradient(dy as tf.Tensor4D, kernel, stride),
          filterGradient(from, dy as tf.Tensor4D, kernel, stride),
        ];
      },
    };
  });
  return apply(x, filter) as tf.Tensor4D;
}

/** The slopes, set apart by the stride, convolved with the turned filter. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor4D {
  const size = filter.shape[0];
  const apart = stride === 2 ? interleaveZeros(dy) : dy;
  const full = tf.pad(apart, [
    [0, 0],
    [size - 1, size - 1],
    [size - 1, size - 1],
    [0, 0],
  ]);
  return unpad(tf.depthwiseConv2d(full, tf.reverse(filter, [0, 1]), 1, 'valid'), size);
}

function filterGradient(padded: tf.Tensor4D, dy: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor4D {
  const places = kernelPlaces(filter.shape[0]);
  const seen = places.map(([y, x]) => seenFrom(padded, dy.shape, y, x, stride));
  const channels = dy.shape[3];
  const rows = tf.reshape(tf.concat(seen, 0), [places.length, -1, channels]);
  return tf.reshape(tf.sum(tf.mul(rows, tf.reshape(dy, [1, -1, channels])), 1), filter.shape);
}

/** [batch, 2 height, 2 width, channels] with zeros in every odd row and column. */
function interleaveZeros(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const wide = tf.reshape(tf.concat([x, tf.zerosLike(x)], 3), [batch, height, 2 * width * channels]);
  return tf.reshape(tf.concat([wide, tf.zerosLike(wide)], 2), [batch, 2 * height, 2 * width, channels]);
}
