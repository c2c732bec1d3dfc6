"""`python -m service.cli` is `muscle-balance`."""

from service.cli import main

main()
