"""Log-in in the web process: sessions, and what allauth asks of us. The command line and workers never import it."""
