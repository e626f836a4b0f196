"""What is kept of texts out of which something was taken, for tests."""

from socle.vie_privee.models import TexteIntegral


def as_written(row) -> dict[str, str]:
    """{field: text as written} of the texts of a row of which something was taken out."""
    rows = TexteIntegral.objects.filter(modele=row._meta.label, cle=row.pk)
    return dict(rows.values_list("champ", "texte"))
