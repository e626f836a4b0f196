"""The mail outbox and the signed links. Other rooms use `outbox.deposit`, `liens` and `views.PageALien`."""

EN_FICHIERS = "socle.courrier.fichiers.EmailBackend"  # the back-end of a site without a mail server
