"""Time tidecv 1.0.1 on boxes that errors.bench.ts wrote: prints processor seconds of evaluation, without reading."""
import json
import sys
import time

from tidecv import TIDE
from tidecv.data import Data

data = json.load(open(sys.argv[1]))
truth, found = Data('truth', 10**9), Data('found', 10**9)
for image in range(len(data['start']) - 1):
    truth.add_image(image, str(image))
    for face in range(data['faceStart'][image], data['faceStart'][image + 1]):
        box = data['faces'][4 * face:4 * face + 4]
        if data['counted'][face]:
            truth.add_ground_truth(image, 0, box)
        else:
            truth.add_ignore_region(image, 0, box)
    for row in range(data['start'][image], data['start'][image + 1]):
        found.add_detection(image, 0, data['scores'][row], data['boxes'][4 * row:4 * row + 4])
truth.classes[0] = 'face'
before = time.process_time()
tide = TIDE()
run = tide.evaluate(truth, found, mode=TIDE.BOX)
run.fix_main_errors()
run.fix_special_errors()
seconds = time.process_time() - before
print(f'AP {run.ap:.3f}', file=sys.stderr)
print(seconds)
