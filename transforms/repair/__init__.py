"""Undo what a round trip through English did to a text, with evidence for every edit.

`candidates` is what the detectors read and hand over: `spelling` finds names in Latin or half-translated spelling and `names` those that no
reference row knows (both look into the `lexicon`; `brands` tells an ambiguous name from the plain word), `calques` terms of art that came
back as other words, `figures` amounts whose currency another sentence contradicts, `doubling` words that stand twice, `stitching`
paragraphs cut in two. `glosses` and `terms` simulate the round trip with a `dictionary`: names and terms translated word by word, and
`halves` names of which one half stayed Latin. `evidence` weighs all of it into the garble score of every paragraph, `contrast` settles
what is in doubt where the untouched part of the article has the right spelling, and the `engine` decides. Nothing is applied outside the
garbled part, and what is not certain is only suggested.
"""
