"""`python -m btfnet` is the `btfnet` command."""

from btfnet.cli import main

if __name__ == "__main__":
    main(prog_name="btfnet")
