"""After whatever changes what the public reads, each page of a process that followed is that of one that just began.

A browser that kept a page is told so too: no page changes under the ETag that it had. And whoever has the counter of
the change log, which all writers want, wants no row that another may hold.
"""

import re
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from fiches.attached import Contact, FichierJoint
from fiches.choice_lists import Choix, Theme
from fiches.suivi import corbeille, fraicheur, fusion, lots
from labacces.pages.models import Page, Renseignements
from participants.contributions.models import Contribution, Credit
from participants.inscriptions.places import register
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.journal import cache, following
from socle.recherche.models import Synonymes
from socle.territoires.models import Commune, Departement
from socle.vie_privee import personnes
from tests import sampling
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import EvenementFactory, demande
from tests.factories.ressources import RessourceFactory
from tests.projets.formulaire import change_url, resent

pytestmark = pytest.mark.django_db


class Site:
    """A few records that lean on one another, and the pages that say something of them."""

    def __init__(self):
        self.theme, self.autre = ThemeFactory(nom="Portail famille"), ThemeFactory(nom="Cantine")
        place = {"departement_id": "22", "commune_id": "22050"}
        self.projet = ProjetFactory(titre="Un portail", themes=[self.theme], montant_eur=1000, **place)
        self.ancien = ProjetFactory(titre="Un vieux portail", themes=[self.theme], montant_eur=500, **place)
        self.brouillon = ProjetFactory(titre="À venir", statut=Statut.BROUILLON)
        self.terme = TermeFactory(titre="Portail", definition="Une porte.")
        self.ressource = RessourceFactory(titre="Guide du portail")
        self.autre_ressource = RessourceFactory(titre="Autre guide du portail")
        self.evenement = EvenementFactory(titre="Rencontre du portail", capacite=3)
        self.contact = Contact.objects.create(entree=self.projet.entree, nom="Malo Kerbrat", accord=True)
        self.contact_b = Contact.objects.create(
            entree=self.projet.entree, nom="Nolwenn Kerinou", accord=True, courriel="nolwenn@exemple.bzh"
        )

    @property
    def adresses(self) -> list[str]:
        sheets = [self.projet, self.ancien, self.terme, self.ressource, self.autre_ressource, self.evenement]
        lists = ["/projets/", "/projets/?q=portail", "/projets/?theme=portail-famille&montant_min=400", "/projets.csv"]
        lists += ["/projets/?region=53&tri=recent", "/projets/chiffres/", "/projets/carte/", "/projets.geojson"]
        others = ["/", "/recherche/", "/recherche/?q=portail", "/glossaire/", "/agenda/", "/ressources/", "/a-propos/"]
        others += [
            "/api/v1/projets",
            "/api/v1/projets/facettes",
            "/plan-du-site/",
            "/sitemap-pages.xml",
            "/catalogue.ttl",
        ]
        return [one.get_absolute_url() for one in sheets] + lists + others


def change(model, **values):
    """Change the first row of a model through its save."""
    row = model.objects.order_by("pk").first()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


WRITERS = {
    "a record is changed": lambda site: site.projet.change({"titre": "Un portail neuf", "montant_eur": 3000}),
    "it moves": lambda site: site.projet.change({"departement_id": "29", "commune_id": "29019"}),
    "it is published": lambda site: site.brouillon.change({"statut": Statut.PUBLIEE}),
    "it is withdrawn": lambda site: site.projet.change({"statut": Statut.RETIREE}),
    "it goes to the bin": lambda site: corbeille.throw_away(site.ancien),
    "it is deleted": lambda site: site.ancien.delete(),
    "its entry is deleted": lambda site: Entree.objects.filter(pk=site.ancien.pk).delete(),
    "it replaces another": lambda site: site.projet.change({"remplace": site.ancien}),
    "it is found right": lambda site: fraicheur.verify(site.projet),
    "it is erased from the bin": lambda site: (
        corbeille.throw_away(site.ancien),
        corbeille.erase(Entree.objects.get(pk=site.ancien.pk)),
    ),
    "a batch": lambda site: lots.change_statut(Projet.objects.all(), Statut.RETIREE),
    "themes of a batch": lambda site: lots.choose_themes(Projet.objects.all(), "replace", [site.autre]),
    "two are merged": lambda site: fusion.merge(site.ressource, site.autre_ressource, {}),
    "its themes are set": lambda site: site.projet.themes.set([site.autre]),
    "a theme is renamed": lambda site: change(Theme, nom="Guichet"),
    "a theme has another address": lambda site: change(Theme, slug="guichet"),
    "a theme is deleted": lambda site: site.theme.delete(),
    "themes are deleted": lambda site: Theme.objects.all().delete(),
    "a theme is made": lambda site: ThemeFactory(nom="Nouveau"),
    "a choice is made": lambda site: Choix.objects.create(liste="echelle", nom="Canton"),
    "a département is renamed": lambda site: change(Departement, nom="Armor"),
    "a département is of another region": lambda site: change(Departement, region_id="52"),
    "a commune has more inhabitants": lambda site: change(Commune, population=60_000),
    "places are loaded": lambda site: call_command("charger_referentiels", verbosity=0),
    "a word is defined otherwise": lambda site: site.terme.change({"definition": "Une page."}),
    "synonyms": lambda site: Synonymes.objects.create(mots="portail\nguichet"),
    "a page of the site": lambda site: change(Page, titre="Tout autre"),
    "what the operator says": lambda site: (
        Renseignements.given().save(),
        Renseignements.objects.get().save(),
        change(Renseignements, licence="lo-2.0"),
    ),
    "a person is changed": lambda site: change(Contact, nom="Malo Le Gall"),
    "a person is no more": lambda site: site.contact.delete(),
    "persons are no more": lambda site: Contact.objects.all().delete(),
    "a file is joined": lambda site: FichierJoint.objects.create(entree=site.projet.entree, titre="Bilan"),
    "somebody registers": lambda site: register(site.evenement, demande("malo")),
    "somebody is named": lambda site: Credit.objects.create(
        entree=site.projet.entree, nature=Contribution.Nature.CORRECTION, nom="Enora", courriel="e@exemple.bzh"
    ),
    "a person is erased": lambda site: personnes.forget("nolwenn@exemple.bzh"),
    "reindexer": lambda site: (
        Projet.objects.filter(pk=site.projet.pk).update(montant_eur=7),
        call_command("reindexer", verbosity=0),
    ),
}


# What changes no page of these few.
UNSEEN = {"a choice is made", "a theme is made", "somebody registers", "synonyms", "a file is joined"}
UNSEEN |= {"a person is changed", "a person is no more"}


def read(client, adresses, etags=None) -> dict[str, tuple]:
    """{address: status, content, ETag}; asked as by a browser that kept it under one of `etags`."""
    found = {}
    for adresse in adresses:
        response = client.get(adresse, headers={"if-none-match": (etags or {}).get(adresse) or "-"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[adresse] = response.status_code, body, response.get("ETag")
    return found


# What only whoever has the counter writes; and rows of its own, which nobody else holds.
WITH_THE_COUNTER = ("journal_", "recherche_", "django_admin_log", "vie_privee_texteintegral")
WRITES = re.compile(
    r"(?:UPDATE|DELETE FROM|INSERT (?:OR IGNORE )?INTO) \"?(\w+)|SELECT .* FROM \"?(\w+).* FOR UPDATE", re.S
)


@contextmanager
def counter_last():
    """What is written or locked within, in a transaction that has the counter already."""
    late, held = [], False

    def look(execute, sql, params, many, context):
        nonlocal held
        held = held and following.in_transaction()
        if (found := WRITES.match(sql)) and held and not (found[1] or found[2]).startswith(WITH_THE_COUNTER):
            late.append(sql)
        held = held or bool(found and "journal_compteur" in found.groups())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield late


# As in a shell: the desk puts a record into the bin, a takeover numbers at its end, `change` sets themes.
BY_HAND = {"it is deleted", "its entry is deleted", "its themes are set"}


def check(client, site, write, name=""):
    adresses = site.adresses
    before = read(client, adresses)
    with counter_last() as late:
        write(site)
    assert not late or name in BY_HAND
    again = read(client, adresses, {adresse: etag for adresse, (_, _, etag) in before.items()})
    followed = read(client, adresses)
    cache.forget()
    following._known = None
    fresh = read(client, adresses)
    for adresse in adresses:
        assert followed[adresse][:2] == fresh[adresse][:2], adresse
        assert again[adresse][0] != 304 or before[adresse][1] == fresh[adresse][1], adresse
    return [adresse for adresse in adresses if before[adresse][1] != fresh[adresse][1]]


@sampling.mostly_long("name", WRITERS, one_in=9)
def test_each_page_is_that_of_a_process_that_has_just_begun(client, places, same_moment, name):
    changed = check(client, Site(), WRITERS[name], name)
    assert changed or name in UNSEEN, "no page says it"


def test_so_it_is_after_the_desk_saved_a_record_with_its_persons(places, same_moment, client, anne):
    def write(site):
        for said in ({"titre": "Tout autre titre", "themes": [site.autre.pk]}, {"contacts-0-nom": "Awena Le Bihan"}):
            response = client.post(change_url(site.projet), resent(client.get(change_url(site.projet)), **said))
            assert response.status_code == 302, response.context["errors"]

    assert check(Client(), Site(), write)
