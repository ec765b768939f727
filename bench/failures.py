class BenchError(Exception):
    """Something that cannot be measured, with a sentence that says why."""
