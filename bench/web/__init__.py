"""How fast the pages are, with a database that has grown."""
