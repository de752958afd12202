"""Brevo's addresses, one module per noun of its API."""
