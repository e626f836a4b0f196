"""Folding, typography, prose, plurals, numbers and days in words, a field and its words. No model."""
