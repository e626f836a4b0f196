"""People who take part or write to us: each room has its own permissions and retention."""
