"""Who and what an article is about: mentions with canonical names, linked to the reference data.

`extract` is the step of the pipeline. Its stages, each a module:

    lexicon         the reference data, compiled: one automaton for all known spellings
    words           the words of the article and what each may do in a name
    gazetteer       known spellings in the text
    ambiguity       is it the brand or the word?
    rules           names that the reference data lacks: one pass over the words; `organizations`, `persons`, `places`, `titles`, and over
                    the characters `marks` and `latin`
    spans           the choice among overlapping candidates
    naming          one name and one id an entity

A back end of one's own takes the place of the rules: any object with `mentions(sentences) -> list[Mention]`. `crf` is one; a transformer
model of the transformers library is another:

    class TransformerRecognizer:
        def __init__(self, model: str) -> None:
            self._model = pipeline("token-classification", model, aggregation_strategy="simple")

        def mentions(self, sentences: Sequence[Sentence]) -> list[Mention]:
            return [
                Mention(s.start + m["start"], s.start + m["end"], m["word"], "", m["word"], KINDS[m["entity_group"]], "model", m["score"])
                for s in sentences
                for m in self._model(s.text)
            ]

    extract(clean, sentences, reference, recognizer=TransformerRecognizer("..."))
"""

from __future__ import annotations

from transforms.entities.recognition import Recognizer, extract

__all__ = ["Recognizer", "extract"]
