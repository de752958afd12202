"""The suite of tests/control/test_one_account.py, on Postgres."""

from tests.control.test_one_account import *  # noqa: F403 - each of its tests is one here
