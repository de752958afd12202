"""The suite of tests/control/test_journal.py, on Postgres."""

from tests.control.test_journal import *  # noqa: F403 - each of its tests is one here
