"""What stages that make pairs say about how far they are."""

import time


class Progress:
    """Counts pairs of `count`, of which `first` were there before."""

    def __init__(self, count: int, first: int = 0) -> None:
        self._count, self._first, self._started = count, first, time.time()

    def pauses(self, index: int) -> bool:
        """Whether to say something and to write down what was made: after every 25 pairs and after the last."""
        return index % 25 == 24 or index + 1 == self._count

    def line(self, index: int) -> str:
        """After pair `index`."""
        seconds = (time.time() - self._started) / max(1, index + 1 - self._first)
        return f"{index + 1} of {self._count} pairs, {seconds:.2f} s each"
