"""Measures the whole site beside Datasette on the same rows: `make bench`. See bench/README.md."""
