"""The pages about the site."""

from django.shortcuts import render

from labacces.pages.calculs import CALCULS
from labacces.pages.models import Page
from labacces.pages.operateur import faits
from labacces.pages.texte import render as render_text
from socle.francais.prose import linker


def page(request, cle):
    page = Page.objects.shown(cle)
    calculs = {nom: calcul.html for nom, calcul in CALCULS.get(cle, {}).items()}
    texte = render_text(page.texte, calculs, linker(request.path), faits() if "{" in page.texte else {})
    context = {"page": page, "texte": texte, "enregistree": not page._state.adding}
    return render(request, "pages/page.html", context)
