"""The suite of tests/control/test_exports.py, on Postgres."""

from tests.control.test_exports import *  # noqa: F403 - each of its tests is one here
