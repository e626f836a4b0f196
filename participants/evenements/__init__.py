"""Evenement: the agenda and its calendar files."""
