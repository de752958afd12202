"""The settings of commands and workers: nobody logs in there, so they load neither sessions nor allauth, and start at once."""

from traginer.control.settings import *  # noqa: F403 - a settings module is its names

INSTALLED_APPS = ["traginer.control"]
MIDDLEWARE = []
