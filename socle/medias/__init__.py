"""Uploaded files: checked, kept, served."""
