"""Names pages from the code, so that no new public address, type or model of the desk escapes.

`PUBLIQUES` and `BUREAU` are names: of a route, or of a state of a page (`ETATS`). `addresses()` gives their addresses
on the site, which holds the demo data.
"""

import re
from datetime import timedelta

from django.contrib import admin
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone

from fiches import registre
from fiches.attached import Contact
from fiches.choice_lists import Choix
from participants.alertes import courriels as suivre
from participants.alertes.models import Alerte
from participants.contacter import courriels as contacter
from participants.contributions import courriels as contribuer
from participants.contributions.models import Contribution, FicheEnCours
from participants.evenements.models import Evenement, Question
from participants.explorations import courriels as explorer
from participants.explorations.models import Exploration
from participants.inscriptions import annonces, courriels, places
from participants.inscriptions.models import Inscription
from socle.annuaire.models import Entree
from socle.courrier import liens
from tests.addresses import patterns

# Routes that give a reader no page: files, redirections, previews.
SANS_PAGE = {"csv", "comparer-csv", "chiffres-csv", "media", "logo", "permalink", "ics", "apercu", "mon-ics"}
SANS_PAGE |= {"comparer-xlsx", "comparer-ods"}
SANS_PAGE |= {"donnees", "fichier"}
SANS_PAGE |= {"sante", "robots", "security", "sitemap", "sitemap-pages", "sitemap-fiches", "oembed"}
SANS_PAGE |= {"catalogue-jsonld", "catalogue-ttl", "catalogue-rdf"}
SANS_PAGE |= {"png", "svg", "xlsx", "ods", "json", "jsonl", "geojson", "atom", "rss", "subventions-csv"}
# Pages in a state that their bare address does not show.
ETATS = {
    "liste filtrée": "/projets/?departement=56&montant_max=20000",
    "liste triée, deuxième page": "/projets/?tri=recent&page=2",
    "liste en erreur": "/projets/?departement=zz&montant_min=beaucoup&page=99&inconnu=1",
    "tableau trié": "/projets/tableau/?colonnes=montant_eur&colonnes=description&tri=montant-croissant",
    "tableau en erreur": "/projets/tableau/?colonnes=inconnue&departement=zz",
    "fiche à comparer inconnue": "/projets/comparer/?fiche=inconnue",
    "liste vide": "/projets/?q=portail&departement=29&montant_max=1",
    "liste cherchée": "/projets/?q=portail+famille",
    "autour d’une commune": "/projets/?autour=Dinan&rayon=20",
    "recherche d’un mot": "/recherche/?q=accueil",
    "recherche par type": "/recherche/?q=numerique&type=projet",
    "recherche avec une faute": "/recherche/?q=cimetiere+numerisattion",
    "recherche sans réponse": "/recherche/?q=xyzzyx",
    "glossaire à définir": "/glossaire/?etat=a-definir",
    "liste à imprimer, vide": "/projets-a-imprimer/?q=xyzzyx",
    "page introuvable": "/projets/une-page-qui-manque/",
    "fiche d’exploration reçue": "/exploration/participer/?fait=recue",
    "fiche d’exploration effacée": "/exploration/?fait=effacee",
    "explorations d’un profil": "/exploration/?profil=curieux",
    "proposer un mot": "/contribuer/glossaire/",
    "alerte demandée": "/alertes/?type=projet&departement=22&montant_max=20000",
    "alerte sur un critère inconnu": "/alertes/?type=projet&departement=zz",
    "alerte reçue": "/alertes/?fait=recue",
    "message reçu": "/contacter/?fait=recue",
    "alerte arrêtée": "/alertes/?fait=arretee",
    "ancienne adresse inconnue": "/?LePortailDesFamilles",
    **{f"erreur {code}": f"/erreur/{code}/" for code in (400, 403, 410, 429, 500, 503)},
}
# Records side by side: {name of the page: type}.
COMPAREES = {"projets comparés": "projet", "enquêtes comparées": "enquete"}
# Pages on registrations, in each state that a mail leads to: `registrations()` makes them.
INSCRIPTIONS = [
    *("formulaire avec des questions", "formulaire, complet", "formulaire, annulé", "lien qui ne vaut plus"),
    *("confirmer, complet", "confirmer, délai passé", "confirmer, déjà fait", "confirmer, annulée"),
    *("proposition", "proposition acceptée"),
    *("mon inscription, inscrite", "mon inscription, corrigée", "mon inscription, en attente"),
    *("mon inscription, place proposée", "mon inscription, annulée"),
]
# Desk pages that need no record, by their routes.
SANS_FICHE = {
    **{name: f"admin:{name}" for name in ("qualite", "doublons", "journal", "corbeille", "password_change")},
    "importer": "admin:projets_projet_importer",
    "compte": "comptes:compte",
}
# Desk pages that no model's list names.
DE_FICHE = ["aperçu d’un brouillon", "version d’une fiche", "comparaison de deux versions"]
# Pages on an event's registrants, by the end of their names; the last event was called off.
D_INSCRITS = {
    **{f"inscrits : {page}": page for page in ("liste", "ajouter", "message", "prevenir", "annuler", "emargement")},
    "inscrits : liste, événement annulé": "liste",
}


def _public_routes() -> dict[str, str]:
    """Those that answer a page; only the first of the API."""
    pages = {name: route for route, name in patterns() if name.rpartition(":")[2] not in SANS_PAGE}
    return {name: route for name, route in pages.items() if not name.startswith("api:") or name == "api:index"}


# Models whose lists and forms are read too, though other models share their templates.
AUSSI = ["comptes.utilisateur", "inscriptions.inscription", "contributions.contribution", "enquetes.enquete"]
AUSSI += ["evenements.evenement"]


def _desk() -> list[tuple[str, str]]:
    """(model label, admin page): each template of a list or form once, those of `AUSSI`, and other pages of
    projects.
    """
    shown, more = {}, []
    for model, handler in admin.site._registry.items():
        label = model._meta.label_lower
        for page, kind in (("changelist", "change_list"), ("change", "change_form")):
            folder = f"admin/{model._meta.app_label}"
            names = [f"{folder}/{model._meta.model_name}/{kind}.html", f"{folder}/{kind}.html", f"admin/{kind}.html"]
            own = getattr(handler, f"{kind}_template")
            shown.setdefault(select_template([own, *names] if own else names).template.name, (label, page))
            more += [(label, page)] if label in AUSSI else []
    others = [("projets.projet", page) for page in ("add", "history", "delete")]
    return list(dict.fromkeys([*shown.values(), *more, *others]))


PUBLIQUES = [*_public_routes(), *ETATS, *COMPAREES, *INSCRIPTIONS]
# Views with one template for all types: here for projects, and the map of the search, the largest.
D_UN_GABARIT = {"tableau", "chiffres", "integrer", "integree", "imprimer", "comparer", "carte"}
# Pages whose template another page shows as fully; SORTES leaves them out, but their HTML is checked.
AILLEURS = {
    *("pages:a-propos", "pages:mentions-legales", "explorations d’un profil", "liste cherchée"),
    *("autour d’une commune", "recherche par type", "glossaire à définir", "tableau trié"),
    *("fiche à comparer inconnue", "liste à imprimer, vide", "fiche d’exploration effacée", "alerte arrêtée"),
    *("ancienne adresse inconnue", "erreur 400", "erreur 403", "erreur 410", "erreur 429", "erreur 503"),
    *("formulaire, complet", "confirmer, délai passé", "confirmer, déjà fait", "confirmer, annulée"),
    *("proposition acceptée", "mon inscription, inscrite", "mon inscription, corrigée"),
    *("mon inscription, place proposée",),
}
# Each kind of page once or twice.
SORTES = [
    name
    for name in PUBLIQUES
    if name not in AILLEURS
    and (name.rpartition(":")[2] not in D_UN_GABARIT or name.startswith("projets:") or name == "recherche:carte")
]
BUREAU = ["connexion", "accueil", "recherche du bureau", *SANS_FICHE, *DE_FICHE, *D_INSCRITS, "fiches.theme delete"]
BUREAU += [f"{label} {page}" for label, page in _desk()]


def addresses() -> dict[str, str]:
    """{name: address} on the site; desk pages without a record to show are left out."""
    found = dict(ETATS)
    for name, route in _public_routes().items():
        namespace = name.rpartition(":")[0]
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", route)
        kwargs = {key: _token(name) if key == "jeton" else _argument(namespace, key) for key in wanted}
        found[name] = reverse(name, kwargs=kwargs)
    for name, cle in COMPAREES.items():
        keys = Entree.objects.published().filter(type=cle).order_by("pk").values_list("pk", flat=True)[:6]
        found[name] = f"{reverse(f'{registre.get(cle).espace}:comparer')}?{'&'.join(f'fiche={key}' for key in keys)}"
    found |= {"connexion": reverse("admin:login"), "accueil": reverse("admin:index")}
    found |= {name: reverse(route) for name, route in SANS_FICHE.items()}
    found["recherche du bureau"] = f"{reverse('admin:recherche')}?q=portail"
    for model, handler in admin.site._registry.items():
        label = model._meta.label_lower
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        for page in ("changelist", "add", "change", "history", "delete"):
            if page == "add" and not _may(handler, "add"):
                continue
            if page == "delete" and not _may(handler, "delete"):
                continue
            if page not in ("changelist", "add") and row is None:
                continue
            found[f"{label} {page}"] = reverse(f"{base}_{page}", args=[] if page in ("changelist", "add") else [row.pk])
    return found


def registrations() -> dict[str, str]:
    """Addresses of `INSCRIPTIONS` and `D_INSCRITS`, of events with one seat: one has questions, one was called off."""
    asked, full, freed, off = (_event(f"Atelier d’essai {name}") for name in ("ouvert", "complet", "libéré", "annulé"))
    Question.objects.create(evenement=asked, libelle="Quel atelier ?", genre="choix", choix="Récits\nCartes")
    Question.objects.create(evenement=asked, libelle="Déjeunez-vous avec nous ?", genre="oui-non", ordre=2)
    Question.objects.create(evenement=asked, libelle="D’où venez-vous ?", ordre=3)
    annonces.call_off(off)
    seated = places.confirm(_register(full))
    waiting, unsure, late = places.confirm(_register(full)), _register(full), _register(full)
    gone, offered = places.confirm(_register(freed)), places.confirm(_register(freed))
    places.cancel(gone)
    Inscription.objects.filter(pk=late.pk).update(statut=Inscription.Statut.EXPIREE)
    forms = [reverse("inscriptions:inscrire", args=[event.slug]) for event in (asked, full, off)]
    mine = _mailed(courriels.PERSONNEL, seated)
    pages = [
        *(*forms, reverse("inscriptions:personnelle", args=["lien-" + "x" * 43])),
        *(_mailed(courriels.CONFIRMER, row) for row in (unsure, late, seated, gone)),
        *(_mailed(courriels.PROPOSITION, row) for row in (offered, seated)),
        *(mine, f"{mine}?fait=corrige"),
        *(_mailed(courriels.PERSONNEL, row) for row in (waiting, offered, gone)),
    ]
    _register(off_with_one := _event("Atelier d’essai perdu"))
    annonces.call_off(off_with_one)
    desk = {
        name: reverse(f"admin:inscriptions_evenement_{page}", args=[(off_with_one if "annulé" in name else freed).pk])
        for name, page in D_INSCRITS.items()
    }
    return dict(zip(INSCRIPTIONS, pages, strict=True)) | desk


def _event(titre: str) -> Evenement:
    found = Evenement(titre=titre, statut="publiee", debut=timezone.now() + timedelta(days=40), capacite=1)
    found.save()
    return found


def _register(evenement: Evenement) -> Inscription:
    number = Inscription.objects.count()
    fields = {"prenom": "Nolwenn", "nom": "Kerinvente", "courriel": f"nolwenn{number}@exemple.bzh"}
    return places.register(evenement, places.DemandeDInscription(fields))


def _mailed(usage: str, row: Inscription) -> str:
    return reverse(courriels.ROUTES[usage], args=[liens.issue(usage, row, duree=timedelta(days=1))])


def edit_a_sheet() -> dict[str, str]:
    """Addresses of `DE_FICHE`: a draft of the desk, and a record changed once."""
    declaration = registre.types()[0]
    draft = declaration.model(titre="Une fiche en cours d’écriture")
    draft.save()
    fiche = declaration.model.objects.published().first()
    fiche.titre += " (corrigé)"
    fiche.save()
    base = f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}"
    new, old = fiche.history.order_by("-history_id").values_list("pk", flat=True)[:2]
    version = reverse(f"{base}_simple_history", args=[fiche.pk, old])
    comparison = reverse(f"{base}_comparaison", args=[fiche.pk])
    return dict(
        zip(DE_FICHE, [reverse("apercu", args=[draft.pk]), version, f"{comparison}?de={old}&a={new}"], strict=True)
    )


def _may(handler, action) -> bool:
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = get_user_model()(is_staff=True, is_superuser=True)
    return getattr(handler, f"has_{action}_permission")(request)


def _token(name: str) -> str:
    """The token of a mail's link: it opens the page of a registrant, a participant or a follower."""
    every = courriels.ROUTES | explorer.ROUTES | contacter.ROUTES | suivre.ROUTES | contribuer.ROUTES
    every |= {contribuer.REPRENDRE: contribuer.SUITE}
    usage = {route: usage for usage, route in every.items()}[name]
    if usage in suivre.ROUTES:
        said = {"courriel": "awena@exemple.bzh", "type": "projet", "criteres": "departement=22", "mots": "projets"}
        row, _ = Alerte.objects.get_or_create(courriel_cle="awena@exemple.bzh", defaults=said)
        return liens.issue(usage, row, duree=timedelta(days=1))
    if usage == contacter.STOP:
        return liens.issue(usage, Contact.objects.exclude(courriel="").first(), duree=timedelta(days=1))
    if usage == contribuer.REPRENDRE:
        draft = FicheEnCours.objects.create(type="enquete", saisie={"champ_titre": ["Un budget participatif"]})
        return liens.issue(usage, draft, duree=timedelta(days=1))
    if usage in contribuer.ROUTES:
        return liens.issue(usage, _contribution(), duree=timedelta(days=1))
    if usage in explorer.ROUTES:
        return liens.issue(usage, _explorer(), duree=timedelta(days=1))
    return liens.issue(usage, _register(Evenement.objects.published().in_order().first()), duree=timedelta(days=1))


def _contribution() -> Contribution:
    entree = Entree.objects.published().filter(type="projet").first()
    valeurs = {"titre": {"vu": entree.titre, "propose": f"{entree.titre}, dit autrement"}}
    said = {"valeurs": valeurs, "courriel": "soazig@exemple.bzh", "source": "Le bilan.", "etat": "question"}
    row, _ = Contribution.objects.get_or_create(type="projet", entree=entree, defaults=said)
    row.echanges.get_or_create(texte="Où l’avez-vous lu ?", de_equipe=True)
    row.fichiers.get_or_create(nom="Guide du numérique.pdf", poids=420_000, fichier="proposes/guide.pdf")
    row.fichiers.get_or_create(nom="Salle.jpg", poids=90_000, suite="refuse")
    return row


def _explorer() -> Exploration:
    """Somebody whose record of the exploration is public; made on first use."""
    if not Exploration.objects.publiques().exists():
        text = "Ce qui se passe avant l’écran :\n- la confiance\n- le papier que l’on n’ose pas montrer"
        agreed = {"accord_publication": True, "accord_le": timezone.now(), "accord_texte": "2026-11"}
        row = Exploration(nom="Soazig Kerimaginaire", courriel="soazig@exemple.bzh", sujets=text, **agreed)
        row.relue_le = timezone.now()
        row.save()
        row.profils.set(Choix.objects.filter(liste=Choix.Liste.PROFIL))
    return Exploration.objects.publiques().first()


def _argument(namespace: str, key: str) -> str:
    """A value for a parameter of a route: the public record of that type with the longest text."""
    if not namespace:  # /integrer/fiche/<id>/
        return Entree.objects.published().first().pk
    if namespace == "explorations":
        return _explorer().pk
    if key == "type":
        return registre.get("enquete").adresse
    if namespace in ("contacter", "contributions"):
        return Entree.objects.published().filter(contacts__isnull=False).first().pk
    if namespace == "inscriptions":
        return Evenement.objects.published().in_order().first().slug
    declaration = next(d for d in registre.types() if d.model._meta.app_label == namespace)
    entrees = Entree.objects.published().filter(type=declaration.cle)
    fiches = declaration.model.objects.in_bulk(entrees.values_list("pk", flat=True))
    fiche = max(fiches.values(), key=lambda fiche: (len(fiche.texte_affiche), fiche.pk))
    return getattr(fiche, key)
