"""Pages of the roof: home."""

from django.db.models import Count
from django.shortcuts import render

from fiches import registre
from fiches.models import Entree


def home(request):
    """Search first, then one door per record type with its live count, then what is new."""
    counts = dict(
        Entree.objects.published().values_list("type").order_by().annotate(n=Count("pk")).values_list("type", "n")
    )
    types = registre.types()
    context = {
        "portes": [(declaration, counts.get(declaration.cle, 0)) for declaration in types],
        "parties": [
            declaration.accueil() for declaration in types if declaration.accueil and counts.get(declaration.cle)
        ],
    }
    return render(request, "home.html", context)
