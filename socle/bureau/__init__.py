"""Pieces of the desk that know no type of record; any admin may use them."""
