"""The suite of tests/control/test_runs.py, on Postgres."""

from tests.control.test_runs import *  # noqa: F403 - each of its tests is one here
