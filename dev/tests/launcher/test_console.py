import io

from dev.launcher.console import Console


def test_services_have_colours_of_their_own_on_a_terminal() -> None:
    console = Console(io.StringIO(), coloured=True)
    assert console.prefix("auth", 0) == "\x1b[36mauth     |\x1b[0m "
    assert len({console.prefix("name", position) for position in range(3)}) == 3


def test_a_file_gets_plain_text() -> None:
    assert Console(io.StringIO(), coloured=False).prefix("auth", 0) == "auth     | "
