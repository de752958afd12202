"""The suite of tests/control/test_configuration_round_trip.py, on Postgres."""

from tests.control.test_configuration_round_trip import *  # noqa: F403 - each of its tests is one here
