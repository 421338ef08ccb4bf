"""RetinaFace on OpenCV's DNN module, decoded image in, boxes out: a peer of run.mjs, which drives it over pipes."""
import json
import sys
import time

import cv2
import numpy as np

onnx, image_file, anchors_file, score_floor, nms_iou = sys.argv[1:6]
cv2.setNumThreads(1)
net = cv2.dnn.readNetFromONNX(onnx)
image = cv2.imread(image_file)
height, width = image.shape[:2]
anchors = np.fromfile(anchors_file, np.float32).reshape(-1, 4)


def detect():
    net.setInput(cv2.dnn.blobFromImage(image, 1.0, (width, height), (104, 117, 123)))
    scores, boxes, landmarks = net.forward(["scores", "boxes", "landmarks"])
    scores = scores.reshape(-1, 2)
    scores = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
    keep = np.nonzero(scores > float(score_floor))[0]
    prior, offset, scores = anchors[keep], boxes.reshape(-1, 4)[keep], scores[keep]
    centre = prior[:, :2] + offset[:, :2] * 0.1 * prior[:, 2:]
    size = prior[:, 2:] * np.exp(offset[:, 2:] * 0.2)
    points = prior[:, None, :2] + landmarks.reshape(-1, 5, 2)[keep] * 0.1 * prior[:, None, 2:]
    boxes = np.concatenate([centre - size / 2, size], 1)
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), float(score_floor), float(nms_iou))
    return len(kept), points


print(json.dumps({"ready": f"OpenCV {cv2.__version__}", "faces": detect()[0]}), flush=True)
for line in sys.stdin:
    samples = []
    for _ in range(int(line)):
        started = time.perf_counter()
        detect()
        samples.append((time.perf_counter() - started) * 1000)
    print(json.dumps(samples), flush=True)
