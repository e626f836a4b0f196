"""How to cite a record, in a sentence and in BibTeX, dated today."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from fiches.models import Fiche
from socle.francais.typographie import bas_de_casse, fr
from socle.francais.wording import jour_en_lettres
from socle.vues import licence

# BibTeX counts braces, also behind a backslash: a brace in a title becomes a command.
_BIBTEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


@dataclass(frozen=True)
class Citation:
    texte: str
    bibtex: str


def citation(fiche: Fiche) -> Citation:
    """A citation has the author if known, the title, the lasting address, today's date, the licence if any."""
    today = timezone.localdate()
    address = f"{settings.SITE_URL}{fiche.adresse_permanente}"
    porteur = bas_de_casse(" ".join(fiche.porteur_affiche.split()), noms=True)
    titre = bas_de_casse(" ".join(fiche.titre_affiche.split()))
    seen, under = f"consultée le {jour_en_lettres(today)}", licence.chosen().nom
    pieces = [porteur, f"« {titre} »", f"LabAccès, fiche {fiche.pk}", address, seen]
    fields = {
        "author": f'"{{{_escaped(porteur)}}}"' if porteur else "",  # one name for BibTeX, not first and last
        "title": f'"{{{_escaped(titre)}}}"',
        "howpublished": f'"LabAccès, fiche {fiche.pk}"',
        "year": str(timezone.localdate(fiche.publiee_le).year) if fiche.datee and fiche.publiee_le else "",
        "url": f'"{address}"',
        "urldate": f'"{today}"',
        "note": f'"{", ".join(filter(None, (seen, _escaped(under))))}"',
    }
    lines = [f"  {name} = {value}" for name, value in fields.items() if value]
    return Citation(
        fr(", ".join(filter(None, pieces)) + (f". {under.rstrip('.')}." if under else ".")),
        "\n".join([f"@misc{{labacces{fiche.pk},", ",\n".join(lines), "}"]),
    )


def _escaped(text: str) -> str:
    return text.translate(_BIBTEX)
