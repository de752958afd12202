"""The suite of tests/control/test_schedules.py, on Postgres."""

from tests.control.test_schedules import *  # noqa: F403 - each of its tests is one here
