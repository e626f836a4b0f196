"""Mails to people who asked to be told of news in a list, under its filters."""
