"""What an operator's command about clients can be refused for."""


class ClientRefusal(Exception):
    """The command cannot be done; the text is a sentence for the operator."""


class UnknownClient(ClientRefusal):
    """There is no such client."""

    def __init__(self, client_id: str) -> None:
        super().__init__(f"There is no client {client_id}; `gapura-auth clients list` shows them all.")


class IdentifierIsTaken(ClientRefusal):
    """The identifier cannot be given to a new client."""

    def __init__(self, client_id: str) -> None:
        super().__init__(f"The identifier {client_id} belongs to a client, or belonged to one that was deleted.")


class UnusableIdentifier(ClientRefusal):
    """The identifier is not one."""

    def __init__(self) -> None:
        super().__init__("A client's identifier is 1 to 128 letters, digits, dots, hyphens and underscores.")


class HasNoSecret(ClientRefusal):
    """The client proves who it is without a secret."""

    def __init__(self, client_id: str) -> None:
        super().__init__(f"The client {client_id} has no secret: it authenticates in another way, or not at all.")
