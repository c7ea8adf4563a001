"""What the votes of a committee leave open to the one who concludes.

More than half of the votes for one outcome bind; where more than half want a change
without agreeing how far, a refusal is out; otherwise the chair decides.

>>> sorted(open_outcomes(["refused", "refused", "accepted"]))
['refused']
>>> sorted(open_outcomes(["accepted", "partly", "refused"]))
['accepted', 'partly']
>>> sorted(open_outcomes(["accepted", "refused"]))
['accepted', 'partly', 'refused']
>>> needed(quorum=1, size=1), needed(quorum=1, size=5), needed(quorum=3, size=4)
(1, 3, 3)
"""

from collections import Counter
from collections.abc import Sequence

CHANGES = frozenset({"accepted", "partly"})
OUTCOMES = CHANGES | {"refused"}


def needed(quorum: int, size: int) -> int:
    """Return how many of ``size`` people have to vote: the quorum, and over half."""
    return max(quorum, size // 2 + 1)


def open_outcomes(votes: Sequence[str]) -> frozenset[str]:
    """Return the outcomes that the votes allow."""
    for outcome, count in Counter(votes).items():
        if 2 * count > len(votes):
            return frozenset({outcome})
    if 2 * sum(vote in CHANGES for vote in votes) > len(votes):
        return CHANGES
    return OUTCOMES
