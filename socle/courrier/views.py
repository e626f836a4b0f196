"""Pages whose address holds a token: a GET shows, a POST acts, invalid tokens all get the same answer."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from socle.courrier import liens
from socle.courrier.refus import TropTard

GABARIT_INVALIDE = "courrier/lien_invalide.html"


# No CSRF check: the token is the secret. Django's check would refuse every POST, since browsers send « Origin: null »
# from a no-referrer page. A subclass with its own `dispatch` would lose this: tests/courrier/test_liens.py checks them.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PageALien(TemplateView):
    """A page at `<str:jeton>`. Set `usage` and `template_name`, write `act`.

    The template gets `sujet`, and `refus`, the words of a TropTard from `act`. `gabarit_invalide`: the answer to
    invalid tokens.
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

    def refused(self, words: str):
        return self.render_to_response(self.get_context_data(refus=words), status=409)

    def get_context_data(self, **kwargs):
        return super().get_context_data(sujet=self.sujet, **kwargs)
