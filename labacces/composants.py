"""/composants/: each component of public pages in each state, with the site's records. In DEBUG only."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import slugify

from fiches import registre
from fiches.acces import admin_url
from fiches.models import Fiche
from fiches.suivi.comparaison import Difference
from labacces.views import Carton
from socle.annuaire.models import Entree
from socle.catalogue.pistes import Piste
from socle.catalogue.selection import Selection
from socle.formulaires.champs import AccessibleMixin, CourrielField, OuiNonField, TexteField
from socle.formulaires.protection import FormulaireProtege, LienForm
from socle.territoires.cartes import around
from socle.territoires.models import Commune
from socle.vues.chiffres import PageDeChiffres
from socle.vues.dessin import carte_de, empty
from socle.vues.graphes import distribution
from socle.vues.integrer import code_de_liste
from socle.vues.situation import MONTANT, NOMBRE, Situation
from socle.vues.templatetags.vues import choix_a_comparer

# An address for each state of a list.
DEMANDES = {
    "sans critère": "",
    "avec des critères": "departement=56&departement=22&montant_max=20000",
    "avec des mots": "q=portail",
    "mal comprise": "departement=zz&montant_min=beaucoup&inconnu=1",
    "sans réponse": "q=xyzzyx&departement=29",
}


def composants(request):
    """The gallery: a section for each component, an example for each state."""
    groupes: dict[str, list] = {}
    for gabarit, etat, contexte in etats(request):
        html = render_to_string(gabarit, contexte, request)
        groupes.setdefault(gabarit, []).append((etat, html))
    sections = [(gabarit, slugify(gabarit.replace("/", " ")), exemples) for gabarit, exemples in groupes.items()]
    return render(request, "composants.html", {"sections": sections})


def etats(request) -> Iterator[tuple[str, str, dict]]:
    """(template, state, context) of each example."""
    for gabarit in ("marque", "icones"):
        yield f"components/{gabarit}.html", "", {}
    yield from _of_home()
    yield "evenements/_date.html", "premier du mois", {"jour": date(2024, 3, 1)}
    yield "evenements/_date.html", "autre jour", {"jour": date(2024, 11, 15)}
    yield "evenements/_date.html", "pas encore fixée", {"jour": None}
    yield from _of_forms()
    yield from _of_lists(registre.get("projet"))
    for etat, qui_lit in {
        "l’équipe seule": [],
        "deux personnes": ["Directrice", "la personne référente de cette fiche"],
    }.items():
        yield "components/qui_lira.html", etat, {"qui_lit": qui_lit}
    partage = {"titre": "Un titre", "description": "Une phrase.", "adresse": f"{settings.SITE_URL}/"}
    yield "components/partage.html", "", partage
    for declaration in registre.types():
        yield "components/fil.html", f"liste : {declaration.nom}", {"declaration": declaration}
        yield from _of_type(declaration, request)


def _of_home() -> Iterator[tuple[str, str, dict]]:
    yield "components/portes.html", "", {"portes": [(one, number) for number, one in enumerate(registre.types())]}
    last = Entree.objects.published().order_by("-pk")[:1]
    shown = [Carton(registre.get(one.type), "Dernière venue", one, one.titre, one.lieu, 3) for one in last]
    yield "components/cartons.html", "", {"cartons": shown}
    yield "components/logos.html", "aucun", {"logos": []}
    yield "components/logos.html", "deux", {"logos": [("absent.svg", "Région Bretagne"), ("absent.png", "Ville")]}
    words = {"titre": "Carte", "teintes": "Montant", "montant": True}
    yield "components/carte.html", "vide", words | {"carte": empty()}
    for montrer in (NOMBRE, MONTANT):
        drawn = Situation(_selection(registre.get("projet"), ""), montrer)
        lines = {"lignes": drawn.departements[:3]}
        yield "components/carte.html", montrer, words | lines | {"carte": carte_de(drawn)}
    lines |= {"titre": "Par département", "montant": True, "liens": drawn.departements[3:]}
    yield "components/carte_tableau.html", "", lines
    brest = Commune(code="29019", nom="Brest", departement_id="29", latitude=48.39, longitude=-4.49)
    yield "components/carte_lieu.html", "", {"lieu": around(brest, 20), "commune": brest, "liste": "/projets/"}


class _Exemple(AccessibleMixin, FormulaireProtege):
    """A form with one field of each look."""

    ligne = CourrielField(label="adresse électronique", help_text="Exemple : prenom.nom@exemple.bzh.")
    texte = TexteField(label="une remarque ?", required=False, max_length=2)
    choix = OuiNonField(label="serez-vous là ?")
    accord = forms.BooleanField(label="J’accepte")


def _of_forms() -> Iterator[tuple[str, str, dict]]:
    faulty = QueryDict("ligne=nolwenn&texte=trop+long")
    for etat, form in {"vide": _Exemple(), "en erreur": _Exemple(faulty, auto_id="faux_%s")}.items():
        form.is_valid()
        for name in ("ligne", "texte", "choix", "accord"):
            yield "components/champ.html", f"{name}, {etat}", {"champ": form[name]}
        yield "components/accord.html", etat, {"champ": form["accord"], "notice": "Pour vous répondre."}
        yield "components/protection.html", etat, {"form": form}
    form = _Exemple(faulty, auto_id="messages_%s")
    form.is_valid()
    yield "components/champ_messages.html", "en erreur", {"champ": form["ligne"]}
    yield "components/erreurs.html", "deux sortes", {"form": form, "quoi": "Votre inscription"}
    sent = {"effet": "confirme votre fiche.", "puis": "Vous avez un jour."}
    yield "components/courriel_part.html", "sans lien", sent
    yield "components/courriel_part.html", "avec liens", sent | {"encore": "?", "lien": "?"}
    link = {"quoi": "inscription", "pour": "la voir ou l’annuler"}
    yield "components/nouveau_lien.html", "vide", link | {"form": LienForm(usage="exemple", auto_id="lien_%s")}
    yield "components/nouveau_lien.html", "envoyée", link | {"envoye": True}


def _selection(declaration, query: str) -> Selection:
    return Selection(declaration, QueryDict(query))


def _of_lists(declaration) -> Iterator[tuple[str, str, dict]]:
    liens = [("5 projets", "/projets/?theme=portail-famille"), ("2 enquêtes", "/indemnisation/?theme=portail-famille")]
    yield "components/piste.html", "vers deux listes", {"piste": Piste("Thème", "Portail famille", 1, liens)}
    for etat, query in DEMANDES.items():
        selection = _selection(declaration, query)
        contexte = {"selection": selection, "declaration": declaration}
        yield "components/chips.html", etat, contexte
        yield "components/messages_liste.html", etat, contexte
        yield "components/bilan.html", etat, {"selection": selection, "phrase": selection.phrase()}
        yield "components/note_recherche.html", etat, {"selection": selection}
        yield "components/champ_filtre.html", etat, {"champ": selection.form["montant_min"]}
        yield "components/filtres.html", etat, contexte | {"adresse": "/projets/", "q": True}
        yield "components/emporter.html", etat, contexte | {"adresse": "/projets/"}
        yield "components/onglets.html", etat, contexte
        yield "components/flux.html", etat, contexte
        code = {"id": f"code-{slugify(etat)}", "label": "Code de cette liste", "code": code_de_liste(selection).code}
        yield "components/code.html", etat, code
        yield "components/tri.html", etat, contexte | {"adresse": "/projets/"}
        yield from _of_figures(selection, etat)
        for groupe in selection.groupes():
            yield "components/groupe_filtres.html", f"{groupe.titre}, {etat}", contexte | {"groupe": groupe}
        if not selection.total:
            yield "components/vide.html", etat, contexte
    selection = _selection(declaration, "")
    yield "components/messages_liste.html", "page inconnue", {"selection": selection, "page_inconnue": True}
    pages = Paginator([SimpleNamespace(pk=number) for number in range(300)], 10)
    for number in (1, 15, 30):
        numeros = pages.get_elided_page_range(number, on_each_side=2, on_ends=1)
        contexte = {"selection": selection, "page": pages.page(number), "numeros": numeros}
        yield "components/pages.html", f"page {number} sur 30", contexte
        yield "components/pages.html", f"page {number} sur 30, où l’on coche", contexte | {"form": "comparaison"}
    empty = Paginator([], 10).page(1)
    for etat, query in {"rien de choisi": "", "une choisie": "fiche=1", "deux choisies": "fiche=1&fiche=2"}.items():
        selection = _selection(declaration, query)
        contexte = {"selection": selection, "page": empty, "choix": choix_a_comparer(selection, empty)}
        yield "components/panier.html", etat, contexte


def _of_figures(selection: Selection, etat: str) -> Iterator[tuple[str, str, dict]]:
    page = PageDeChiffres(selection)
    yield "components/montants.html", etat, page.montants_affiches()
    if drawn := distribution(page.chiffres):
        yield "components/distribution.html", etat, {"distribution": drawn}
    for graphe in page.graphes():
        yield "components/barres.html", f"{graphe.titre}, {etat}", {"graphe": graphe}


def _of_type(declaration, request) -> Iterator[tuple[str, str, dict]]:
    fiches = list(declaration.model.objects.published()[:200])
    if not fiches:
        return
    for etat, fiche in _extremes(fiches).items():
        yield "components/fil.html", f"{declaration.nom}, {etat}", {"declaration": declaration, "fiche": fiche.titre}
        searched = _selection(declaration, f"q={fiche.titre.split()[0]}")
        for gabarit in dict.fromkeys(("catalogue/_carte.html", declaration.carte)):
            yield gabarit, f"{declaration.nom}, {etat}", {"fiche": fiche, "level": 3}
        yield (
            declaration.carte,
            f"{declaration.nom}, {etat}, cherchée",
            {"fiche": fiche, "level": 3, "selection": searched},
        )
        yield "components/mise_a_jour.html", f"{declaration.nom}, {etat}", {"fiche": fiche}
        yield "components/source.html", f"{declaration.nom}, {etat}", {"fiche": fiche, "site_url": settings.SITE_URL}
        yield "components/citer.html", f"{declaration.nom}, {etat}", {"fiche": fiche}
        contexte = {"fiche": fiche, "ecrire": "/contacter/1/", "annuaire": "https://lannuaire.service-public.fr/"}
        yield "components/ecrire.html", f"{declaration.nom}, {etat}", contexte
        contexte = {"fiche": fiche, "selection": searched, "site_url": settings.SITE_URL, "lire": True}
        for gabarit in declaration.pieces:
            yield gabarit, etat, contexte
    contexte = {
        "fiche": fiches[0],
        "declaration": declaration,
        "ecrire": "/contacter/1/",
        "corriger": "/contribuer/corriger/1/",
        "admin_url": admin_url(declaration.model, "change", fiches[0].pk),
        "verification": admin_url(declaration.model, "verifier", fiches[0].pk),
    }
    yield "components/apercu.html", declaration.nom, contexte
    yield "components/actions.html", declaration.nom, contexte | {"user": request.user, "site_url": settings.SITE_URL}
    near = [{"fiche": one, "carte": declaration.carte, "raison": "même thème, 12 km"} for one in fiches[:2]]
    yield "catalogue/_proches.html", declaration.nom, {"proches": near}
    said = Difference("titre", "titre", "Un portail des familles", "Le portail famille")
    yield "components/differences.html", declaration.nom, {"differences": [said], "level": 3}
    if declaration.accueil:
        gabarit, contexte = declaration.accueil()
        for partie in ("carte", "suite", "chiffres"):
            yield gabarit, partie, {"partie": partie, "contexte": contexte}


def _extremes(fiches: list[Fiche]) -> dict[str, Fiche]:
    """The record with the longest title, and the one with the least text."""
    longest = max(fiches, key=lambda fiche: len(fiche.titre))
    barest = min(fiches, key=lambda fiche: (len(fiche.lieu_affiche), len(fiche.texte_affiche), fiche.pk))
    return {"titre long": longest} | ({"presque vide": barest} if barest is not longest else {})
