"""Accounts of the staff. Rooms declare here the rights over their models and their kinds of waiting work."""
