"""The suite of tests/control/test_removals.py, on Postgres."""

from tests.control.test_removals import *  # noqa: F403 - each of its tests is one here
