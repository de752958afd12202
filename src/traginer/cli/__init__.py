"""The command line: a door. Each command parses, calls one service and shows the answer.

Commands live in modules of their own and are loaded when used: `traginer --help` loads none.
"""

from traginer.cli.main import main

__all__ = ["main"]
