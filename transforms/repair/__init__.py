"""Undo what a round trip through English did to a text, with evidence for every edit.

`spelling` finds names in Latin or half-translated spelling, `calques` terms of art that came back as other words, `figures` amounts
whose currency another sentence contradicts, `doubling` words that stand twice, `stitching` paragraphs cut in two; `evidence` weighs all
of it into the garble score of every paragraph. Nothing is applied outside the garbled part of an article, and what is not certain is only
suggested.
"""
