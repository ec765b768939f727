from collections.abc import Callable

Clock = Callable[[], float]
"""Where the time comes from: seconds since the epoch. Passed in, so that every expiry is tested without sleeping."""
