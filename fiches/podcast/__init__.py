"""Episode: recordings and what is said in them."""
