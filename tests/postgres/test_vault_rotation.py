"""The suite of tests/control/test_vault_rotation.py, on Postgres."""

from tests.control.test_vault_rotation import *  # noqa: F403 - each of its tests is one here
