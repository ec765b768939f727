"""HTTP on one side, the catalogue on the other: models say what is accepted and answered, views translate."""
