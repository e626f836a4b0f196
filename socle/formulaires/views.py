"""Pages of public forms. They always give back what was typed; a network that posts too much must wait."""

from datetime import timedelta

from django.db import transaction
from django.shortcuts import redirect
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from socle.courrier.mailboxes import comparable
from socle.courrier.refus import TropTard
from socle.formulaires import protection
from socle.vie_privee import consentement


# No session and no cookie: the signed key of the form tells that the page was asked for. The check of Django would set
# a cookie for every reader, and a page left open too long would lose what was typed.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PageDeFormulaire(TemplateView):
    """A page with a form that extends `FormulaireProtege`. A subclass writes `new_form` and `take`.

    - `usage`: name under which its posts are counted.
    - `posts`, `span`: how many posts one network may send in which time.
    - `par_boite`: posts with one mail address that pass in a day; later ones go to the staff first. None: no limit.
    - `accord`: what its person agrees to (socle/vie_privee/consentement.py), shown as `notice`.
    - `recue`: template of `?fait=recue`, where every good post leads.

    Every good post gets the same answer in the same time, whatever is known of its address; sent again, it is not taken
    twice.
    """

    usage = ""
    posts, span = 60, timedelta(minutes=10)  # enough for a whole training room
    par_page = 3  # posts from one page: somebody may go back and correct theirs
    par_boite: int | None = None
    accord = ""
    recue = ""
    http_method_names = ["get", "head", "post", "options"]

    def new_form(self, data=None):
        """The form, filled with `data`."""
        raise NotImplementedError

    def take(self, form, doute: str) -> None:
        """Does what a good post asks, in its transaction. TropTard shows the form again with its message."""
        raise NotImplementedError

    def doute(self, form) -> str:
        """Why the staff should look at a good post first, or "". It counts: call it once per new post."""
        often = form.uses() > self.par_page
        doute = form.doute or ("la même page envoyée de nombreuses fois" if often else "")
        courriel = form.cleaned_data.get("courriel") if self.par_boite else ""
        if (
            courriel
            and not doute
            and protection.count(f"{self.usage}, courriel", comparable(courriel)) > self.par_boite
        ):
            return "beaucoup d’envois pour cette adresse aujourd’hui"
        return doute

    def done(self):
        """The answer to every good post."""
        return redirect(f"{self.request.path}?fait=recue")

    def get(self, request, *args, **kwargs):
        if self.recue and request.GET.get("fait") == "recue":
            self.template_name, kwargs["form"] = self.recue, None
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = self.new_form()
        if self.accord:
            kwargs.setdefault("notice", consentement.en_vigueur(self.accord))
        return super().get_context_data(**kwargs)

    def post(self, request, *args, **kwargs):
        form = self.new_form(request.POST)
        if words := self.too_many(request):
            return self.refuse(form, words)
        if not form.is_valid():
            return self.again(form)
        try:
            with protection.steady(), transaction.atomic():
                if form.first_time():  # a double click counts once
                    self.take(form, self.doute(form))
        except TropTard as refus:
            form.add_error(None, str(refus))
            return self.again(form, status=409)
        return self.done()

    def too_many(self, request) -> str:
        """The message to a network that posts too much, or "". Asked before the post is read."""
        return protection.TROP if protection.too_many(request, self.usage, posts=self.posts, span=self.span) else ""

    def again(self, form, *, status: int = 200):
        """The page, with what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def refuse(self, form, words: str = protection.TROP):
        """The page for a network that posts too much. Files are not looked into."""
        form.files = MultiValueDict()
        form.add_error(None, words)
        return self.again(form, status=429)


class PageDeLien(PageDeFormulaire):
    """« Recevoir un nouveau lien »: the same answer whether the address is known or not.

    A subclass writes `rows`, from an address to what a link may open, and `mail`. `liens`: mails to one mailbox in a
    day.
    """

    liens = 5

    def new_form(self, data=None):
        return protection.LienForm(data, usage=f"{self.usage}-nouveau-lien")

    def take(self, form, doute):
        courriel = form.cleaned_data["courriel"]
        for row in [] if doute else self.rows(courriel):
            if protection.count(f"{self.usage}, lien", comparable(courriel)) <= self.liens:
                self.mail(row)

    def done(self):
        return self.render_to_response(self.get_context_data(envoye=True))
