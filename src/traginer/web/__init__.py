"""The pages and the API, as a WSGI application, and the process that serves it."""
