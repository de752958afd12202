"""`python -m traginer`."""

from traginer.cli import main

if __name__ == "__main__":
    main()
