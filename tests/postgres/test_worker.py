"""The suite of tests/control/test_worker.py, on Postgres."""

from tests.control.test_worker import *  # noqa: F403 - each of its tests is one here
