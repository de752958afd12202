"""A database server that throws everybody out in the middle of a command."""

import os
import threading
import time
from urllib.parse import urlsplit

from django.db import connections

from tests.postgres.server import Server
from tests.world import World


def test_a_database_that_goes_away_in_the_middle_of_a_command_is_told_as_that(world: World, server: Server) -> None:
    world.sandbox.switches.queue_delay_seconds = 1.0
    connections["default"].close()  # a database is copied when nobody uses it
    copy = server.create(urlsplit(os.environ["TRAGINER_DATABASE_URL"]).path.strip("/"))

    def take_away() -> None:
        deadline = time.monotonic() + 30
        while not world.requests() and time.monotonic() < deadline:
            time.sleep(0.01)
        server.drop(copy)

    thief = threading.Thread(target=take_away)
    thief.start()
    said = world.command("run", "Newsletter", TRAGINER_DATABASE_URL=server.url(copy))
    thief.join()
    assert (said.exit_code, "(database-unavailable)" in said.err, "Traceback" in said.err) == (1, True, False), said
