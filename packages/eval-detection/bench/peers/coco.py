"""COCO's numbers by pycocotools or faster-coco-eval on one thread; prints one line of JSON.

    python coco.py pycocotools|faster-coco-eval GROUND_TRUTH.json PREDICTIONS.json

Timed in CPU seconds: reading both files, evaluate() and accumulate().
"""

import contextlib
import io
import json
import os
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
package, truth, predictions = sys.argv[1:]
if package == "pycocotools":
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO
    from faster_coco_eval import COCOeval_faster as COCOeval


def cpu():
    return time.process_time()


with contextlib.redirect_stdout(io.StringIO()):
    started = cpu()
    annotations = COCO(truth)
    results = annotations.loadRes(predictions)
    read = cpu()
    evaluation = COCOeval(annotations, results, "bbox")
    evaluation.evaluate()
    evaluated = cpu()
    evaluation.accumulate()
    accumulated = cpu()

precision = evaluation.eval["precision"][:, :, 0, 0, -1]
print(
    json.dumps(
        {
            "read": read - started,
            "evaluate": evaluated - read,
            "accumulate": accumulated - evaluated,
            "ap": float(precision[precision > -1].mean()),
            "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
