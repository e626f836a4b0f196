"""The files of a proposal: asked for, kept while they wait, joined to the record or deleted.

`TypeDeFiche.joints` says what a type takes. A joined file keeps its place on the disk: only rows change, so a rollback
undoes the whole decision.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import Http404

from fiches import registre
from fiches.attached import FichierJoint
from fiches.models import Fiche
from fiches.mots_prives import persons_of_all
from participants.contributions.models import Contribution, FichierPropose
from socle.courrier.refus import TropTard
from socle.formulaires import protection
from socle.formulaires.champs import LigneField, required
from socle.medias.budget import MO
from socle.medias.depot import Depot
from socle.medias.fichiers import hand_over
from socle.vie_privee.empreintes import reseau
from socle.vie_privee.mentions import find
from socle.vie_privee.public_text import take_out
from socle.vie_privee.questions import MotPrive, decisions, words_in

ENVOI = 10 * MO  # in one post; a larger one is refused unread (labacces/middleware.py)
ESSAIS = 60  # posts with files opened per network and day, whatever becomes of them
ENVOIS = 20  # posts with files kept per network and day
RESEAU = 25 * MO  # bytes of them: in the days allowed to confirm an address, one network does not fill INCONNUS
ATTENTE = 500 * MO  # bytes of all files that wait for the team
INCONNUS = 200 * MO  # bytes of waiting files whose address nobody confirmed
SANS_ADRESSE = (Contribution.Etat.A_CONFIRMER, Contribution.Etat.A_VERIFIER)

DE_NOUVEAU = "Choisissez de nouveau vos fichiers : le navigateur ne les garde pas d’un envoi à l’autre."
PLEIN = (
    "Trop de fichiers attendent déjà d’être relus : envoyez votre proposition sans fichier, en disant ce que vous "
    "pourriez joindre. L’équipe vous le demandera."
)
TROP = (
    "Votre réseau a déjà envoyé beaucoup de fichiers aujourd’hui : envoyez votre proposition sans fichier, ou attendez "
    "demain."
)
S = FichierPropose.Suite
Titre = tuple[str, Sequence[MotPrive]]  # title of a joined file, with the decisions on its private words


# Asking


class FichiersField(forms.FileField):
    """Several unopened files: `receive` reads them once the rest of the form is valid."""

    class widget(forms.ClearableFileInput):
        allow_multiple_selected = True
        template_name = "django/forms/widgets/file.html"

    def __init__(self, *, depot: Depot, **kwargs):
        super().__init__(required=False, label="joindre des fichiers", **kwargs)
        self.depot = depot
        self.widget.attrs |= {"accept": depot.accept, "multiple": True}
        self.help_text = (
            f"{depot.aide_de_plusieurs(total=ENVOI)} Une personne de l’équipe les regarde : seuls ceux qu’elle retient "
            "sont publiés."
        )

    def clean(self, value, initial=None) -> list[UploadedFile]:
        uploads = [upload for upload in value or () if upload]
        if len(uploads) > self.depot.nombre:
            raise ValidationError(
                f"Vous avez choisi {len(uploads)} fichiers : gardez-en {self.depot.nombre} au plus.", code="nombre"
            )
        return uploads

    def receive(self, uploads: list[UploadedFile]) -> list[File]:
        """ValidationError gives the reason for each bad file."""
        received, errors = [], []
        for upload in uploads:
            try:
                received.append(self.depot.receive(upload))
            except ValidationError as error:
                errors += [f"« {upload.name[:60]} » : {said[:1].lower()}{said[1:]}" for said in error.messages]
        if errors:
            raise ValidationError(errors)
        return received


def asked(model: type[Fiche]) -> dict[str, forms.Field]:
    """{name: field}; empty if the type takes no file."""
    depot = registre.for_model(model).joints
    return {"fichiers": FichiersField(depot=depot)} if depot else {}


def say_again(form: forms.Form, files) -> None:
    """A page that comes back holds no file: says so beside the field."""
    if files and "fichiers" in form.fields:
        form.add_error("fichiers", DE_NOUVEAU)


# Keeping


def may_open(request) -> bool:
    """Whether files may be opened. It counts: call it once, before any file is opened."""
    network = reseau(request)
    return not (network and request.FILES) or protection.count("contribuer, essais", network) <= ESSAIS


def keep(row: Contribution, received: list[File], request) -> None:
    """Keeps the files in the transaction of the proposal; TropTard if there is no room.

    A rollback deletes the files; the purge finds those of a killed process.
    """
    if not received:
        return
    size = sum(file.size for file in received)
    network = reseau(request)
    if network and _many(network, size):
        raise TropTard(TROP)
    if _waiting() + size > ATTENTE or _waiting(contribution__etat__in=SANS_ADRESSE) + size > INCONNUS:
        raise TropTard(PLEIN)
    written = []
    try:
        for file in received:
            kept = FichierPropose(contribution=row, nom=file.name, poids=file.size)
            kept.fichier.save(file.name, file, save=False)
            written.append(kept.fichier.name)
            kept.save(force_insert=True)
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def _many(network: str, size: int) -> bool:
    sent = protection.count("contribuer, fichiers", network)
    return sent > ENVOIS or protection.count("contribuer, octets", network, size) > RESEAU


def _waiting(**which) -> int:
    """Bytes of the waiting files."""
    rows = FichierPropose.objects.filter(**which).exclude(fichier="")
    return rows.aggregate(sum=Sum("poids"))["sum"] or 0


def served(request, row: Contribution, pk: int):
    """Serves a waiting file. The caller has checked who asks."""
    one = row.fichiers.filter(pk=pk).exclude(fichier="").first()
    if one is None:
        raise Http404("Ce fichier n’est plus là.")
    return hand_over(request, one.fichier.name, sous=one.nom)


# Deciding


class ChoixDeFichiersForm(forms.Form):
    """The decision on each waiting file. `tout`: all are joined."""

    JOINDRE, REFUSER = "joindre", "refuser"
    CHOIX = [(JOINDRE, "Joindre à la fiche"), (REFUSER, "Refuser et effacer")]

    def __init__(self, data=None, *, row: Contribution, tout=False):
        super().__init__(data, prefix="fichier")
        self.fichiers, self.tout = list(row.fichiers.exclude(fichier="")), tout
        self.persons = {"auteur": row.nom}
        if self.fichiers and row.entree_id:
            self.persons["contacts"] = persons_of_all([row.entree_id])[row.entree_id]
        for one in self.fichiers:
            self.fields[f"choix_{one.pk}"] = forms.ChoiceField(
                label="décision", choices=self.CHOIX, widget=forms.RadioSelect, required=not tout
            )
            self.fields[f"choix_{one.pk}"].error_messages = required("Choisissez ce que devient ce fichier.")
            self.fields[f"titre_{one.pk}"] = LigneField(
                label="titre sur la fiche", max_length=200, initial=one.titre, required=False
            )

    def rangs(self):
        """(file, its choice, its title, private words of that), for the page."""
        for one in self.fichiers:
            titre = self[f"titre_{one.pk}"]
            yield one, self[f"choix_{one.pk}"], titre, self._prives(one, titre.value() or titre.initial)

    def _prives(self, one: FichierPropose, titre: str) -> list[MotPrive]:
        """The private words of a title, masked unless ticked: see `DecisionForm`."""
        found = words_in(FichierJoint._meta.get_field("titre"), titre, find(titre, **self.persons), "titre du fichier")
        found = [replace(mot, prefixe=f"fichier{one.pk}-") for mot in found]
        return [mot.boxed(mot.cle in self.data) for mot in found]

    def clean(self):
        cleaned = super().clean()
        self.titres: dict[int, Titre] = {}
        for one in self.fichiers:
            titre = cleaned.get(f"titre_{one.pk}") or (self.tout and self[f"titre_{one.pk}"].initial)
            if self.tout or cleaned.get(f"choix_{one.pk}") == self.JOINDRE:
                if not titre:
                    self.add_error(f"titre_{one.pk}", "Donnez un titre à ce fichier : c’est ce que la fiche en dit.")
                self.titres[one.pk] = titre, self._prives(one, titre or "")
        return cleaned


def join(row: Contribution, entree_id: int, titres: dict[int, Titre], *, par: str) -> None:
    """{key: title} of the files to join, in the transaction of the decision; `drop` deletes the others."""
    for one in row.fichiers.select_for_update().filter(pk__in=titres).exclude(fichier=""):
        titre, prives = titres[one.pk]
        joint = FichierJoint(entree_id=entree_id, titre=titre, fichier=one.fichier.name)
        retrait = take_out(joint, decisions(prives, par=par))
        joint.save()
        retrait.keep()
        one.fichier, one.suite = "", S.PRIS
        one.save(update_fields=["fichier", "suite"])


def drop(row: Contribution) -> None:
    """Deletes the waiting files, once the transaction is committed."""
    for one in row.fichiers.select_for_update().exclude(fichier=""):
        transaction.on_commit(partial(default_storage.delete, one.fichier.name), robust=True)
        one.fichier, one.suite = "", S.REFUSE
        one.save(update_fields=["fichier", "suite"])


def taken(row: Contribution) -> list[bool]:
    """Whether each file was joined, in order."""
    return [suite == S.PRIS for suite in row.fichiers.values_list("suite", flat=True)]
