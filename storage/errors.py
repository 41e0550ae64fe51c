"""What storage can say went wrong; no driver's error leaves this room."""


class StorageError(Exception):
    """Something in the database went wrong."""


class Misaddressed(StorageError, ValueError):
    """The address of the database is not one; the message does not repeat it, as a password is in it."""


class Unavailable(StorageError):
    """The database is gone, locked, full or too slow: nothing was saved, and the same may work later."""


class Busy(Unavailable):
    """The transaction could not begin, as another process holds the lock, or has to begin once more."""


class Conflict(StorageError):
    """A row that must be unique is there already, or one that must be there is not."""
