#!/usr/bin/env python3
"""Runs one peer in this process and prints one JSON line: worker.py PEER FOLDER SIZE THREADS REPEATS STARTED

STARTED is the monotonic clock when the process was asked for. With $SAVE_PICTURE the painted picture goes there.
Under an emulator with count-instructions.c, the timed pictures lie between two marks. Keep imports few: they count as
the peer's start and memory.
"""

import json
import os
import sys
import time

import numpy as np


def onnxruntime(folder, size, threads):
    import onnxruntime as runtime

    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = runtime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
    taken = session.get_inputs()[0]
    return in_order(lambda photo: session.run(None, {taken.name: photo})[0], taken.shape)


def openvino(folder, size, threads, **hints):
    import openvino as runtime

    settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1} | hints
    compiled = runtime.Core().compile_model(f"{folder}/model.xml", "CPU", settings)
    request = compiled.create_infer_request()
    return in_order(lambda photo: request.infer({0: photo}, share_inputs=True)[0], compiled.input(0).shape)


def openvino_bf16(folder, size, threads):
    return openvino(folder, size, threads, INFERENCE_PRECISION_HINT="bf16")


def ncnn(folder, size, threads):
    import ncnn as runtime

    network = runtime.Net()
    network.opt.num_threads, network.opt.use_vulkan_compute = threads, False
    if network.load_param(f"{folder}/model.param") or network.load_model(f"{folder}/model.bin"):
        raise SystemExit("ncnn could not load the model")
    with open(f"{folder}/names.txt") as names:
        photo_name, anime_name = names.read().split()

    def run(photo):
        with network.create_extractor() as extractor:
            extractor.input(photo_name, runtime.Mat(photo[0]))
            return np.array(extractor.extract(anime_name)[1])[None]

    return run


def litert(folder, size, threads):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(f"{folder}/model.tflite", num_threads=threads)
    interpreter.allocate_tensors()
    photo_tensor, anime_tensor = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero = photo_tensor["quantization"]

    def run(photo):
        interpreter.set_tensor(photo_tensor["index"], photo)
        interpreter.invoke()
        return interpreter.get_tensor(anime_tensor["index"])

    # It takes and gives bytes in NHWC: what a program would do with its picture, once and outside the measured part.
    run.prepare = lambda photo: np.clip(
        np.rint(photo.transpose(0, 2, 3, 1) / scale + zero), -128, 127).astype(np.int8)
    scale_out, zero_out = anime_tensor["quantization"]
    run.finish = lambda anime: ((anime.astype(np.float32) - zero_out) * scale_out).transpose(0, 3, 1, 2)
    return run


def mnn(folder, size, threads):
    import MNN as runtime

    interpreter = runtime.Interpreter(f"{folder}/model.mnn")
    session = interpreter.createSession({"backend": "CPU", "numThread": threads, "precision": "normal"})
    photo_tensor, anime_tensor = interpreter.getSessionInput(session), interpreter.getSessionOutput(session)
    # Its converter keeps the network's own order, whichever that is, and calls it Caffe's.
    shape = (1, size, size, 3) if photo_tensor.getShape()[-1] == 3 else (1, 3, size, size)
    real, layout = runtime.Halide_Type_Float, runtime.Tensor_DimensionType_Caffe
    anime = runtime.Tensor(shape, real, np.zeros(shape, np.float32), layout)

    def run(photo):
        photo_tensor.copyFrom(runtime.Tensor(shape, real, photo, layout))
        interpreter.runSession(session)
        anime_tensor.copyToHostTensor(anime)
        return np.array(anime.getNumpyData()).reshape(shape)

    return in_order(run, shape)


def in_order(run, shape):
    """For networks that take rows, columns, channels: pictures are turned once, outside the measured part."""
    def turned(photo):
        return run(photo)

    if shape[-1] == 3:
        turned.prepare = lambda photo: photo.transpose(0, 2, 3, 1)
        turned.finish = lambda anime: anime.transpose(0, 3, 1, 2)
    return turned


def mark():
    os.getpriority(os.PRIO_PROCESS, 0)


def peak_megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def pattern(size):
    """A picture with slopes and edges, in [-1, 1]."""
    y, x = np.mgrid[0:size, 0:size]
    return np.stack([(x * 5 ^ y * 3 + c * 40) & 255 for c in range(3)])[None].astype(np.float32) / 127.5 - 1


def main():
    peer, folder, size, threads, repeats, started = sys.argv[1:]
    photo = np.load(os.environ["PHOTO"]) if "PHOTO" in os.environ else pattern(int(size))
    run = globals()[peer](folder, int(size), int(threads))
    photo = np.ascontiguousarray(getattr(run, "prepare", lambda x: x)(photo))
    anime = run(photo)
    cold = time.monotonic() - float(started)
    times, processor = [], time.process_time()
    mark()
    for _ in range(int(repeats)):
        start = time.monotonic()
        run(photo)
        times.append(time.monotonic() - start)
    mark()
    processor = time.process_time() - processor
    if "SAVE_PICTURE" in os.environ:
        np.save(os.environ["SAVE_PICTURE"], getattr(run, "finish", lambda x: x)(np.asarray(anime)))
    line = {
        "median_ms": float(np.median(times)) * 1e3, "min_ms": min(times) * 1e3, "cold_ms": cold * 1e3,
        "processor_ms": processor / int(repeats) * 1e3, "peak_mb": peak_megabytes()}
    print(json.dumps(line), flush=True)
    # Some libraries crash when they are torn down; the figures are out.
    os._exit(0)


if __name__ == "__main__":
    main()
