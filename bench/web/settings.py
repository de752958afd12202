"""The settings of the web process, with a clock and a counter around every answer."""

from traginer.control import settings
from traginer.control.settings import *  # noqa: F403 - all of them hold here too

MIDDLEWARE = ["bench.web.measured.Measured", *settings.MIDDLEWARE]
