"""Entree: one directory and one space of identifiers for all records; old slugs."""
