"""What a process remembers of the data, and for how long: their versions, answers held, ETags."""
