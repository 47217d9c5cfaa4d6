"""`tocsin operators`: who may log in to the screen, and as what."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tocsin.model.errors import TocsinError
from tocsin.web.operators import Operator, Role, hashed, read_operators, write_operators

operators = typer.Typer(no_args_is_help=True)

PASSWORD = "TOCSIN_PASSWORD"
Name = Annotated[str, typer.Argument(help="The name that stands under what they do.")]
OperatorsFile = Annotated[Path, typer.Option("--file", metavar="FILE", help="The file that web.operators names.")]
FILE = Path("operators.toml")


@operators.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
    file: OperatorsFile = FILE,
) -> None:
    """Let somebody log in, or give them another role and password. TOCSIN_PASSWORD holds it, else it is asked for."""
    password = os.environ.get(PASSWORD) or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    known = read_operators(file) if file.exists() else ()
    one = Operator(name, role, hashed(password))
    write_operators(file, (*(other for other in known if other.name != name), one))
    print(f"{name} may log in as {role.value}")


@operators.command()
def remove(name: Name, file: OperatorsFile = FILE) -> None:
    """Let somebody in no more; who is logged in is logged out."""
    known = read_operators(file)
    left = tuple(one for one in known if one.name != name)
    if len(left) == len(known):
        raise TocsinError(f"{file}: nobody is called {name!r}")
    write_operators(file, left)
    print(f"{name} may not log in any more")


@operators.command("list")
def show(file: OperatorsFile = FILE) -> None:
    """List who may log in, and as what."""
    for one in read_operators(file):
        print(f"{one.name}  {one.role.value}")
