"""How a job leaves a process that is stopping."""


class HandedOver(BaseException):
    """The job stays in its queue's books as begun, and another process begins it again.

    Not an `Exception`: that would be taken for the job's end.
    """
