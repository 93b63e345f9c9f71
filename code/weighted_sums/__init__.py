"""The code of the book *Weighted Sums*: a module for each idea, imported by the chapters."""

__version__ = "0.1.0"
