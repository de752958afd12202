"""The one Django app of the control plane."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    """Named `control`, so that its tables and its folder say the same."""

    name = "traginer.control"
    label = "control"
