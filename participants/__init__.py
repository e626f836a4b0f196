"""People who take part or write to us."""
