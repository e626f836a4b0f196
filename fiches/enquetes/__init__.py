"""Enquete: surveys on paying people who take part."""
