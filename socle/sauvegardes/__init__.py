"""Copies, restores, the lock of whoever uses the database."""
