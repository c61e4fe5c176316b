"""How likely a round-trip translation produced each paragraph.

The garbled part of a spun article is contiguous: usually the first half, with a seam where the untouched original goes on. So the score of
a paragraph is its posterior probability in a chain of two states (garbled, untouched), computed by the forward-backward algorithm
(Rabiner 1989) from the evidence in every paragraph, with rare switches between the states. A paragraph without evidence of its own
takes its score from its neighbours; a single odd spelling in a clean article stays below one half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: Natural-log odds that an article begins garbled, before any evidence is seen.
PRIOR = -3.0
#: Probability that the text turns garbled, or untouched again, between two paragraphs. Most articles are clean from end to end.
TURNS_GARBLED = 0.003
TURNS_UNTOUCHED = 0.06
#: The same at a seam, where the original usually goes on.
GARBLED_AT_SEAM = 0.3
UNTOUCHED_AT_SEAM = 0.95
#: Behind the rest of the sentence that was cut, the text may turn garbled again: only that rest was left as it was.
GARBLED_BEHIND_REST = 0.08
#: The same between two paragraphs that write their commas alike, where the article writes them in two ways: a translator writes them all
#: in one.
TURNS_IN_STYLE = (0.001, 0.01)
#: A garbled paragraph rarely shows nothing: log odds a character against it.
SILENCE = -0.004
MAX_PARAGRAPH_EVIDENCE = 6.0


def scores(evidence: Sequence[float], lengths: Sequence[int], seams: Sequence[bool], styles: Sequence[str] | None = None) -> list[float]:
    """Garble scores, 0..1, of paragraphs in order.

    `evidence` is the sum of log odds of what was found in each (positive: garbled), `lengths` their characters, `seams[i]` whether a cut
    was found between paragraph i and the next one. `styles` says how each writes its commas ("" where it has none).

    >>> [round(s) for s in scores([6, 0, 3, -3, -1.5], [100] * 5, [False, False, True, False, False])]
    [1, 1, 1, 0, 0]
    >>> [round(s) for s in scores([0, 1, 6, -3], [100] * 4, [False, True, False], [",", ",", ",", "，"])]
    [1, 1, 1, 0]
    """
    n = len(evidence)
    if not n:
        return []
    emit = [
        _clip(e if e else SILENCE * length, MAX_PARAGRAPH_EVIDENCE) for e, length in zip(evidence, lengths, strict=True)
    ]  # log odds garbled : untouched
    turns = [
        (GARBLED_AT_SEAM, UNTOUCHED_AT_SEAM) if seam else (GARBLED_BEHIND_REST if behind_rest else TURNS_GARBLED, TURNS_UNTOUCHED)
        for seam, behind_rest in zip(seams, (False, *seams), strict=False)
    ]
    known = [style for style in styles or () if style]
    if styles and len(set(known)) > 1:
        at_seam = (GARBLED_AT_SEAM, UNTOUCHED_AT_SEAM)
        turns = [
            turn if not (a and b) else TURNS_IN_STYLE if a == b else at_seam for turn, a, b in zip(turns, styles, styles[1:], strict=False)
        ]
    garbled = 1 / (1 + math.exp(-PRIOR))
    state = (garbled, 1 - garbled)
    forward: list[tuple[float, float]] = []
    for i in range(n):
        if i:
            worse, better = turns[i - 1]
            state = (state[0] * (1 - better) + state[1] * worse, state[1] * (1 - worse) + state[0] * better)
        state = _normal(state[0] * math.exp(emit[i]), state[1])
        forward.append(state)
    result = [0.0] * n
    back = (1.0, 1.0)
    for i in range(n - 1, -1, -1):
        result[i] = _normal(forward[i][0] * back[0], forward[i][1] * back[1])[0]
        if i:
            worse, better = turns[i - 1]
            seen = (back[0] * math.exp(emit[i]), back[1])
            back = _normal(seen[0] * (1 - better) + seen[1] * better, seen[1] * (1 - worse) + seen[0] * worse)
    return result


def _clip(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))


def _normal(a: float, b: float) -> tuple[float, float]:
    return a / (a + b), b / (a + b)
