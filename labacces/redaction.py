"""The admin as Django starts it: our own site (labacces/admin.py) in place of its default one."""

from django.contrib.admin.apps import AdminConfig


class RedactionConfig(AdminConfig):
    default_site = "labacces.admin.Redaction"
