from django.db import models


class Indexe(models.Model):
    """What the search knows of one public record, as stems joined by spaces. Written by index.py alone.

    The database derives its full-text index from these rows and keeps it true (second migration): an FTS5 table
    `recherche_fts` with triggers on SQLite, the columns `vecteur` and `vecteur_tete` on PostgreSQL. Two consequences:
    on SQLite rows are never written with INSERT OR REPLACE, which fires no DELETE trigger, and a migration that alters
    this table, hence rebuilds it, has to create the triggers again.
    """

    entree = models.OneToOneField(
        "fiches.Entree", on_delete=models.CASCADE, primary_key=True, related_name="indexe", verbose_name="entrée"
    )
    tete = models.TextField("titre, lieu et thèmes")
    corps = models.TextField("texte")

    class Meta:
        verbose_name = "texte indexé"
        verbose_name_plural = "textes indexés"

    def __str__(self):
        return str(self.pk)
