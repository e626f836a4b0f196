"""Bounded reading and writing of CSV and XLSX."""
