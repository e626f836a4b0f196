"""Addresses of the site, and those of the error pages, which nobody asks for by name."""

from django.shortcuts import render
from django.urls import path

from labacces.urls import handler404, urlpatterns  # noqa: F401 - Django looks for both here

urlpatterns = [
    path("erreur/<int:code>/", lambda request, code: render(request, f"{code}.html", status=code)),
    *urlpatterns,
]
