"""Saves persons, in tables of their own, as saver.py saves records."""

from fiches.textes import as_text
from participants.models import CREATION, DEMONSTRATION
from reprise.fields import Formulaire
from reprise.following import follow, keep_links
from reprise.lecture import FICHIER, AnomalieLue, Valeurs
from reprise.masking import private_words
from reprise.models import Ecartee, TypeAnomalie, digest
from reprise.resolution import theirs
from reprise.saver import Saver, note
from socle.francais.texte import fold
from socle.journal.writing import lot
from socle.vie_privee.public_text import TextesPublics, as_written, take_out


class ParticipantSaver(Saver):
    def __init__(self, reprise: Formulaire, rapport):
        super().__init__(reprise, rapport)
        self.model = reprise.model
        self.met: set[int] = set()
        self.saved: list[tuple] = []  # (row, its name in the report, its first line)

    def _begin(self) -> None:
        """Prepares the first record. Without any record in the source, demo records stay."""
        self.rapport.demo_retirees += self._remove_demo()
        self.rows = {row.cle: row for row in self.model.objects.filter(cle__isnull=False)}
        self.left_out = {cle for row in Ecartee.objects.filter(type=self.cle) for cle in (row.cle, row.identifiant)}
        doubtful = self.model.objects.filter(anomalies__type=TypeAnomalie.FIN_DOUTEUSE, cle__isnull=False).distinct()
        self.doubtful = {row.premiere_ligne: self.rows[row.cle] for row in doubtful}

    def _remove_demo(self) -> int:
        """Real persons replace unedited demo ones; returns how many left."""
        rows = [row for row in self.model.objects.filter(source=DEMONSTRATION) if row.is_unedited_demo]
        for row in rows:
            row.delete()
        return len(rows)

    def save(self, lue) -> None:
        """Saves a person, unless erased here."""
        if not self.seen:
            self._begin()
        valeurs = self.reprise.read(lue)
        cle, twin = self._number(self.reprise.identity(valeurs))
        name = self.reprise.name(valeurs)
        row = self._find(cle, valeurs) or self._cut_short(cle, lue, valeurs)
        if row is None and self._is_left_out(cle, valeurs):
            self.rapport.count(self.cle, "inchangees")
            return
        odd = self._odd(lue, name, valeurs.anomalies)
        if twin:
            odd.append(AnomalieLue(TypeAnomalie.DOUBLON_PROBABLE, name, "", lue.premiere_ligne, name))
        if row is None:
            row, etat = self._create(cle, lue, valeurs), "creees"
        else:
            etat = self._update(row, lue, valeurs)
        self.met.add(row.pk)
        self.rapport.count(self.cle, etat)
        if self.undated and all(anomalie.type != TypeAnomalie.FIN_DOUTEUSE for anomalie in odd):
            row.anomalies.open().filter(type=TypeAnomalie.FIN_DOUTEUSE).settle()
        for anomalie in odd:
            self.note(row, anomalie)
        self.saved.append((row, name, lue.premiere_ligne))

    def link(self) -> None:
        """Has nothing to do by default."""

    def _find(self, cle: str, valeurs: Valeurs):
        return self.rows.get(cle)

    def _cut_short(self, cle: str, lue, valeurs: Valeurs):
        """The row that an incomplete text left: same first line, and its texts begin the present ones."""
        row = self.doubtful.get(lue.premiere_ligne)
        said = {name: as_text(value) for name, value in valeurs.champs.items()}
        if row is None or any(not said.get(name, "").startswith(text) for name, text in row.valeurs.items()):
            return None
        del self.doubtful[lue.premiere_ligne]
        self._call(row, cle)
        return row

    def _call(self, row, cle: str) -> None:
        self.rows.pop(row.cle, None)
        row.cle = cle
        self.rows[cle] = row

    def _is_left_out(self, cle: str, valeurs: Valeurs) -> bool:
        return digest(cle) in self.left_out

    def _create(self, cle: str, lue, valeurs: Valeurs):
        row = self.model(cle=cle, source=self.rapport.source)
        self._put(row, valeurs.champs, lue, self._said(lue, valeurs.champs))
        self.rows[cle] = row
        return row

    def _put(self, row, champs: dict, lue, said: dict[str, str]) -> None:
        several = self._fill(row, champs)
        if lue.creee_le and CREATION not in row.valeurs:
            row.cree_le = lue.creee_le
        row.valeurs, row.premiere_ligne, row.derniere_ligne = said, lue.premiere_ligne, lue.derniere_ligne
        row.save()
        for name, values in several.items():
            getattr(row, name).set(values)

    def _update(self, row, lue, valeurs: Valeurs) -> str:
        # The person may have changed the row since the run began. The key is that of this run (`_find`).
        names = [field.attname for field in row._meta.concrete_fields if field.name != "cle"]
        row.refresh_from_db(fields=names, from_queryset=self.model.objects.select_for_update(of=("self",)))
        dite = as_written(row) if isinstance(row, TextesPublics) else row
        if self.undated:
            keep_links(row.valeurs, valeurs)
        self._take_out_spam(dite, lue, valeurs)
        suite = follow(dite, row.valeurs, valeurs.champs, undated=self.undated)
        told = self._ask(row, str(row), row.cle, lue, suite, older=self.undated and CREATION in row.valeurs)
        said = row.valeurs | self._said(lue, {} if suite.changees else valeurs.champs)
        if suite.prendre or said != row.valeurs:
            self._put(row, suite.prendre, lue, said)
        if told:
            return "conflits"
        return "modifiees" if suite.prendre else "inchangees"

    def note(self, row, lue: AnomalieLue) -> None:
        note(self.rapport, f"{self.cle}:{row.cle}", lue, row.anomalies.model, participant=row)


class RepriseParticipant(Formulaire):
    """Turns the text of a dump into the fields of one type of person."""

    saver = ParticipantSaver
    identite: tuple[str, ...] = ()  # fields that identify a person in another dump, name first

    def read(self, lue):
        valeurs = super().read(lue)
        valeurs.anomalies += [("non_attribuee", FICHIER, nom) for nom in (*valeurs.fichiers, *valeurs.joints)]
        return valeurs

    def identity(self, valeurs: Valeurs) -> str:
        """The folded key that identifies a person in any dump."""
        return " | ".join(fold(valeurs.champs.get(name, "")) for name in self.identite)

    def name(self, valeurs: Valeurs) -> str:
        """The name of the record in the report, which only the operator reads."""
        names = (valeurs.champs.get(name, "") for name in self.identite if name != "courriel")
        return " ".join(filter(None, names))


@lot()
def take_theirs(anomalie):
    """Gives a person all that the old site says; returns the saved person, who follows the old site again.

    Raises DecisionRefusee, with nothing changed, if a field cannot hold its text.
    """
    rows = type(anomalie.participant)._default_manager.select_for_update(of=("self",))
    participant = rows.get(pk=anomalie.participant_id)
    values = theirs(participant, anomalie.valeurs)
    several = {name: value for name, value in values.items() if isinstance(value, list)}
    for name in values.keys() - several.keys():
        setattr(participant, name, values[name])
    participant.valeurs |= anomalie.valeurs
    public = isinstance(participant, TextesPublics) and participant.is_read_by_public
    retrait = take_out(participant, private_words(participant, champs=values)) if public else None
    participant.save()
    if retrait:
        retrait.keep()
    for name, value in several.items():
        getattr(participant, name).set(value)
    return participant
