"""The suite of tests/control/test_notices.py, on Postgres."""

from tests.control.test_notices import *  # noqa: F403 - each of its tests is one here
