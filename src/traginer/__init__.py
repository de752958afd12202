"""Traginer carries segments of unified customer profiles to Brevo contact lists."""

__version__ = "0.1.0"
