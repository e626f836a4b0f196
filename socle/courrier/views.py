"""Pages whose address holds a token: a GET shows, a POST acts, every token that is no good gets the same answer."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from socle.courrier import liens
from socle.courrier.refus import TropTard

GABARIT_INVALIDE = "courrier/lien_invalide.html"


# The token is the secret that a form of this page needs: whoever can forge the POST has the link. Django's own check
# would refuse every one, since browsers send « Origin: null » from a page that says no-referrer. A page that writes a
# `dispatch` of its own loses this: tests/courrier/test_liens.py looks at all of them.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PageALien(TemplateView):
    """A page at `<str:jeton>`. Name `usage` and `template_name`; write `act`, which may say where to go next.

    The template gets `sujet`, and `refus`, the words of a TropTard that `act` raised. GET and HEAD change nothing.
    `gabarit_invalide`: the one answer to every token that is no good.
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
        """Do what the link is for. A response (a form shown again), or None to come back to this page."""
        raise NotImplementedError

    def refused(self, words: str):
        return self.render_to_response(self.get_context_data(refus=words), status=409)

    def get_context_data(self, **kwargs):
        return super().get_context_data(sujet=self.sujet, **kwargs)
