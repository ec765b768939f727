"""The wiring of the larger rooms, one module each; `factory` puts them together and is the place to begin reading."""
