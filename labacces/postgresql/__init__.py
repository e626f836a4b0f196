"""Django's PostgreSQL, with a deadline of our own for readers (ENGINE of the settings)."""
