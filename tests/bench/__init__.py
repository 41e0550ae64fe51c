"""The measured speeds: `make bench`, or one of them by `python -m tests.bench NAME`."""
