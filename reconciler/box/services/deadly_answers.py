"""Which answers of the authority end the manager of a branch, which asks at its start while a certificate is due.

Nothing there catches what the code does not expect. The ages of one branch differ and cannot be told apart from here,
so an answer is in a row only where every age of it dies of it, or the common one does.
"""

from __future__ import annotations

from typing import Final

from ...authority import Answer
from ...model.generation import Generation
from ...model.observed import Layout

_ALWAYS: Final = frozenset({Answer.NOT_AN_OBJECT})
_OLDEST: Final = _ALWAYS | {Answer.NOT_JSON, Answer.SERVER_ERROR, Answer.REFUSED, Answer.EMPTY_PAIR}
_LATER: Final = _ALWAYS | {Answer.NOT_JSON, Answer.NO_RESULT, Answer.EMPTY_PAIR}
_BY_BRANCH: Final = {"15.0": _OLDEST, "16.0": _LATER, "18.0": _LATER}
_BY_GENERATION: Final = {
    Generation.FLAT: _ALWAYS | {Answer.NOT_JSON},
    Generation.CACHED: _LATER | {Answer.SERVER_ERROR},
    Generation.NEWEST: _ALWAYS | {Answer.NO_RESULT},
}


def is_deadly(answer: Answer | None, layout: Layout) -> bool:
    """Tell whether the vendor's program on this box loses its manager when it gets such an answer at its start."""
    return answer in _BY_BRANCH.get(layout.branch or "", _BY_GENERATION[layout.generation])
