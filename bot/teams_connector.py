"""What the connector may say: known to the module that talks to it and to the one that makes sense of it."""


class NotDone(Exception):
    """The connector refused: its status, its word for why, and when to come again, in seconds, if it says so.

    Status 0: it was not asked, as we got no token.
    """

    def __init__(self, status: int, code: str, retry_after: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.retry_after = retry_after
