from gapura_chassis.migrations import run_in_environment

run_in_environment()
