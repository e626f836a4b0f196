"""What a record is: Fiche, Contact, Theme, the registre, forms of the desk, what all types print."""
