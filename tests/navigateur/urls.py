"""Addresses of the site, and those of error pages, which have no names."""

from django.shortcuts import render
from django.urls import path

from labacces.urls import handler404, urlpatterns  # noqa: F401 - Django looks for both here

urlpatterns = [
    path("erreur/<int:code>/", lambda request, code: render(request, f"{code}.html", status=code)),
    *urlpatterns,
]
