"""The error that is the user's to mend."""


class UsageError(Exception):
    """Something that the user has to mend; the message names the input and the remedy."""
