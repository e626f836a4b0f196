"""The change log tells of seats what the event's page tells, and of nobody who moves: it is public, and dated."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.inscriptions import annonces, attribution, erasure, places, suivi
from participants.inscriptions.models import Inscription
from socle.journal.models import Ligne
from tests import sampling
from tests.factories.participants import EvenementFactory, InscriptionFactory, demande

pytestmark = pytest.mark.django_db


class Site:
    """An event that is full, with who waits and who is in doubt; one with seats left; one without a limit."""

    def __init__(self, client, desk):
        self.client, self.desk = client, desk
        self.complet, self.libre, self.ouvert = (
            EvenementFactory(titre=titre, capacite=capacite)
            for titre, capacite in (("Complet", 1), ("Libre", 5), ("Groupe de parole", None))
        )
        self.assise = self.enter(self.complet, "malo")
        self.ailleurs = self.enter(self.libre, "enora")
        self.a_confirmer = places.register(self.libre, demande("soazig"))
        self.douteuse = places.register(self.libre, demande("robot"), doute="trop vite")
        self.parle = self.enter(self.ouvert, "awena")
        self.sans = InscriptionFactory()

    @staticmethod
    def enter(evenement, name):
        return places.confirm(places.register(evenement, demande(name)))

    def wait(self):
        self.attend = self.enter(self.complet, "yann")

    def leave_to_who_waits(self):
        self.wait()
        places.cancel(self.assise)

    def read(self, tags=None):
        """{event: (status, page, its ETag)}."""
        found = {}
        for evenement in (self.complet, self.libre, self.ouvert):
            headers = {"if-none-match": tags[evenement.pk]} if tags else {}
            response = self.client.get(evenement.get_absolute_url(), headers=headers)
            found[evenement.pk] = response.status_code, response.content, response["ETag"]
        return found

    def delete(self, row):
        """At the desk, once its mails are forgotten."""
        row.courriels.all().delete()
        response = self.desk.post(reverse("admin:inscriptions_inscription_delete", args=[row.pk]), {"post": "yes"})
        assert response.status_code == 302

    def delete_several(self, *rows):
        for row in rows:
            row.courriels.all().delete()
        data = {"action": "delete_selected", "post": "yes", "_selected_action": [row.pk for row in rows]}
        assert self.desk.post(reverse("admin:inscriptions_inscription_changelist"), data).status_code == 302


def again(row):
    Inscription.objects.get(pk=row.pk).save()


QUIET = {
    "somebody registers where there is no limit": lambda site: places.register(site.ouvert, demande("un")),
    "and confirms": lambda site: site.enter(site.ouvert, "un"),
    "a post is in doubt": lambda site: places.register(site.ouvert, demande("un"), doute="trop vite"),
    "somebody there says otherwise": lambda site: places.correct(site.parle, {"organisation": "Autre"}, "", []),
    "and is saved again": lambda site: again(site.parle),
    "and leaves": lambda site: places.cancel(site.parle),
    "and is deleted": lambda site: site.delete(site.parle),
    "a seat that was held is confirmed": lambda site: places.confirm(site.a_confirmer),
    "a post is in doubt where seats are counted": lambda site: places.register(site.libre, demande("un"), doute="x"),
    "it is refused": lambda site: places.refuse(site.douteuse),
    "somebody with a seat says otherwise": lambda site: places.correct(site.assise, {"organisation": "Autre"}, "", []),
    "somebody enters the waiting list": lambda site: site.wait(),
    "a seat goes to who waits": lambda site: site.leave_to_who_waits(),
    "and is taken": lambda site: (site.leave_to_who_waits(), places.accept(site.attend)),
    "staff add one beyond the capacity": lambda site: places.add(site.complet, demande("un"), motif="intervenante"),
    "one is moved to where all are taken": lambda site: places.attach(site.complet, [site.sans.pk]),
    "the clock finds nothing to do": lambda site: suivi.follow(),
    "all are written to": lambda site: annonces.write_to_all(site.libre, "Bonjour", "À bientôt.", ["inscrite"]),
}
TOLD = {
    "a seat is taken": (lambda site: places.register(site.libre, demande("un")), ["libre"]),
    "staff add one": (lambda site: places.add(site.libre, demande("un")), ["libre"]),
    "one in doubt is admitted": (lambda site: places.admit(site.douteuse), ["libre"]),
    "one leaves": (lambda site: places.cancel(site.assise), ["complet"]),
    "one is refused": (lambda site: places.refuse(site.ailleurs), ["libre"]),
    "one is tied to an event": (lambda site: places.attach(site.libre, [site.sans.pk]), ["libre"]),
    "one is moved": (
        lambda site: places.attach(site.libre, [site.assise.pk], deplace=True),
        ["complet", "libre"],
    ),
    "one is moved to where there is no limit": (
        lambda site: places.attach(site.ouvert, [site.assise.pk], deplace=True),
        ["complet"],
    ),
    "one is deleted": (lambda site: site.delete(site.assise), ["complet"]),
    "several are deleted": (lambda site: site.delete_several(site.assise, site.ailleurs), ["complet", "libre"]),
    "one is erased": (lambda site: erasure.forget(site.assise), ["complet"]),
    "a time is over": (
        lambda site: (
            Inscription.objects.filter(pk=site.a_confirmer.pk).update(expire_le=timezone.now()),
            attribution.put_in_order(site.libre),
        ),
        ["libre"],
    ),
}
ACTS = {name: (act, []) for name, act in QUIET.items()} | TOLD


@sampling.mostly_long("name", ACTS, one_in=3)
def test_the_log_tells_of_an_event_when_its_page_says_otherwise_of_seats(desk, same_moment, name, settings, tmp_path):
    settings.EFFACEMENTS = tmp_path / "effacements.txt"
    act, told = ACTS[name]
    site = Site(Client(), desk)
    held, last = site.read(), Ligne.objects.latest("numero").numero
    act(site)
    rows = list(Ligne.objects.filter(numero__gt=last).order_by("entree").values_list("entree", "nature"))
    assert rows == sorted((getattr(site, one).pk, "modifiee") for one in told)
    kept, fresh = site.read({pk: tag for pk, (_, _, tag) in held.items()}), site.read()
    for pk, (_, page, _) in held.items():
        assert (page != fresh[pk][1]) == ((pk, "modifiee") in rows)
        assert kept[pk][0] == (200 if rows else 304)


def test_programs_that_keep_a_copy_are_not_told_when_somebody_comes_to_an_event_without_a_limit(client):
    evenement = EvenementFactory(titre="Groupe de parole", capacite=None)
    cursor = client.get("/api/v1/changements").json()["curseur"]
    places.cancel(places.confirm(places.register(evenement, demande("nolwenn"))))
    assert client.get(f"/api/v1/changements?apres={cursor}").json()["resultats"] == []
