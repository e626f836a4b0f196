"""Pieces of the desk that know no record."""
