"""Addresses that machines know, or find in heads of pages and robots.txt."""

from django.urls import path

from fiches.views import fiche_integree
from labacces.machines import dcat, oembed, plan, sante, views
from socle.journal.conditional import conditional
from socle.vues.integrer import framed

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("sante/", sante.sante, name="sante"),
    path("sitemap.xml", conditional(plan.index), name="sitemap"),
    path("sitemap-pages.xml", conditional(plan.pages), name="sitemap-pages"),
    path("sitemap-<slug:cle>-<int:numero>.xml", conditional(plan.fiches), name="sitemap-fiches"),
    *(
        path(f"catalogue.{nom}", conditional(dcat.catalogue), {"nom": nom}, name=f"catalogue-{nom}")
        for nom in dcat.FORMES
    ),
    path("oembed", conditional(oembed.oembed), name="oembed"),
    path("integrer/", conditional(views.integrer), name="integrer"),
    path("integrer/fiche/<int:pk>/", framed(conditional(fiche_integree)), name="fiche-integree"),
]
