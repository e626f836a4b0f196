"""The whole site beside Datasette on the same rows: `make bench`. How to run it: bench/README.md."""
