"""A service as a program: what `python app.py` and `flask --app app run` both start."""

import os
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Protocol, cast

from flask import Flask

from gapura.errors import ConfigurationError as GuardConfigurationError
from gapura_chassis.logs import configure_logging
from gapura_chassis.server import exit_with_reason, serve
from gapura_chassis.settings import ConfigurationError, ServiceSettings


class Factory(Protocol):
    """What a service's `factory` module offers."""

    def prepare(self, settings: ServiceSettings) -> None:
        """Bring the database up to date; called once before the workers are forked."""

    def build(self, settings: ServiceSettings) -> Flask:
        """Wire the application."""


@dataclass(frozen=True, slots=True)
class Program:
    """A service: its name, its settings, and the module that wires it (imported only when it is needed)."""

    name: str
    settings: type[ServiceSettings]
    factory: str

    def main(self) -> None:
        """Run the service with Granian until it is stopped; a wrong configuration ends in one sentence."""
        try:
            settings = self._read_settings()
            serve(self.name, settings, partial(self._prepare, settings), partial(self._build, settings))
        except ConfigurationError as error:
            exit_with_reason(error)

    def create_app(self) -> Flask:
        """Return the application, its database brought up to date: the factory for `flask --app`."""
        settings = self._read_settings()
        self._prepare(settings)
        return self._build(settings)

    def _read_settings(self) -> ServiceSettings:
        settings = self.settings.from_environment(os.environ)
        configure_logging(settings, self.name)
        return settings

    def _prepare(self, settings: ServiceSettings) -> None:
        self._wiring().prepare(settings)

    def _build(self, settings: ServiceSettings) -> Flask:
        try:
            return self._wiring().build(settings)
        except GuardConfigurationError as error:
            raise ConfigurationError(str(error)) from error

    def _wiring(self) -> Factory:
        return cast("Factory", import_module(self.factory))
