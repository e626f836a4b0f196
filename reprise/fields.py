"""The forms of the old site: how their labels, declared per type in formulaires/, become our fields.

Base of all types; the readers, savers and the desk depend on `Formulaire` and `Libelle`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import FileField, QuerySet

from fiches.attached import FichierInterne, FichierJoint
from fiches.choice_lists import Choix
from fiches.choice_lookup import ListeDeChoix
from reprise.file_names import is_stored_as, parted
from reprise.lecture import FICHIER, Lue, Valeurs
from reprise.masking import persons_here, public_title
from reprise.models import FICHIERS
from reprise.persons import person
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.territoires.reconnaissance import Reconnaisseur

_EMAIL = re.compile(r"^[^\s@;,:<>()\"]+@[^\s@;,:<>()\"]+\.[A-Za-z]{2,}$")
_EMPTY_LINK = re.compile(r"^https?:/{0,2}$", re.IGNORECASE)


def one_line(text: str, length: int) -> str:
    return " ".join(text.split())[:length]


def _holds(text: str, said: str) -> bool:
    """Whether `text` has all words of `said`, in order."""
    words = iter(text.replace(",", " ").split())
    return all(word in words for word in said.replace(",", " ").split())


def hang(held: Iterable, noms: Iterable[str], new: Callable[[str], Any]) -> None:
    """Saves a row for each name of a file on the old site: one of `held` with a shorter form of the name, or a new one.

    A row that already has one of the names is left alone.
    """
    noms = list(dict.fromkeys(noms))
    known = {row.nom_origine: row for row in held}
    others = [row for nom, row in known.items() if nom and nom not in noms]
    for nom in (nom for nom in noms if nom not in known):
        row = next((row for row in others if is_stored_as(nom, row.nom_origine)), None)
        if row:
            others.remove(row)
        row = row or new(nom)
        row.nom_origine = nom
        row.save()


@dataclass(frozen=True)
class Libelle:
    """A label of an old form, and the field of ours for it.

    `champ`: field that holds the text. `genre`, as the text dump prints it: "texte", "ligne" (one line), "noms"
    (organisations, on several lines), "choix" (one of a list), "listes" (several, a `- ` each), "courriel", "lien" (an
    address, else an anomaly), "fichier", "rubrique" (a heading, without value). `liste`: list of its values.
    `personne`: (role, attribute of Contact). `autres`: fields that `read_more` fills from this label; `ensemble`: from
    this and other labels. `cle`: key of a field that only the old site's data has. `attendu`: type of the anomaly if it
    is empty. `exige`: a form without this label is not of the type. `autrement`: its name on another wiki.
    """

    champ: str = ""
    genre: str = "texte"
    liste: str = ""
    personne: tuple[str, str] | None = None
    autres: tuple[str, ...] = ()
    ensemble: tuple[str, ...] = ()
    cle: str = ""
    attendu: str = ""
    exige: bool = False
    autrement: str = ""

    @property
    def champs(self) -> tuple[str, ...]:
        """The fields that this label alone fills."""
        return (*filter(None, [self.champ]), *self.autres)

    @property
    def texte(self) -> str:
        """The field with exactly what people wrote; "" if none."""
        return "" if self.liste or self.genre == "lien" else self.champ

    @property
    def libre(self) -> bool:
        """Whether people write freely there."""
        return self.genre in ("texte", "rubrique") and not self.cle


_NONE = Libelle()


class Formulaire:
    """A form of the old site: how its text dump prints records, and how they become records of one type.

    `libelles` has the order of the form. Text under an unknown label is an anomaly, never dropped. Each run makes its
    own object; readers use only its labels, without the database.
    """

    cle = ""
    model = None
    saver: type | None = None  # None for FicheSaver
    libelles: dict[str, Libelle] = {}
    titres = 2  # prints of a record's title before its body
    sans_titre = False  # records have no title: registrations
    complet = False  # every label is printed, even for an empty field
    titres_sans_corps = 0  # prints of the title of a record without a body; 0: such a record is of unknown type
    date_au_titre = False  # that title must hold a date
    fichier = ""  # the field for the name of the record's own file, which sources name but do not hold
    fichiers_publics = True  # whether the files under that label are public with the record
    titre = "titre"

    def __init__(self):
        self.rows: dict[str, ListeDeChoix] = {}

    @cached_property
    def noms(self) -> frozenset[str]:
        """The singular and the plural of our type, folded."""
        meta = self.model._meta
        return frozenset(fold(str(name)) for name in (meta.verbose_name, meta.verbose_name_plural))

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """The labels in the text dump, headings included."""
        return tuple(label for label, libelle in self.libelles.items() if not libelle.cle)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels in the text dump, without headings."""
        return tuple(label for label in self.sequence if self.libelles[label].genre != "rubrique")

    @cached_property
    def all_labels(self) -> tuple[str, ...]:
        """All labels of fields, with those of the data alone."""
        return (*self.labels, *self.cles.values())

    @cached_property
    def cles(self) -> dict[str, str]:
        """{key on the old site: label} for fields only in the data."""
        return {libelle.cle: label for label, libelle in self.libelles.items() if libelle.cle}

    def of(self, *genres: str) -> list[str]:
        return [label for label, libelle in self.libelles.items() if libelle.genre in genres]

    @cached_property
    def places(self) -> Reconnaisseur:
        """The official code."""
        return Reconnaisseur()

    def read(self, lue) -> Valeurs:
        """Returns the values of a record; `lue` has `titre` and `champs`, {label: .texte}.

        Empty values are left out, so that they empty no field here: a wiki shows hidden fields as empty.
        """
        valeurs = Valeurs({} if self.sans_titre else {self.titre: one_line(lue.titre, self._length(self.titre))})
        said = {label: champ.texte for label, champ in lue.champs.items()}
        for label, libelle in self.libelles.items():
            if libelle.champ and (value := self._value(label, said.get(label, ""), valeurs)):
                valeurs.champs[libelle.champ] = value
        valeurs.personnes = self._persons(said)
        valeurs.fichiers = said.get(FICHIER, "").splitlines()
        if self.fichier and valeurs.fichiers:
            valeurs.champs[self.fichier] = one_line(valeurs.fichiers[0], 300)
        valeurs.joints |= {nom[:300]: titre[:200] for nom, (_, titre) in lue.joints.items()}
        self.read_more(lue, said, valeurs)
        valeurs.anomalies += [("non_attribuee", k, v) for k, v in said.items() if v.strip() and not self._claims(k)]
        return valeurs

    def _value(self, label: str, text: str, valeurs: Valeurs):
        libelle = self.libelles[label]
        field = self.model._meta.get_field(libelle.champ)
        if libelle.liste:
            rows = self._rows(libelle.liste, label, text.splitlines() if field.many_to_many else [text], valeurs)
            return rows if field.many_to_many else next(iter(rows), None)
        if libelle.genre == "lien":
            return self._link(label, text, valeurs)
        if libelle.champ in getattr(self.model, "textes", ()):
            text, noms = parted(text)
            valeurs.joints |= {nom[:300]: nom[:200] for nom in noms}
        return one_line(text, field.max_length) if field.max_length else text

    def _claims(self, label: str) -> bool:
        libelle = self._under(label)
        return label == FICHIER or bool(libelle.champs or libelle.ensemble or libelle.personne)

    def _under(self, label: str) -> Libelle:
        return Libelle(self.fichier) if label == FICHIER else self.libelles.get(label, _NONE)

    @property
    def personnes(self) -> dict[str, tuple[str, str]]:
        return {label: libelle.personne for label, libelle in self.libelles.items() if libelle.personne}

    def fields_under(self, label: str) -> tuple[str, ...]:
        libelle = self._under(label)
        return (*libelle.champs, *libelle.ensemble)

    def is_shown(self, label: str) -> bool:
        """Whether our pages show what stands under a label: not persons, nor files for staff."""
        return bool(self.fields_under(label)) or (label == FICHIER and self.fichiers_publics)

    def read_more(self, lue, said: dict[str, str], valeurs: Valeurs) -> None:
        """Reads what is special to a type."""

    def dated(self, titre: str) -> tuple | None:
        """A key that is equal for titles that write one day in two ways; None for a title without a day."""
        return None

    def field_of(self, label: str) -> str:
        """The field with exactly what people wrote under a label, to which removed text can return."""
        return self.libelles.get(label, _NONE).texte

    def filled_by(self, label: str) -> str:
        """The field that an editor fills if the old site had nothing under a label: text, link or file."""
        if label == FICHIER:
            return next((field.name for field in self.model._meta.fields if isinstance(field, FileField)), "")
        libelle = self.libelles.get(label, _NONE)
        return "" if libelle.liste else libelle.champ

    def make_room(self, demo: QuerySet) -> int:
        """Deletes unedited demo records, since real ones replace them; returns how many."""
        pks = list(demo.values_list("pk", flat=True))
        Entree.objects.filter(pk__in=pks).delete()  # records with all that depends on them
        return len(pks)

    def prepare(self, fiche, champs: dict[str, Any]) -> None:
        """Clears what followed from the values that `champs` will replace (places)."""

    def complete(self, fiche, valeurs: Valeurs) -> None:
        """Fills what follows from the values (places), before the save."""

    def reconcile(self, fiche, base: dict[str, str], valeurs: Valeurs) -> None:
        """Makes equal what only looks different, before the comparison.

        The longer name of a file, from the old site's data, is kept to fetch it; `base` has that of a merged record. A
        text with all words of the source in order, and more, stays. A file deleted here does not come back.
        """
        for name in valeurs.morceaux & valeurs.champs.keys():
            said = valeurs.champs[name]
            told = (getattr(fiche, name), base.get(name, ""))
            valeurs.champs[name] = next((text for text in told if _holds(text, said)), said)
        if not (valeurs.fichiers or valeurs.joints):
            return
        there = self.files_of(fiche)
        deleted = set(base.get(FICHIERS, ())) - there.keys()
        valeurs.fichiers = [nom for nom in valeurs.fichiers if nom not in deleted]
        valeurs.joints = {nom: titre for nom, titre in valeurs.joints.items() if nom not in deleted}
        held = [*there, *filter(None, [base.get("nom_origine")])]
        for number, shown in enumerate(valeurs.fichiers):
            stored = shown if shown in held else next((nom for nom in held if is_stored_as(nom, shown)), None)
            if stored is None:
                continue
            held.remove(stored)
            valeurs.fichiers[number] = stored
            if valeurs.champs.get("nom_origine") == shown:
                valeurs.champs["nom_origine"] = stored

    def files_of(self, fiche) -> dict[str, bool]:
        """{name on the old site: whether the file is here}."""
        nom = getattr(fiche, "nom_origine", "")
        found = {nom: bool(fiche.fichier)} if nom else {}
        found |= {row.nom_origine: bool(row.fichier) for row in FichierJoint.objects.filter(entree=fiche.pk)}
        kept = FichierInterne.objects.filter(entree=fiche.pk).values_list("nom_origine", flat=True)
        return found | dict.fromkeys(set(kept) & found.keys(), True)

    def holds_unsaid_files(self, fiche, base: dict, valeurs: Valeurs) -> bool:
        """Whether the record has a file of an earlier source that this source does not name."""
        told = set(base.get(FICHIERS, ()))
        held = [row.nom_origine for row in FichierJoint.objects.filter(entree=fiche.pk) if row.nom_origine in told]
        named = self.joined(valeurs)
        return any(not any(is_stored_as(nom, said) for said in named) for nom in held)

    def missing(self, fiche, valeurs: Valeurs) -> list[str]:
        names = list(dict.fromkeys([*valeurs.fichiers, *valeurs.joints]))
        held = self.files_of(fiche) if names else {}
        return [nom for nom in names if not held.get(nom[:300])]

    def joined(self, valeurs: Valeurs) -> dict[str, str]:
        """{name on the old site: title} of files that no field of the record holds."""
        own = valeurs.champs.get("nom_origine")
        return {nom[:300]: "" for nom in valeurs.fichiers if nom[:300] != own} | valeurs.joints

    def attach(self, fiche, valeurs: Valeurs) -> None:
        """Saves the files, after the record."""
        if joined := self.joined(valeurs):
            held, noms = FichierJoint.objects.filter(entree=fiche.pk), persons_here(fiche)
            titres = {nom: public_title(titre, noms) for nom, titre in joined.items()}
            hang(held, joined, lambda nom: FichierJoint(entree_id=fiche.pk, titre=titres[nom]))

    def link(self, fiches: list) -> list[tuple[Any, str, str]]:
        """Ties new records together once all are saved; returns anomalies as (record, type, text)."""
        return []

    def _length(self, name: str) -> int:
        return self.model._meta.get_field(name).max_length or 10**6

    def _rows(self, liste: str, label: str, names: list[str], valeurs: Valeurs) -> list[Choix]:
        """An impossible name becomes an anomaly."""
        rows = self.rows.get(liste) or self.rows.setdefault(liste, ListeDeChoix(liste))
        valeurs.anomalies += [("non_attribuee", label, nom.strip()) for nom in names if not rows.takes(nom)]
        return list(dict.fromkeys(row for nom in names if (row := rows.get_or_create(nom))))

    @staticmethod
    def _link(label: str, text: str, valeurs: Valeurs) -> str:
        """A valid address, or "" and an anomaly; a blank is encoded and reported. The reader reports empty links."""
        text = " ".join(text.split())
        if text.lower() in ("", "http://", "https://"):
            return ""
        address = text.replace(" ", "%20")
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            address = ""
        if address != text:
            valeurs.anomalies.append(("lien_a_verifier", label, text))
        return address[:500]

    def _persons(self, said: dict[str, str]) -> list[dict]:
        """Contacts, one per role; an address inside a name becomes the `courriel`."""
        found: dict[str, dict] = {}
        for label, (role, attribute) in self.personnes.items():
            for read in person(role, said.get(label, "")):
                row = found.setdefault(role, {"role": role})
                if attribute == "nom":
                    row["nom"] = f"{row.get('nom', '')} {read['nom']}".strip()[:200]
                elif read["nom"]:
                    row[attribute] = read["nom"]
                if read["courriel"]:
                    row["courriel"] = read["courriel"]
        return list(found.values())


def note_odd(fiche: Lue, form: Formulaire | None, label: str, texte: str, ligne: int) -> None:
    if form and form.libelles[label].genre == "courriel" and texte and not _EMAIL.match(texte):
        fiche.note("courriel_invalide", label, texte, ligne)
    if _EMPTY_LINK.match(texte):
        fiche.note("lien_vide", label, texte, ligne)


def note_missing(fiche: Lue, form: Formulaire | None) -> None:
    if form is None:
        held = (f"{champ.label}\n{champ.texte}".strip() for champ in fiche.champs.values())
        fiche.note("type_inconnu", "", "\n".join([fiche.titre, *held]))
        return
    for label, libelle in form.libelles.items():
        if libelle.attendu and not (label in fiche.champs and fiche.champs[label].texte):
            fiche.note(libelle.attendu, label, "")
