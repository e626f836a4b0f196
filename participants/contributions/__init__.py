"""What visitors propose for the records, and what is decided of it."""
