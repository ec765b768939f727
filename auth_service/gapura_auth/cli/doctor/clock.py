from gapura_auth.cli.doctor.findings import Finding, fine, wrong
from gapura_chassis.clock import Timestamp

#: Guards tolerate ten seconds; whoever is off by half of that is on the way there.
MOST_SECONDS = 5.0


def check_clock(other: str, theirs: Timestamp, ours: Timestamp, *, precision: float = 0.0) -> Finding:
    """Compare our clock with another one, which is known as exactly as `precision` in seconds."""
    ahead = ours - theirs
    off = max(0.0, abs(ahead) - precision)
    if off > MOST_SECONDS:
        direction = "ahead of" if ahead > 0 else "behind"
        advice = "Let both machines take their time from NTP: tokens are refused while clocks disagree."
        return wrong(f"This machine's clock is {off:.0f} s {direction} that of {other}.", advice)
    return fine(f"This machine's clock agrees with that of {other}.")
