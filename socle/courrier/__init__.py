"""The mail outbox and the signed links. The rest of the house uses `outbox.deposit`, `liens` and `views.PageALien`."""

EN_FICHIERS = "socle.courrier.fichiers.EmailBackend"  # the back-end of a site without a mail server
