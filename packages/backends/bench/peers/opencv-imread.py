"""JPEG decoding with OpenCV's imread: a peer of run.mjs, which drives it over pipes."""
import json
import sys
import time

import cv2

image_file = sys.argv[1]
cv2.setNumThreads(1)
cv2.imread(image_file)
print(json.dumps({"ready": f"OpenCV {cv2.__version__}", "faces": 0}), flush=True)
for line in sys.stdin:
    samples = []
    for _ in range(int(line)):
        started = time.perf_counter()
        cv2.imread(image_file)
        samples.append((time.perf_counter() - started) * 1000)
    print(json.dumps(samples), flush=True)
