"""What a power cut may leave: every sequence of answers for a few open changes, a seeded sample for many."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .inode import Choose


class _Replay:
    """Repeats given answers and says no to everything after them, keeping a record of what was asked."""

    __slots__ = ("answers", "asked")

    def __init__(self, answers: tuple[bool, ...]) -> None:
        self.answers = answers
        self.asked: list[bool] = []

    def __call__(self) -> bool:
        position = len(self.asked)
        answer = self.answers[position] if position < len(self.answers) else False
        self.asked.append(answer)
        return answer


def every_choice(limit: int = 100_000) -> Iterator[Choose]:
    """Yield one chooser per possible outcome; each must be used up (one power cut) before the next is taken.

    Args:
        limit: number of outcomes after which the set is called too big.

    Raises:
        ValueError: there are more outcomes than `limit`.
    """
    answers: tuple[bool, ...] | None = ()
    for _ in range(limit):
        chooser = _Replay(answers or ())
        yield chooser
        answers = _next(chooser.asked)
        if answers is None:
            return
    raise ValueError(f"more than {limit} outcomes: sample them instead")


def sampled_choices(seed: int, count: int) -> Iterator[Choose]:
    """Yield nothing-reached-the-disk, everything-did, and then random outcomes, `count` in all."""
    extremes: tuple[Choose, ...] = (lambda: False, lambda: True)
    yield from extremes[:count]
    for number in range(count - len(extremes)):
        # not a secret: outcomes must be the same on every run
        source = random.Random(f"{seed}/{number}")  # noqa: S311
        yield lambda source=source: bool(source.getrandbits(1))  # type: ignore[misc]


def _next(asked: list[bool]) -> tuple[bool, ...] | None:
    for position in range(len(asked) - 1, -1, -1):
        if not asked[position]:
            return (*asked[:position], True)
    return None
