"""Mails to who asked to be told of what is new in a list, under its filters."""
