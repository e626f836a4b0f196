"""Copies of the site and their restoration; the lock shared by every process that uses the database."""
