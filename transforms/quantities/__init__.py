"""Quantities: what the numerals of a text count, cost or measure."""

from transforms.quantities.extraction import extract

__all__ = ["extract"]
