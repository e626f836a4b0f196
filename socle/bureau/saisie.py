"""What somebody typed in a form of the desk, and what becomes of it if it was not saved.

A form whose page names its author (`mark`) loses nothing. Its POST is signed and carried as one hidden field through
the login, back to its author only; the server stores nothing. With JavaScript, static/admin-saisie.js also keeps what
is typed in a `SaisieGardeeAdmin` in the browser. Reasons: docs/decisions/unsaved-texts.md.
"""

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms import FileField
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

# Names of hidden fields: the author; the key under which the browser keeps it; what is carried; show it, do not save
# it.
MARQUE, CLE, PORTEE, REPRENDRE = "_saisie_de", "_saisie", "_saisie_portee", "_reprendre"
OURS = {MARQUE, CLE, PORTEE, REPRENDRE, "csrfmiddlewaretoken"}
BUTTONS = {"_save", "_addanother", "_continue", "_saveasnew"}
DUREE = timedelta(days=7)  # the same as in static/saisie.js
PLACE = 1_500_000  # characters that may be carried, signed: anybody must be allowed to send the next POST
COOKIE = "saisie-"  # followed by the key of what was just saved
_KEY = re.compile(r"[a-z0-9]{8,32}")


@dataclass(frozen=True)
class Saisie:
    """What a POST held.

    `adresse`: where it was sent; `page`: where it was typed; `compte`: key of its author; `le`: when, in ISO format;
    `champs`: (name, value); `fichiers`: names of files, which are not carried; `reprise`: whether its form can show it
    again.
    """

    adresse: str
    page: str
    compte: int
    le: str
    champs: tuple[tuple[str, str], ...]
    fichiers: tuple[str, ...]
    reprise: bool

    @property
    def signee(self) -> str:
        """What is carried; "" if it is too long."""
        value = signing.dumps(asdict(self), salt=PORTEE, compress=True)
        return value if len(value) <= PLACE else ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.le)

    @property
    def cle(self) -> str:
        """The key under which the browser keeps it; "" if it does not."""
        return next((value for name, value in self.champs if name == CLE), "")

    @property
    def envoyes(self) -> list[tuple[str, str]]:
        """(name, value) to send to its form again."""
        return [(name, value) for name, value in self.champs if name not in OURS]

    @property
    def textes(self) -> list[str]:
        """Values that are texts: not a choice, key or button."""
        return [value for _, value in self.envoyes if re.search(r"\S\s+\S", value)]


# Reading


def mark(request, page: str = "") -> str:
    """The signed author and page of a form."""
    return signing.dumps([request.user.pk, page or request.get_full_path()], salt=MARQUE)


def comes_back(request) -> bool:
    """Whether the form at this address can show again what it is sent."""
    match = request.resolver_match
    handler = getattr(match.func, "model_admin", None)
    return getattr(handler, "saisie_reprise", False) and (match.url_name or "").endswith(("_add", "_change"))


def posted(request) -> Saisie | None:
    """What the POST of a form of the desk holds; None without a mark, or if nothing was typed."""
    try:
        compte, page = signing.loads(request.POST.get(MARQUE, ""), salt=MARQUE)
    except signing.BadSignature:
        return None
    champs = tuple(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in OURS - {CLE} and name not in BUTTONS and "password" not in name
    )
    fichiers = [one.name for _, several in request.FILES.lists() for one in several]
    fichiers += getattr(request, "fichiers_non_lus", ())
    reprise = comes_back(request)
    le = timezone.now().isoformat()
    found = Saisie(request.get_full_path(), page, compte, le, champs, tuple(fichiers), reprise)
    return found if reprise or found.textes else None


def carried(request) -> Saisie | None:
    """What a page of the login carries, or None."""
    try:
        said = signing.loads(request.POST.get(PORTEE, ""), salt=PORTEE, max_age=DUREE)
    except signing.BadSignature:
        return None
    champs = tuple((name, value) for name, value in said.pop("champs"))
    return Saisie(**said | {"champs": champs, "fichiers": tuple(said["fichiers"])})


def of(request) -> Saisie | None:
    """What there is to show again, carried or just sent."""
    return carried(request) or posted(request)


class SansFichiers(FileUploadHandler):
    """Reads no file while the sender is unknown; keeps the names, to ask for the files again."""

    def new_file(self, field_name, file_name, *args, **kwargs):
        kept = self.request.__dict__.setdefault("fichiers_non_lus", [])
        if file_name and len(kept) < 20:
            kept.append(file_name)
        raise SkipFile


# Showing


def show_again(request, saisie: Saisie, why: str, *, status: int = 200) -> TemplateResponse:
    """The page that gives back to its author what was typed. `why` it was not saved."""
    request.current_app = admin.site.name
    own = {"title": "Ce que vous aviez tapé", "saisie": saisie, "pourquoi": why}
    context = admin.site.each_context(request) | own | {"marque_de_saisie": mark(request, saisie.page)}
    return TemplateResponse(request, "admin/reprendre.html", context, status=status)


def saved(request, response: HttpResponse) -> HttpResponse:
    """Tells the browser to forget what was just saved: a cookie names it, which the script reads and deletes."""
    key = request.POST.get(CLE, "")
    if _KEY.fullmatch(key):
        response.set_cookie(
            f"{COOKIE}{key}",
            "1",
            max_age=DUREE,
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


class NonEnregistreForm:
    """Mixin for a form of the admin that shows its values and their errors, and never saves."""

    def is_valid(self):
        super().is_valid()
        return False


class SaisieGardeeAdmin(admin.ModelAdmin):
    """An admin whose form the browser keeps while somebody types, and which is shown again after a login.

    For texts meant to be read, never for a form about a person. Kept are the fields of the model, except files, and the
    rows of an inline with `saisie_gardee = True`. `saisie_reprise`, in any admin: the form answers REPRENDRE with what
    it is sent, and saves nothing.
    """

    saisie_reprise = True

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (NonEnregistreForm, form), {}) if REPRENDRE in request.POST else form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if self.has_add_permission(request) if add else self.has_change_permission(request, obj):
            context["saisie"] = self._kept(request, context["adminform"].form, context["inline_admin_formsets"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _kept(self, request, form, inlines) -> dict:
        """What static/admin-saisie.js must know: the fields, the inlines and, in a refused form, the changed fields."""
        rows = [inline.formset for inline in inlines if getattr(inline.opts, "saisie_gardee", False)]
        kept = [name for name, field in form.fields.items() if self._is_kept(name, field)]
        changes = [name for name in kept if name in form.changed_data] if form.is_bound else []
        if form.is_bound:
            every = (one for formset in rows for one in formset.forms)
            changes += [one.add_prefix(name) for one in every for name in one.changed_data]
        rangs, repris = [formset.prefix for formset in rows], REPRENDRE in request.POST
        return {"champs": kept, "rangs": rangs, "changes": changes, "lie": form.is_bound, "reprise": repris}

    def _is_kept(self, name: str, field) -> bool:
        try:
            self.opts.get_field(name)
        except FieldDoesNotExist:
            return False
        return not isinstance(field, FileField)

    def response_add(self, request, obj, post_url_continue=None):
        return saved(request, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return saved(request, super().response_change(request, obj))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Shows what was typed for a row deleted meanwhile."""
        typed = posted(request) if request.method == "POST" else None
        if typed is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        why = "Ce que vous modifiiez a été supprimé pendant que vous y travailliez. Rien n’a été enregistré."
        return show_again(request, replace(typed, reprise=False), why, status=410)
