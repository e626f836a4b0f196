"""A page about the site."""

from django.shortcuts import render

from fiches.prose import linker
from pages.calculs import CALCULS
from pages.models import Page
from pages.texte import render as render_text


def page(request, cle):
    page = Page.objects.shown(cle)
    calculs = {nom: calcul.html for nom, calcul in CALCULS.get(cle, {}).items()}
    texte = render_text(page.texte, calculs, linker(request.path))
    context = {"page": page, "texte": texte, "enregistree": not page._state.adding}
    return render(request, "pages/page.html", context)
