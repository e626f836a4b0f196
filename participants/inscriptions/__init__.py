"""Inscription: seats, waiting list, mails and desk of an event. Never public."""
