"""Import of a spreadsheet at the desk: a page shows each change, cell by cell; then all is saved, or nothing."""

from datetime import timedelta
from itertools import islice

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst

from fiches import registre
from fiches.acces import admin_url
from fiches.desk_base import DeskPages, desk_page
from fiches.suivi import imports
from fiches.suivi.comparaison import Difference
from fiches.suivi.historique import name_of
from fiches.suivi.models import ImportEnAttente
from fiches.tableur.importation import (
    ATTEND,
    CONFLIT,
    CREE,
    MODIFIE,
    REFUS,
    check_headings,
    columns_of,
    import_fiches,
)
from socle.comptes.roles import can_publish
from socle.francais.nombres import whole
from socle.francais.wording import pluriel, pluriel_ou_aucune
from socle.medias.fichiers import poids
from socle.tableur import classeur
from socle.tableur.lecture import read
from socle.tableur.lecture_csv import FichierIllisible

SHOWN = 200  # rows of each kind on the page
NAMED = 20  # records that a message names
WORDS = 20_000  # characters of a row that are compared word by word
TITRES = [
    (
        ATTEND,
        "À regarder",
        "Ces lignes montreraient à tout le monde l’adresse, le numéro ou le nom de quelqu’un : elles attendent. Cochez "
        "celles que vous voulez enregistrer ainsi, ou corrigez-les dans le fichier.",
    ),
    (REFUS, "Refusées", "Ces lignes ne changeront rien. Corrigez-les dans le fichier, puis envoyez-le à nouveau."),
    (CONFLIT, "En conflit", "Ces fiches ont changé ici depuis l’export : leurs lignes ne changeront rien."),
    (MODIFIE, "Modifiées", ""),
    (CREE, "Nouvelles, en brouillon", ""),
]


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="fichier CSV ou XLSX",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide."},
        help_text=f"{poids(classeur.OCTETS)} au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > classeur.OCTETS:
            raise forms.ValidationError(classeur.TROP_LOURD)
        return fichier


class TableurAdmin(DeskPages):
    """Mixin for the admin of a record type."""

    def get_urls(self):
        return [
            self.path("importer/", self.import_view, "importer"),
            self.path("importer/<int:attente>/", self.preview_view, "importer_apercu"),
            self.path("importer/faits/<int:numero>/", self.done_view, "importer_fait"),
            *super().get_urls(),
        ]

    def has_import_permission(self, request):
        return self.has_change_permission(request) or self.has_add_permission(request)

    @property
    def _declaration(self):
        return registre.for_model(self.model)

    def _read(self, contenu: bytes, request, unknown=lambda name: None, numero=0, **options):
        """Reads and imports the file. `numero`: number of the import, once it is done."""
        tableau = read(bytes(contenu), {column.nom for column in columns_of(self._declaration)}, bounded=True)
        rows = check_headings(self._declaration, tableau.rows, unknown)
        options |= {"lossy": tableau.lossy, "user": request.user, "raison": imports.reason(numero, tableau.format)}
        return import_fiches(self._declaration, rows, **options)

    def import_view(self, request):
        """Asks for a file, which is kept until it is confirmed; nothing else is saved."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = FichierForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            contenu = form.cleaned_data["fichier"].read()
            try:
                rapport = self._read(contenu, request, essai=True)
            except (FichierIllisible, UnicodeDecodeError) as error:
                message = str(error) if isinstance(error, FichierIllisible) else classeur.ABIME
                form.add_error("fichier", message)
            else:
                attente = ImportEnAttente.objects.create(
                    utilisateur=request.user,
                    type=self._declaration.cle,
                    nom=form.cleaned_data["fichier"].name[:200],
                    contenu=contenu,
                    empreinte=rapport.empreinte,
                )
                return redirect(self._address("importer_apercu", attente))
        columns = [column.nom for column in columns_of(self._declaration)]
        context = {"title": "Importer un tableur", "form": form, "colonnes": columns}
        done = imports.last_imports(self.model)
        context["faits"] = [(fait, self._address_of_import(fait.numero)) for fait in done]
        return self._import_page(request, "admin/fiches/importer.html", context)

    def preview_view(self, request, attente):
        """Shows what the file would do, row by row; once confirmed, does it, if nothing changed since."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            since = timezone.now() - timedelta(days=settings.CONSERVATION["tableurs"])
            rows = ImportEnAttente.objects.filter(cree_le__gte=since)
            mine = rows.filter(utilisateur=request.user, type=self._declaration.cle)
            rows = mine.select_for_update() if request.method == "POST" else mine
            self.key(attente)
            attente = rows.filter(pk=attente).first()
            if attente is None:
                if request.method != "POST":
                    raise Http404("Cet import a été fait, abandonné, ou a attendu plus d’un jour.")
                message = "Cet import a déjà été fait ou abandonné : rien n’a été enregistré cette fois."
                self.message_user(request, message, messages.WARNING)
                return redirect(self._address("changelist"))
            if request.method == "POST":
                answer = (
                    self._abandon(request, attente) if "abandonner" in request.POST else self._take(request, attente)
                )
                if answer:
                    return answer
        return self._preview(request, attente)

    def _abandon(self, request, attente):
        saved = self._has_saved(attente)
        attente.delete()
        rest = "ce qui est déjà enregistré le reste" if saved else "rien n’a été enregistré"
        self.message_user(request, f"L’import est abandonné : {rest}.", messages.INFO)
        return redirect(self._address("changelist"))

    def _take(self, request, attente):
        numero = attente.pk
        try:
            with transaction.atomic():
                rapport = self._read(
                    attente.contenu, request, numero=numero, attendu=attente.empreinte, garder=_ticked(request)
                )
                if rapport.attendu and not rapport.of(ATTEND):
                    attente.delete()
        except DatabaseError:
            message = "La base de données n’a pas pu tout enregistrer : rien n’a été enregistré. Recommencez."
            self.message_user(request, message, messages.ERROR)
            return None
        if not rapport.attendu:
            message = (
                "Des fiches ont changé depuis cet aperçu : rien n’a été enregistré. Relisez ce que le fichier ferait "
                "maintenant, puis confirmez."
            )
            self.message_user(request, message, messages.WARNING)
            return None
        crees = "fiche créée, en brouillon" if rapport.crees else "fiche créée"
        said = [pluriel_ou_aucune(rapport.crees, crees, "fiches créées, en brouillon")]
        said.append(pluriel_ou_aucune(rapport.modifies, "modifiée", "modifiées"))
        self.message_user(request, f"{capfirst(', '.join(said))}.", messages.SUCCESS)
        if left := len(rapport.refus) + len(rapport.conflits):
            words = pluriel(
                left, "ligne n’a pas été reprise : corrigez-la", "lignes n’ont pas été reprises : corrigez-les"
            )
            self.message_user(request, f"{words}, puis envoyez à nouveau le fichier.", messages.WARNING)
        if waiting := len(rapport.of(ATTEND)):
            words = pluriel(
                waiting,
                "ligne attend : dites si ce qu’elle montrerait",
                "lignes attendent : dites si ce qu’elles montreraient",
            )
            said = f"{words} de quelqu’un peut être public, ou abandonnez."
            self.message_user(request, said, messages.WARNING)
            return redirect(request.path)
        changed = rapport.crees + rapport.modifies
        return redirect(self._address_of_import(numero) if changed else self._address("changelist"))

    def _has_saved(self, attente) -> bool:
        """Whether a part of the waiting file is saved already."""
        return imports.made_by(self.model, attente.pk).exists()

    def _address_of_import(self, numero: int) -> str:
        return admin_url(self.model, "importer_fait", numero)

    def done_view(self, request, numero):
        """Shows what an import changed. POST takes it back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        self.key(numero)
        made = imports.made_by(self.model, numero)
        first = made.first()
        if first is None:
            raise Http404("Cet import n’existe pas.")
        mine = first.history_user_id == request.user.pk or can_publish(request.user)
        may_undo = mine and self.has_change_permission(request)
        if request.method == "POST":
            if not may_undo:
                raise PermissionDenied
            self._say_undone(request, imports.undo(self.model, numero, user=request.user))
            return redirect(request.path)
        page = Paginator(made, SHOWN).get_page(request.GET.get("p"))
        fiches = imports.told(self.model, page.object_list, with_bin=self.has_delete_permission(request))
        undone = imports.is_undone(self.model, numero)
        counts = dict(made.order_by().values_list("history_type").annotate(Count("pk")))
        context = {
            "title": f"Import n° {numero}",
            "par": name_of(first.history_user),
            "le": first.history_date,
            "bilan": _told(counts.get("+", 0), counts.get("~", 0)),
            "page": page,
            "fiches": [(fiche, admin_url(self.model, "change", fiche.pk)) for fiche in fiches],
            "annule": undone,
            "peut_annuler": may_undo and not undone,
        }
        return self._import_page(request, "admin/fiches/importer_fait.html", context)

    def _say_undone(self, request, bilan):
        said = [pluriel_ou_aucune(bilan.rendues, "fiche remise comme avant", "fiches remises comme avant")]
        if bilan.jetees:
            said.append(pluriel(bilan.jetees, "fiche créée mise à la corbeille", "fiches créées mises à la corbeille"))
        self.message_user(request, f"Import annulé : {', '.join(said)}.", messages.SUCCESS)
        if bilan.gardees:
            kept = pluriel(
                len(bilan.gardees),
                "fiche changée ou utilisée depuis est laissée",
                "fiches changées ou utilisées depuis sont laissées",
            )
            names = ", ".join(f"« {fiche.titre} »" for fiche in bilan.gardees[:NAMED])
            more = len(bilan.gardees) - NAMED
            names += f" et {pluriel(more, 'autre', 'autres')}" if more > 0 else ""
            self.message_user(request, f"{capfirst(kept)} : {names}.", messages.WARNING)

    def _preview(self, request, attente):
        unknown = []
        rapport = self._read(attente.contenu, request, unknown.append, essai=True)
        if rapport.empreinte != attente.empreinte:
            ImportEnAttente.objects.filter(pk=attente.pk).update(empreinte=rapport.empreinte)
        groupes = []
        for sort, titre, aide in TITRES:
            lignes = rapport.of(sort)
            if lignes:
                shown = [(ligne, _compared(ligne.changements)) for ligne in islice(lignes, SHOWN)]
                attend = sort == ATTEND
                groupes.append({"titre": titre, "aide": aide, "nombre": len(lignes), "lignes": shown, "attend": attend})
        changes, waiting = rapport.crees + rapport.modifies, len(rapport.of(ATTEND))
        bouton = f"Enregistrer {pluriel(changes, 'fiche', 'fiches')}" if changes else ""
        if waiting:
            bouton = f"{bouton}, et celles que j’ai cochées" if changes else "Enregistrer les fiches cochées"
        context = {
            "title": "Ce que le fichier changerait",
            "attente": attente,
            "en_partie": self._has_saved(attente),
            "rapport": rapport,
            "groupes": groupes,
            "inconnues": unknown[:20],
            "changements": changes + waiting,
            "attendent": waiting,
            "bouton": bouton,
            "limite": SHOWN,
        }
        return self._import_page(request, "admin/fiches/importer_apercu.html", context)

    def _import_page(self, request, template, context):
        return desk_page(self, request, template, {"adresse_importer": self._address("importer")} | context)


def _told(crees: int, modifies: int) -> str:
    """« 1 fiche créée, 2 modifiées »; a count of zero is left out."""
    if not modifies:
        return pluriel(crees, "fiche créée", "fiches créées")
    words = "modifiée|modifiées" if crees else "fiche modifiée|fiches modifiées"
    said = [pluriel(crees, "fiche créée", "fiches créées")] if crees else []
    return ", ".join([*said, pluriel(modifies, *words.split("|"))])


def _ticked(request) -> set[int]:
    """The lines to save with the private words they show."""
    return {numero for text in request.POST.getlist("garder") if (numero := whole(text, 9))}


def _compared(differences: list[Difference]) -> list[Difference]:
    """The cells of a row, compared word by word only while that is quick."""
    size = 0
    for difference in differences:
        size += len(difference.before) + len(difference.after)
        if size > WORDS:  # sets a cached property: the whole text is then shown as replaced
            difference.__dict__["pieces"] = []
    return differences
