"""Inscription: registrations for events, with seats, waiting list and mails. Never public."""
