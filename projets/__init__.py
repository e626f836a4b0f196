"""Projet: France Relance sheets, their amounts and versions."""
