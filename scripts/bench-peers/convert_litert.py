"""Rebuilds a network in Keras with the same weights, and lets TensorFlow's converter make a full INT8 LiteRT model."""

from pathlib import Path

import numpy as np

import network as networks
from network import Network, Step


def litert_int8(path: str, pictures: np.ndarray, folder: Path) -> None:
    import tensorflow as tf

    model = _keras(networks.read(path, pictures.shape[-1]), pictures.shape[-1])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([p.transpose(1, 2, 0)[None]] for p in pictures)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    (folder / "model.tflite").write_bytes(converter.convert())


def _keras(network: Network, size: int):
    from tensorflow import keras

    tensors = {network.input: keras.Input((size, size, 3), batch_size=1)}
    made_by = {step.output: step for step in network.steps}
    for step in network.steps:
        # LiteRT's depth to space takes channels in the order DCR only: the convolution before delivers them so.
        following = network.readers(step.output)
        reorder = step.kind == "convolution" and any(s.kind == "depth_to_space" and s.order == "CRD" for s in following)
        if step.kind == "depth_to_space" and step.order == "CRD" and made_by[step.inputs[0]].kind != "convolution":
            raise networks.Unsupported("a depth to space that does not follow a convolution")
        tensors[step.output] = _layer(step, [tensors[name] for name in step.inputs], reorder)
    return keras.Model(tensors[network.input], tensors[network.output])


def _layer(step: Step, inputs: list, reorder: bool):
    import tensorflow as tf
    from tensorflow import keras

    if step.kind == "convolution":
        return _convolution(step, inputs[0], networks.crd_to_dcr(len(step.weight)) if reorder else slice(None))
    if step.kind == "add":
        return keras.layers.Add()(inputs)

    class Operation(keras.layers.Layer):
        def call(self, x):
            match step.kind:
                case "clip":
                    return tf.clip_by_value(x, *step.clip)
                case "space_to_depth":
                    return tf.nn.space_to_depth(x, 2)
                case "depth_to_space":
                    return tf.nn.depth_to_space(x, 2)
                case "pad":
                    top, left, bottom, right = step.padding
                    return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]], mode="REFLECT")
                case "normalize":
                    x -= tf.reduce_mean(x, [1, 2, 3], keepdims=True)
                    variance = tf.reduce_mean(x * x, [1, 2, 3], keepdims=True)
                    return x * tf.math.rsqrt(variance + step.epsilon) * step.weight + step.bias
                case "leaky":
                    return tf.nn.leaky_relu(x, step.slope)
                case "resize":
                    return tf.compat.v1.image.resize_bilinear(x, step.size, align_corners=True)
                case "tanh":
                    return tf.tanh(x)

    return Operation()(inputs[0])


def _convolution(step: Step, x, order):
    from tensorflow import keras

    kernel, bias = step.weight.transpose(2, 3, 1, 0)[..., order], step.bias[order]
    side = kernel.shape[0]
    same = step.stride == 1 and step.padding == side // 2
    # Keras pads an even side at the end only when it strides; ONNX pads both ends alike.
    if step.padding and not same:
        x = keras.layers.ZeroPadding2D(step.padding)(x)
    options = dict(kernel_size=side, strides=step.stride, padding="same" if same else "valid")
    if step.groups == 1:
        layer = keras.layers.Conv2D(len(step.weight), **options)
    else:
        layer, kernel = keras.layers.DepthwiseConv2D(**options), kernel.transpose(0, 1, 3, 2)
    y = layer(x)
    layer.set_weights([kernel, bias])
    if step.clip is None:
        return y
    return keras.layers.ReLU(step.clip[1])(y) if step.clip == (0, 6) else _clipped(y, step.clip)


def _clipped(x, bounds):
    from tensorflow import keras

    return keras.layers.Lambda(lambda y: keras.ops.clip(y, *bounds))(x)
