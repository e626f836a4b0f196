"""Pages whose address holds a token: a GET shows, a POST acts, invalid tokens all get the same answer."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from socle.courrier import liens
from socle.courrier.refus import TropTard
from socle.vie_privee import personal_copy

GABARIT_INVALIDE = "courrier/lien_invalide.html"


# No CSRF check: the token is the secret. Django's check would refuse every POST, since browsers send « Origin: null »
# from a no-referrer page. A subclass with its own `dispatch` would lose this: tests/courrier/test_liens.py checks them.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PageALien(TemplateView):
    """A page at `<str:jeton>`. Set `usage` and `template_name`, write `act`.

    The template gets `sujet`, `jeton`, `fait` (what its address says was just done), and `refus`, the words of a
    TropTard that `act` raised. GET and HEAD change nothing. `gabarit_invalide`: the one answer to every token that is
    no good.
    """

    usage = ""
    gabarit_invalide = GABARIT_INVALIDE
    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request, *args, **kwargs):
        try:
            self.sujet = liens.read(self.usage, kwargs["jeton"])
        except liens.LienInvalide:
            response = render(request, self.gabarit_invalide, status=404)
        else:
            response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def post(self, request, *args, **kwargs):
        try:
            return self.act(request) or redirect(request.path)
        except TropTard as refus:
            return self.refused(str(refus))

    def act(self, request):
        """Do the link's action. Returns a response (a form shown again), or None for this page."""
        raise NotImplementedError

    def again(self, form, *, status: int = 200):
        """The page with what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def refused(self, words: str):
        return self.render_to_response(self.get_context_data(refus=words), status=409)

    def get_context_data(self, **kwargs):
        said = {"sujet": self.sujet, "jeton": self.kwargs["jeton"], "fait": self.request.GET.get("fait", "")}
        return super().get_context_data(**said | kwargs)


class PageDeDonnees(PageALien):
    """All that the site holds of a row, in words, as a file for its person.

    `fichier`: its name; `sauf`: fields in which the team noted something, which only the team gives.
    """

    fichier = ""
    sauf: tuple[str, ...] = ("doute",)
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        mails = [personal_copy.tell(mail, sauf=("erreur",)) for mail in self.sujet.courriels.all()]
        told = personal_copy.tell(self.sujet, sauf=self.sauf) | self.beside() | {"courriels": mails}
        return personal_copy.as_file(told, self.fichier)

    def beside(self) -> dict[str, str]:
        """What no field of the row says: {label: words}."""
        return {}
