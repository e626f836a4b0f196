"""Ressource: documents and links."""
