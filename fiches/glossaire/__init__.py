"""Terme: words, their variants, their links in other texts."""
