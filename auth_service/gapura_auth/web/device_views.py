"""The page where the owner of a device says yes or no to it (RFC 8628, section 3.3)."""

VERIFICATION = "/device"
