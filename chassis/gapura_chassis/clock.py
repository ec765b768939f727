"""Time, as an argument: whoever needs it is given a `Clock`, so that every expiry is testable without sleeping."""

import time
from collections.abc import Callable

#: Seconds since the epoch, with fractions.
Timestamp = float

Clock = Callable[[], Timestamp]

system_clock: Clock = time.time
