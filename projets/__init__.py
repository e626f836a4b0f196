"""Projet: France Relance projects, their amounts and versions."""
