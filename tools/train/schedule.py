"""How far a run is, by the clock and without pauses, and the learning rate there."""
import datetime
import math
import time

HOLD = 0.5
LONGEST_STEP = 20.0


class Schedule:
    """Progress from 0 to 1 at the end time, HH:MM of today or, if that is past, tomorrow.

    A gap of more than LONGEST_STEP seconds (a paused process) is no progress; what is left is spread over the time left."""

    def __init__(self, end, progress=0.0):
        hour, minute = map(int, end.split(':'))
        at = datetime.datetime.now().replace(hour=hour, minute=minute, second=0, microsecond=0)
        self.end = (at if at > datetime.datetime.now() else at + datetime.timedelta(days=1)).timestamp()
        self.progress, self.active, self.last = progress, 0.0, time.time()

    def advance(self, now=None):
        now = time.time() if now is None else now
        gap, left = min(now - self.last, LONGEST_STEP), self.end - now
        self.last, self.active = now, self.active + gap
        self.progress = 1.0 if left <= 0 else self.progress + (1 - self.progress) * gap / (gap + left)
        return self.progress


def rate(peak, warmup, step, progress):
    """Warm-up by steps, held until HOLD, then half a cosine to zero."""
    warm = peak * min(1, (step + 1) / warmup)
    return warm if progress < HOLD else warm * .5 * (1 + math.cos(math.pi * (progress - HOLD) / (1 - HOLD)))
