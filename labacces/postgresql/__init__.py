"""Django's PostgreSQL back-end with time limits for readers (ENGINE of the settings)."""
