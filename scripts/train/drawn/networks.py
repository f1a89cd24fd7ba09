"""The networks that find things. None of them paints; their weights come from a folder and from the mediapipe package.

YuNet (libfacedetection.train, Apache-2.0) finds faces, MediaPipe's face mesh and selfie segmentation (Apache-2.0) find
points and persons, Kazuhito Takahashi's skin-clothes-hair network (MIT) tells these three apart.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

DETECTOR = "yunet_n_640_640.onnx"
PARSER = "skin_clothes_hair_PAN_mbv3small.onnx"


class Detector:
    """Faces as boxes, five points and a score, in the picture's own pixels."""

    def __init__(self, file: Path, score: float, count: int) -> None:
        if not file.is_file():
            raise SystemExit(f"{file} is missing: the detector of faces, YuNet as ONNX")
        self._network = cv2.FaceDetectorYN.create(str(file), "", (320, 320), score, 0.3, count)

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Rows of x, y, width, height, five points and the score."""
        self._network.setInputSize((rgb.shape[1], rgb.shape[0]))
        _, found = self._network.detect(np.ascontiguousarray(rgb[..., ::-1]))
        return np.zeros((0, 15), np.float32) if found is None else found


class Networks:
    """All that a renderer asks. `folder` holds the detector and the parser."""

    def __init__(self, folder: Path, detector: Path | None = None) -> None:
        import mediapipe

        self.detect = Detector(detector or folder / DETECTOR, 0.6, 50)
        solutions = mediapipe.solutions
        self._mesh = solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True,
                                                  min_detection_confidence=0.3)
        self._persons = solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
        if not (folder / PARSER).is_file():
            raise SystemExit(f"{folder / PARSER} is missing: the network that tells skin, clothes and hair apart")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._parser = onnxruntime.InferenceSession(str(folder / PARSER), options, providers=["CPUExecutionProvider"])

    def mesh(self, square: np.ndarray) -> np.ndarray | None:
        """478 points of the face in a square crop, x, y and depth in its pixels."""
        found = self._mesh.process(square).multi_face_landmarks
        if not found:
            return None
        side = square.shape[0]
        return np.array([[point.x * side, point.y * side, point.z * side] for point in found[0].landmark], np.float32)

    def persons(self, rgb: np.ndarray) -> np.ndarray:
        """How surely a pixel belongs to a person."""
        return self._persons.process(rgb).segmentation_mask.astype(np.float32)

    def parts(self, square: np.ndarray) -> np.ndarray:
        """Skin, clothes and hair of 512 x 512 pixels, each 0 to 1."""
        values = (square.astype(np.float32) / 255 - [.485, .456, .406]) / [.229, .224, .225]
        values = values.transpose(2, 0, 1)[None].astype(np.float32)
        made = self._parser.run(None, {self._parser.get_inputs()[0].name: values})[0]
        return np.clip(made[0].transpose(1, 2, 0), 0, 1)
