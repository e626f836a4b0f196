"""What the site says of itself to machines: robots, its map, its data catalogue, heads of pages, embedded lists."""
