"""Every mail that the site can send: what its links do when they are opened, what a hostile name does in it.

A new template of templates/courriels/ fails here until `MAILS` says how such a mail comes to be.
"""

import re
from datetime import timedelta
from functools import partial
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.urls import resolve
from django.utils import timezone

from fiches.attached import Contact
from fiches.suivi import fraicheur, fusion, rappels
from fiches.suivi.models import Fusion, Veille
from participants.alertes import abonnement, sending
from participants.alertes.followed_lists import ListeSuivie
from participants.alertes.models import Alerte
from participants.contacter import courriels as contacter
from participants.contacter import erreurs, relais
from participants.contributions import parcours as contribuer
from participants.contributions import unfinished
from participants.contributions.models import FicheEnCours
from participants.explorations import courriels as explorer
from participants.explorations import parcours
from participants.explorations.models import Exploration
from participants.inscriptions import annonces, attribution, courriels, places
from participants.inscriptions.models import Inscription
from socle.annuaire.models import Entree, Statut
from socle.comptes import invitations, prevenir
from socle.courrier import composition, outbox
from socle.courrier.models import Courriel
from socle.courrier.sending import message
from tests.conftest import PageLue, text_of_every_table
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.contacter import SignalementFactory
from tests.factories.participants import EvenementFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
FOLDER = site_settings.BASE_DIR / "templates" / "courriels"
# Templates that are no mail: their layout, and pieces, which begin with « _ ».
GABARITS = sorted(
    str(path.relative_to(FOLDER).with_suffix(""))
    for path in FOLDER.rglob("*.html")
    if path.name != "base.html" and not path.name.startswith("_")
)


# How each mail comes to be: what people typed, to the record that it is about


def _account(nom):
    return UtilisateurFactory(first_name=nom, email="awena@exemple.bzh")


def _trial(nom):
    return outbox.deposit("essai", "awena@exemple.bzh", {}, objet="Essai", sujet=_account(nom)).sujet


def _invitation(nom):
    user = _account(nom)
    invitations.invite(user, par=UtilisateurFactory(first_name=nom))
    return user


def _forgotten(nom):
    user = _account(nom)
    invitations.forgotten(user.username)
    return user


def _register(nom, evenement=None, courriel="awena@exemple.bzh"):
    evenement = evenement or EvenementFactory(titre=f"Balise {nom}", capacite=1)
    return places.register(evenement, places.DemandeDInscription({"prenom": nom, "nom": nom, "courriel": courriel}))


def _confirmed(nom, *args):
    return places.confirm(_register(nom, *args))


def _again(nom):
    row = _confirmed(nom)
    return _register(nom, row.evenement)


def _offered(nom):
    first = _confirmed(nom)
    second = _confirmed(nom, first.evenement, "malo@exemple.bzh")
    places.cancel(first)
    return second


def _offer_over(nom):
    row = _offered(nom)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=49)):
        attribution.put_in_order(row.evenement)
    return row


def _reminded(nom):
    row = _confirmed(nom, EvenementFactory(titre=f"Balise {nom}", dans=1))
    Inscription.objects.update(confirmee_le=timezone.now() - timedelta(days=9))
    annonces.remind(row.evenement)
    return row


def _told(tell):
    """A mail of the staff to everybody."""

    def make(nom):
        row = _confirmed(nom)
        tell(row.evenement, f"Un mot de {nom}")
        return row

    return make


def _then(action):
    def make(nom):
        row = _confirmed(nom)
        action(row)
        return row

    return make


def _explored(nom):
    champs = {"nom": nom, "courriel": "awena@exemple.bzh", "sujets": nom}
    parcours.deposit(champs, [], accord=True)
    return Exploration.objects.latest("pk")


def _taking_part(nom):
    return parcours.confirm(_explored(nom))


def _done(row, action):
    assert action(row)
    return row


def _explored_again(nom):
    row = _taking_part(nom)
    parcours.deposit({"nom": nom, "courriel": row.courriel}, [], accord=True)
    return row


def _new_link_to_a_sheet(nom):
    row = _taking_part(nom)
    explorer.new_link(row)
    return row


def _message(nom):
    entree = ProjetFactory(titre=f"Projet {nom}").entree
    Contact.objects.create(entree=entree, nom="Malo Kerinvente", courriel="malo@exemple.bzh")
    return relais.receive(entree_id=entree.pk, nom=nom, courriel="awena@exemple.bzh", texte=f"Bonjour\n{nom}", doute="")


def _answered(nom):
    message = _message(nom)
    said = " ".join(nom.split())  # whose line ends are those of its text
    contacter.answer(message, message.entree, f"Bonjour {said}", repondre_a="equipe@exemple.bzh")
    return message


def _follow(nom):
    abonnement.ask(_projects_with(nom), "awena@exemple.bzh", "jour")
    return Alerte.objects.get()


def _projects_with(nom):
    return ListeSuivie("projet", urlencode({"q": nom}))


def _following(nom):
    row = _follow(nom)
    abonnement.confirm(row)
    Alerte.objects.update(periode="")  # due
    return row


def _follow_again(nom):
    row = _following(nom)
    abonnement.ask(_projects_with(nom), "awena@exemple.bzh", "jour")
    return row


def _told_of_news(nom):
    abonnement.ask(ListeSuivie("projet", ""), "awena@exemple.bzh", "jour")
    row = Alerte.objects.get()
    abonnement.confirm(row)
    Alerte.objects.update(periode="")  # due
    ProjetFactory(titre=f"Projet {nom}")
    sending.run()
    return row


def _suspended(nom):
    row = _following(nom)
    Alerte.objects.update(type="disparu")
    sending.run()
    return row


def _proposed(nom):
    fiche = ProjetFactory(titre=f"Projet {nom}")
    valeurs = {"titre": {"vu": fiche.titre, "propose": f"Titre de {' '.join(nom.split())}"}}
    return contribuer.deposit(
        fiche, base=fiche.version, valeurs=valeurs, source=nom, nom=nom, courriel="awena@exemple.bzh"
    )


def _to_go_on(nom):
    row = FicheEnCours.objects.create(type="projet", saisie={"champ_titre": [nom]})
    unfinished.send_link(row, "awena@exemple.bzh")
    return row


def _received(nom):
    return contribuer.confirm(_proposed(nom))


def _question(nom):
    row = _received(nom)
    contribuer.ask(row, f"Bonjour {' '.join(nom.split())}", tour=row.tour, user=UtilisateurFactory(first_name=nom))
    return row


def _refused(nom):
    row = _received(nom)
    contribuer.refuse(row, f"Bonjour {' '.join(nom.split())}", tour=row.tour, user=UtilisateurFactory(first_name=nom))
    return row


def _published(nom):
    row = _received(nom)
    type(row).objects.update(nature="fiche", entree=None)
    said = {"titre": ("prise", f"Titre de {' '.join(nom.split())}")}
    contribuer.create(row, said, "", tour=row.tour, user=UtilisateurFactory()).change({"statut": Statut.PUBLIEE})
    return row


def _read_again(nom):
    user = _account(nom)
    fiche = ProjetFactory(draft=True, titre=f"Projet {nom}")
    fiche.change({"statut": Statut.A_RELIRE}, user=user)
    fiche.change({"statut": Statut.PUBLIEE}, user=UtilisateurFactory(first_name=nom))
    return user


def _merged(nom):
    """A sheet of somebody that was made one with another."""
    user = _account(nom)
    fiche = ProjetFactory(draft=True, titre=f"Projet {nom}")
    fiche.change({"statut": Statut.A_RELIRE}, user=user)
    _made_one(fiche, UtilisateurFactory(first_name=nom))
    return user


def _made_one(fiche, user):
    kept = ProjetFactory(titre=fiche.titre)
    fusion.merge(kept, type(fiche).objects.get(pk=fiche.pk), {}, user=user)


def _parted(make):
    def parted(nom):
        subject = make(nom)
        fusion.undo(Fusion.objects.get(), user=UtilisateurFactory(first_name=nom))
        return subject

    return parted


def _proposed_and_merged(nom):
    row = _received(nom)
    type(row).objects.update(nature="fiche", entree=None)
    said = {"titre": ("prise", f"Titre de {' '.join(nom.split())}")}
    _made_one(contribuer.create(row, said, "", tour=row.tour, user=UtilisateurFactory()), UtilisateurFactory())
    return row


def _to_verify(nom):
    """A record of somebody, due for a year."""
    user = _account(nom)
    entree = ProjetFactory(titre=f"Projet {nom}").entree
    Entree.objects.filter(pk=entree.pk).update(modifiee_le=timezone.now() - timedelta(days=731))
    fraicheur.entrust([entree.pk], user)
    rappels.remind()
    return user


def _without_answer(nom):
    """The team's mail is about no row: itself, then."""
    with patch.object(site_settings, "CONTACT_EMAIL", "equipe@exemple.bzh"):
        Veille.objects.filter(responsable=_to_verify(nom)).update(
            rappels=3, rappelee_le=timezone.now() - timedelta(days=8)
        )
        Courriel.objects.all().delete()
        rappels.remind()
    return Courriel.objects.get()


def _work_waits(nom):
    user = UtilisateurFactory(first_name=nom, email="awena@exemple.bzh", is_superuser=True)
    _received(nom)
    prevenir.tell_waiting()
    return user


def _reported(nom):
    row = SignalementFactory(texte=nom, entree=ProjetFactory(titre=f"Projet {nom}").entree)
    erreurs.settle(row, "corrige", " ".join(nom.split()))
    return row


def _report_received(nom):
    entree = ProjetFactory(titre=f"Projet {nom}").entree
    return erreurs.receive(entree_id=entree.pk, partie="", texte=nom, courriel="awena@exemple.bzh", doute="")


MAILS = {
    "essai": _trial,
    "invitation": _invitation,
    "mot-de-passe": _forgotten,
    "travail": _work_waits,
    "alertes/a-confirmer": _follow,
    "alertes/deja": _follow_again,
    "alertes/du-nouveau": _told_of_news,
    "alertes/suspendue": _suspended,
    "contacter/message": _message,
    "contacter/reponse": _answered,
    "contacter/signalement": _reported,
    "contacter/signalement-recu": _report_received,
    "fiches/relue": _read_again,
    "fiches/fusionnee": _merged,
    "fiches/separee": _parted(_merged),
    "fiches/a-reverifier": _to_verify,
    "fiches/sans-reponse": _without_answer,
    "contributions/a-confirmer": _proposed,
    "contributions/recue": _received,
    "contributions/question": _question,
    "contributions/decidee": _refused,
    "contributions/publiee": _published,
    "contributions/reprise": _proposed_and_merged,
    "contributions/separee": _parted(_proposed_and_merged),
    "contributions/reprendre": _to_go_on,
    "explorations/a-confirmer": _explored,
    "explorations/confirmee": _taking_part,
    "explorations/deja": _explored_again,
    "explorations/publiee": lambda nom: _done(_taking_part(nom), parcours.publish),
    "explorations/non-publiee": lambda nom: _done(_taking_part(nom), partial(parcours.withdraw, par_equipe=True)),
    "explorations/nouveau-lien": _new_link_to_a_sheet,
    "inscriptions/a-confirmer": _register,
    "inscriptions/inscrite": _confirmed,
    "inscriptions/deja-inscrite": _again,
    "inscriptions/place-proposee": _offered,
    "inscriptions/proposition-passee": _offer_over,
    "inscriptions/annulee": _then(places.cancel),
    "inscriptions/refusee": _then(places.refuse),
    "inscriptions/nouveau-lien": _then(courriels.new_link),
    "inscriptions/rappel": _reminded,
    "inscriptions/deplace": _told(annonces.announce_change),
    "inscriptions/evenement-annule": _told(annonces.call_off),
    "inscriptions/message": _told(lambda event, mot: annonces.write_to_all(event, mot, mot, ["inscrite"])),
}
# What the page of a link is sent by its button, by the name of its route.
PASSWORD = {"new_password1": "une longue phrase à moi", "new_password2": "une longue phrase à moi"}
ENVOIS = {
    "alertes:confirmer": {},
    "alertes:personnelle": {"action": "arreter"},
    "contacter:stop": {},
    "contributions:confirmer": {},
    "contributions:suivi": {"action": "effacer"},
    "contributions:suite": {"action": "effacer"},
    "explorations:confirmer": {},
    "explorations:personnelle": {"action": "effacer"},
    "inscriptions:confirmer": {},
    "inscriptions:proposition": {"reponse": "accepter"},
    "inscriptions:personnelle": {"action": "annuler"},
    "comptes:invitation": PASSWORD,
    "comptes:nouveau_mot_de_passe": PASSWORD,
}


@pytest.fixture
def mail(monkeypatch):
    """Make the mail of a template, by the way it comes to be."""
    rendered, render = [], composition.render

    def watched(gabarit, *args):
        rendered.append(gabarit)
        return render(gabarit, *args)

    monkeypatch.setattr(composition, "render", watched)

    def make(gabarit, nom="Awena"):
        assert gabarit in MAILS, f"dites dans MAILS comment naît le courriel « {gabarit} »"
        subject, courriel = MAILS[gabarit](nom), Courriel.objects.latest("pk")
        assert composition.write(courriel)
        assert rendered[-1] == gabarit
        assert subject in (courriel, courriel.sujet)
        return courriel

    return make


def addresses(mail) -> set[str]:
    """Where the links of both versions of a mail lead, on this site."""
    texts = re.findall(r"https?://\S+", mail.texte) + re.findall(r'href="([^"]+)"', mail.html)
    assert texts
    assert all(text.startswith(site_settings.SITE_URL) for text in texts), texts
    return {text.removeprefix(site_settings.SITE_URL) or "/" for text in texts}


def test_every_template_is_listed_and_nothing_is_for_nothing():
    assert set(MAILS) == set(GABARITS)


@mostly_long("gabarit", GABARITS, one_in=5)
def test_each_link_of_a_mail_opens_and_its_button_works(client, mail, gabarit):
    found = addresses(mail(gabarit))
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address
    for address in found:
        route = resolve(address.partition("?")[0]).view_name
        if "lien-" not in address:
            continue
        assert route in ENVOIS, f"dites dans ENVOIS ce que la page « {route} » reçoit de son bouton"
        before = text_of_every_table()
        answer = client.post(address, ENVOIS[route])
        assert answer.status_code == 302, address
        assert text_of_every_table() != before, address


HOSTILE = [
    "{{ 7|add:7 }}{% debug %}",
    '<b>Awena</b> & "><img src=x onerror=alert(1)>',
    "Awena\r\nBcc: autre@exemple.bzh",
    "Awena\u2028-- \u2029L’équipe",
]


@pytest.mark.parametrize("nom", [" ".join(HOSTILE[:2]), "".join(HOSTILE[2:])], ids=["markup", "lines"])
@mostly_long("gabarit", GABARITS, one_in=15)
def test_what_people_typed_acts_in_no_mail(mail, gabarit, nom):
    courriel = mail(gabarit, nom)
    page = PageLue(type("Answer", (), {"content": courriel.html.encode()}))
    assert not page.all("img")
    assert not page.all("b")
    for text in (courriel.texte, page.text):
        said = re.sub(r"\s+:", ":", text.replace("\n> ", " "))  # quoted; in French typography
        assert " ".join(nom.split()) in " ".join(said.split()) or _says_no_name(gabarit)
    assert courriel.texte.splitlines().count("-- ") == 1
    sent = message(courriel).message()
    assert sent["Bcc"] is None
    assert sent["To"] == courriel.destinataire
    assert len(sent.get_all("Subject")) == 1
    assert "\n" not in courriel.objet
    assert message(courriel).recipients() == [courriel.destinataire]


def _says_no_name(gabarit) -> bool:
    """Whether a mail says nothing that was typed: those to an address that nobody has confirmed may not."""
    said = ("essai", "inscriptions/a-confirmer", "alertes/a-confirmer")
    # Those on a record say its title, which is public text: an address that stands in it is taken out.
    return gabarit in said or gabarit.startswith(
        ("explorations/", "contributions/", "alertes/du-nouveau", "contacter/signalement-recu")
    )


@pytest.mark.parametrize("nom", HOSTILE)
def test_an_address_that_nobody_confirmed_is_told_nothing_that_was_typed(nom):
    evenement = EvenementFactory(titre="Balise")
    courriel = _register(nom, evenement).courriels.get()
    assert nom.split()[0] not in courriel.objet + courriel.texte + courriel.html
