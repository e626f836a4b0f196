"""The files of a contribution: asked for, kept while they wait, joined to the record or taken off the disk.

What a type takes is what it declares (`TypeDeFiche.joints`). A file that is taken keeps its place on the disk: only
rows change, so that whatever undoes the decision undoes it whole.
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
from socle.formulaires import garde
from socle.formulaires.champs import LigneField, required
from socle.medias.budget import MO
from socle.medias.depot import Depot
from socle.medias.fichiers import hand_over
from socle.vie_privee.empreintes import reseau
from socle.vie_privee.mentions import find
from socle.vie_privee.public_text import take_out
from socle.vie_privee.questions import MotPrive, decisions, words_in

ENVOI = 10 * MO  # of one post, refused unread above (labacces/middleware.py)
ESSAIS = 60  # posts with files that are opened, of one part of the network in a day, whatever becomes of them
ENVOIS = 20  # that are kept
RESEAU = 25 * MO  # of them: what one sends in the days before an address has to be confirmed is not all of INCONNUS
ATTENTE = 500 * MO  # of all files that wait for the team
INCONNUS = 200 * MO  # of those whose address nobody has confirmed
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
Titre = tuple[str, Sequence[MotPrive]]  # of a file that is taken, and what becomes of its words about persons


# Asked for


class FichiersField(forms.FileField):
    """Several files, unopened: `receive` reads them, once all else of the form is right."""

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
        """What is kept of each; ValidationError says of each bad one why."""
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
    """{name: field} of what a form asks of files for a type; empty for one that takes none."""
    depot = registre.for_model(model).joints
    return {"fichiers": FichiersField(depot=depot)} if depot else {}


def say_again(form: forms.Form, files) -> None:
    """A page that comes back holds no file: say so beside the field, once, to who posted some."""
    if files and "fichiers" in form.fields:
        form.add_error("fichiers", DE_NOUVEAU)


# Kept


def may_open(request) -> bool:
    """Whether the files of a post may be opened at all: asked once, before any is, of who has sent many today."""
    network = reseau(request)
    return not (network and request.FILES) or garde.count("contribuer, essais", network) <= ESSAIS


def keep(row: Contribution, received: list[File], request) -> None:
    """Keep the files of a contribution while they wait, in its transaction; TropTard if there is no room.

    What is undone leaves nothing on the disk; what a killed process leaves there, the purge finds.
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
    sent = garde.count("contribuer, fichiers", network)
    return sent > ENVOIS or garde.count("contribuer, octets", network, size) > RESEAU


def _waiting(**which) -> int:
    """Bytes of the files that wait."""
    rows = FichierPropose.objects.filter(**which).exclude(fichier="")
    return rows.aggregate(sum=Sum("poids"))["sum"] or 0


def served(request, row: Contribution, pk: int):
    """A file of a contribution, while it is there, to whoever the caller has let in."""
    one = row.fichiers.filter(pk=pk).exclude(fichier="").first()
    if one is None:
        raise Http404("Ce fichier n’est plus là.")
    return hand_over(request, one.fichier.name, sous=one.nom)


# Decided


class ChoixDeFichiersForm(forms.Form):
    """What becomes of each file that waits. `tout`: all are taken, whatever is chosen."""

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
        """(file, its choice, its title, the words about persons in that) as a page lists them."""
        for one in self.fichiers:
            titre = self[f"titre_{one.pk}"]
            yield one, self[f"choix_{one.pk}"], titre, self._prives(one, titre.value() or titre.initial)

    def _prives(self, one: FichierPropose, titre: str) -> list[MotPrive]:
        """Words about persons in a title, masked but for those that are ticked: see `DecisionForm`."""
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
    """Give a record the files that are taken, {key: title}; the others leave. In the transaction of the decision."""
    for one in row.fichiers.select_for_update().filter(pk__in=titres).exclude(fichier=""):
        titre, prives = titres[one.pk]
        joint = FichierJoint(entree_id=entree_id, titre=titre, fichier=one.fichier.name)
        retrait = take_out(joint, decisions(prives, par=par))
        joint.save()
        retrait.keep()
        one.fichier, one.suite = "", S.PRIS
        one.save(update_fields=["fichier", "suite"])


def drop(row: Contribution) -> None:
    """Take off the disk what still waits, once the transaction is certain."""
    for one in row.fichiers.select_for_update().exclude(fichier=""):
        transaction.on_commit(partial(default_storage.delete, one.fichier.name), robust=True)
        one.fichier, one.suite = "", S.REFUSE
        one.save(update_fields=["fichier", "suite"])


def taken(row: Contribution) -> list[bool]:
    """Of each of its files, whether the record has it."""
    return [suite == S.PRIS for suite in row.fichiers.values_list("suite", flat=True)]
