"""Terme, as the rest of the site knows it."""

from django.conf import settings

from fiches import registre
from fiches.demo import load, save_demo
from fiches.glossaire.liens import linker
from fiches.glossaire.models import Terme
from fiches.glossaire.views import TermeDetailView, TermeListView
from socle.medias.depot import IMAGES_SEULES

DATE = "2022-09-06"  # one day for all demo words: none of them is news


def nouvelle() -> registre.EnVue | None:
    """The last changed word with a definition: others do not show what the glossary is for."""
    last = Terme.objects.published().exclude(definition="").order_by("-datee", "-modifiee_le", "-pk").first()
    return last and registre.EnVue("Terme", last)


def load_termes() -> int:
    rows = load("termes")
    for row in rows:
        row |= {"titre": row.pop("mot"), "variantes": "\n".join(row["variantes"]), "date": DATE}
        save_demo(Terme, row)
    return len(rows)


def schema(terme: Terme) -> dict:
    """A word of the glossary, and other words for it."""
    return {
        "@type": "DefinedTerm",
        "description": terme.definition,
        "alternateName": terme.variantes_affichees,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": "Glossaire de l’accès aux droits",
            "url": f"{settings.SITE_URL}{registre.get('terme').lien}",
        },
    }


ROOM = registre.TypeDeFiche(
    model=Terme,
    liste=TermeListView,
    page=TermeDetailView,
    titre="Glossaire",
    accroche="Des mots pour se comprendre entre métiers de l’accueil.",
    feminin=False,
    schema=schema,
    demo=load_termes,
    nouvelle=nouvelle,
    inachevees=("etat", "a-definir"),
    achevee="a reçu sa définition",
    attendus={
        "definition": "sans définition",
        "references": "sans référence",
    },
    relecture=24,
    joints=IMAGES_SEULES,
    lie=linker,
)
