"""Entree: one directory and one series of identifiers for all records. Rows about any record point here."""
