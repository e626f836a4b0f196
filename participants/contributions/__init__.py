"""What visitors propose for the records, and what the team decides on it."""
