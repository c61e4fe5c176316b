"""What the article says, as rows: subject, metric, value, unit, period, status, cohort, source.

Composition, not pattern matching: `view` lays a sentence out in order, `binding` ties every number to the metric it measures, `subjects`
finds what the figure is about, `periods` when, `status` whether it is so already, `sources` who said so. Each step is a small function
with named rules; `explain` tells which rules made a fact.
"""

from transforms.facts.extraction import explain, extract
from transforms.facts.view import views

__all__ = ["explain", "extract", "views"]
