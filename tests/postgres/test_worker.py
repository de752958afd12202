"""The suites of tests/control/test_worker.py and test_worker_stopped.py, on Postgres."""

from tests.control.test_worker import *  # noqa: F403 - each of its tests is one here
from tests.control.test_worker_stopped import *  # noqa: F403
