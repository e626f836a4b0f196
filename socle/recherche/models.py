from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from socle.journal.writing import inscrire, watch
from socle.recherche.analyse import stems


class Indexe(models.Model):
    """The stems of one public record, joined by spaces. Only index.py writes it.

    The database derives its full-text index from these rows (migrations): on SQLite an FTS5 table `recherche_fts` with
    triggers, on PostgreSQL generated columns `vecteur…`. Hence two rules. On SQLite, no INSERT OR REPLACE, which fires
    no DELETE trigger. A migration that alters this table rebuilds it and must create the triggers again.
    """

    entree = models.OneToOneField(
        "annuaire.Entree", on_delete=models.CASCADE, primary_key=True, related_name="indexe", verbose_name="entrée"
    )
    tete = models.TextField("titre, lieu et thèmes")
    corps = models.TextField("texte")
    reperes = models.TextField("ce qui classe, dans l’en-tête", default="")
    marques = models.TextField("ce qui classe, partout", default="")
    longueur = models.PositiveSmallIntegerField("mots du titre", default=0)

    class Meta:
        verbose_name = "texte indexé"
        verbose_name_plural = "textes indexés"

    def __str__(self):
        return str(self.pk)


class Mot(models.Model):
    """A word that some public record holds: its form (analyse.py) and one spelling.

    For completion and « vouliez-vous dire ». index.py adds it, and deletes it with its last record.
    """

    forme = models.CharField(max_length=60, primary_key=True)
    ecrit = models.CharField("écrit", max_length=60)

    class Meta:
        verbose_name = "mot des fiches"
        verbose_name_plural = "mots des fiches"

    def __str__(self):
        return self.ecrit


class Synonymes(models.Model):
    """Words and expressions that the search treats as the same. Editors write them; synonymes.py reads them."""

    mots = models.TextField(
        "mots",
        help_text="Un mot, un sigle ou une expression par ligne, deux au moins. Accents, majuscules et pluriels sont "
        "indifférents.",
    )
    sens_unique = models.BooleanField(
        "à sens unique",
        default=False,
        help_text="Le premier mot trouve aussi les fiches qui parlent des autres, mais pas l’inverse. Par exemple "
        "« illectronisme » trouve « inclusion numérique », dont le sens est plus large.",
    )
    modifiee_le = models.DateTimeField("modifiés le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "groupe de synonymes"
        verbose_name_plural = "synonymes"
        ordering = ["mots", "pk"]

    def __str__(self):
        return (" → " if self.sens_unique else " = ").join(self.lignes[:4]) + (" …" if len(self.lignes) > 4 else "")

    @property
    def lignes(self) -> list[str]:
        return list(dict.fromkeys(line for line in map(str.strip, self.mots.splitlines()) if line))

    def clean(self):
        super().clean()
        empty = [line for line in self.lignes if not stems(line)]
        if empty:
            raise ValidationError({"mots": f"« {empty[0]} » n’a aucun mot que la recherche retienne : retirez-le."})
        if len({tuple(stems(line)) for line in self.lignes}) < 2:
            raise ValidationError(
                {"mots": "Écrivez au moins deux mots différents, un par ligne. Un pluriel n’y suffit pas."}
            )

    def save(self, *args, **kwargs):
        self.mots = "\n".join(self.lignes)
        self.modifiee_le = timezone.now()
        super().save(*args, **kwargs)


watch(Synonymes, lambda row, gone: inscrire("synonymes"))
