"""The roof: settings, addresses, home, site search, the home of the desk."""
