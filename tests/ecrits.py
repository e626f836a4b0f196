from socle.vie_privee.mentions import MASQUE_DE, Genre
from socle.vie_privee.models import TexteIntegral

NOM_MASQUE, TELEPHONE_MASQUE = MASQUE_DE[Genre.PERSONNE], MASQUE_DE[Genre.TELEPHONE]
ADRESSE_MASQUEE = MASQUE_DE[Genre.COURRIEL]


def as_written(row) -> dict[str, str]:
    """{field: text as written} of a row's texts from which words were removed."""
    rows = TexteIntegral.objects.filter(modele=row._meta.label, cle=row.pk)
    return dict(rows.values_list("champ", "texte"))
