"""Traginer and its peers on the same profiles, the same mapping and the same Brevo: what each costs, and what it leaves behind."""
