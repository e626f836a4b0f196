"""Previews: a record that is never saved, with proposed values, on the page of its type."""

from collections.abc import Sequence
from copy import copy

from django.db import models
from django.http import HttpResponse

from fiches import registre
from fiches.indexation import propose
from fiches.models import Fiche
from fiches.suivi.comparaison import state
from participants.contributions import champs
from participants.contributions.comparaison import ChampPropose
from participants.contributions.forms import CHAMP, PropositionForm
from socle.annuaire.models import Entree, Statut
from socle.vie_privee.mentions import Genre
from socle.vie_privee.public_text import take_out
from socle.vie_privee.questions import MotPrive, decisions


def of_record(form: PropositionForm) -> PropositionForm:
    """The form without errors about its sender, who is asked only when sending. Wrong answers stay."""
    said = form.errors.get("__all__")
    nothing = said.as_data() if said else []
    for name, errors in list(form.errors.items()):
        if not name.startswith(CHAMP) and (name == "__all__" or errors.as_data()[0].code == "required"):
            del form.errors[name]
    if any(error.code == "rien" for error in nothing):
        form.add_error(None, nothing[0])
    return form


def with_values(fiche: Fiche, valeurs: dict) -> Fiche:
    """A copy with the proposed values. A new record has the key 0, which no record has."""
    shown = copy(fiche)
    shown._state = copy(fiche._state)
    shown._prefetched_objects_cache = dict(getattr(fiche, "_prefetched_objects_cache", {}))
    if fiche.pk is None:
        cle = registre.for_model(type(fiche)).cle
        shown.entree = Entree(pk=0, type=cle, slug="apercu", statut=Statut.BROUILLON)
        shown.pk, shown.slug = 0, "apercu"
        for field in fiche._meta.many_to_many:
            _hold(shown, field, [])
    shown.statut = Statut.BROUILLON  # so that it is neither indexed nor offered for sharing
    fields = {field.name: field for field in champs.offered(type(fiche))}
    for name, said in valeurs.items():
        value = champs.read(fields[name], said["propose"])
        if fields[name].many_to_many:
            _hold(shown, fields[name], list(value))
        else:
            setattr(shown, name, value)
    shown.derive(shown.as_saved())
    if shown.themes_automatiques and "themes" not in valeurs:
        _hold(shown, fiche._meta.get_field("themes"), list(propose(shown)))
    return shown


def as_published(fiche: Fiche, values: dict, prives: Sequence[MotPrive], *, par: str) -> Fiche:
    """A copy as the public would read it. `prives`: decisions on its private words."""
    fields = {field.name: field for field in champs.offered(type(fiche))}
    said = {name: {"propose": champs.words(fields[name], value)} for name, value in values.items()}
    shown = with_values(fiche, said)
    take_out(shown, decisions(prives, par=par))
    shown.derive(shown.as_saved())
    return shown


def _hold(fiche: Fiche, field: models.ManyToManyField, rows: list) -> None:
    """Puts these rows into the cache, as if they had been read."""
    found = field.related_model._default_manager.none()
    found._result_cache = rows
    fiche._prefetched_objects_cache[field.name] = found


def tells_of_persons(fiche: Fiche, valeurs: dict) -> bool:
    """Whether new words of a proposal are private, so that the team may mask them.

    Contacts are not looked for, or a visitor would learn who they are.
    """
    now = state(fiche) if fiche.pk else {}
    for field in champs.offered(type(fiche)):
        if said := valeurs.get(field.name):
            public = champs.words(field, now[field.name]) if now else None
            ligne = ChampPropose(field, said["vu"], said["propose"], public, devenir="")
            if any(one.genre != Genre.ADRESSE for one in ligne.mentions(ligne.dit)):
                return True
    return False


def page(request, fiche: Fiche, form: PropositionForm, **context) -> HttpResponse:
    """The page with the values of the form, between a band and the part below from `context`."""
    context = {"bande": "contributions/_bande.html", "dessous": "contributions/_envoyer.html", "form": form} | context
    context["personnes"] = tells_of_persons(fiche, form.valeurs)
    return page_of(request, with_values(fiche, form.valeurs), context)


def page_of(request, shown: Fiche, context: dict) -> HttpResponse:
    view = registre.for_model(type(shown)).page(apercu=shown, extra_context=context)
    view.setup(request, slug=shown.slug)
    return view.get(request, slug=shown.slug)
