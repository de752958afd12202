"""The suite of tests/control/test_leases.py, on Postgres."""

from tests.control.test_leases import *  # noqa: F403 - each of its tests is one here
