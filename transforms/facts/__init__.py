"""What the article says, as rows: subject, metric, value, unit, period, status, cohort, source.

Composition, not pattern matching: `view` lays a sentence out in order, `binding` ties every number to the metric it measures, `subjects`
finds what the figure is about, `periods` when, `sources` who said so. Each step is a small function with stated rules.
"""

from transforms.facts.extraction import extract

__all__ = ["extract"]
