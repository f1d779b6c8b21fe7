"""How slow the machine is at the moment: what a test measures must not fail because others use the processor too."""

import bisect
import threading
import time

from .cluster import Failure

WORK_S, REST_S = 0.0005, 0.02
TIMES = 3  # what several processes lose one after the other, as a multiple of what this one loses


class Load:
    """A thread that works a little and rests a little, again and again, and keeps how much longer than that it took."""

    def __init__(self):
        self.times, self.totals = [time.monotonic()], [0.0]
        threading.Thread(target=self._watch, daemon=True).start()

    def lost(self, start, end=None):
        """Seconds that a chain of processes may have lost between these times, because none of them ran."""
        end = time.monotonic() if end is None else end
        running = max(0.0, end - self.times[-1] - WORK_S - REST_S)
        return TIMES * (self._total(end) - self._total(start) + running)

    def _total(self, at):
        return self.totals[max(0, bisect.bisect_right(self.times, at) - 1)]

    def _watch(self):
        while True:
            start = time.monotonic()
            end = time.thread_time() + WORK_S
            while time.thread_time() < end:
                pass
            time.sleep(REST_S)
            now = time.monotonic()
            self.totals.append(self.totals[-1] + max(0.0, now - start - WORK_S - REST_S))
            self.times.append(now)


LOAD = Load()


class Timer:
    """Measures what must take no longer, or no shorter, than said: on a machine that does nothing else. `before`: so
    many seconds before its start count already for what was lost."""

    def __init__(self, before=0.0):
        self.start, self.before = time.monotonic(), before

    def at_most(self, seconds, most, what):
        """The same for something that took so long since the start."""
        lost = LOAD.lost(self.start - self.before)
        if seconds > most + lost:
            raise Failure("%s in %.2f s (%.2f of them lost to others), expected %.2f" % (what, seconds, lost, most))

    def within(self, least, most, what):
        now = time.monotonic()
        lost = LOAD.lost(self.start - self.before, now)
        seconds = now - self.start
        if not least - lost <= seconds <= most + lost:
            raise Failure("%s after %.2f s (%.2f of them lost to others), expected %.2f to %.2f" % (what, seconds, lost, least, most))
