"""The commands of the core; each file holds one group of them."""

import click

from stembus.commands.access import access_group
from stembus.commands.bodies import bodies_group
from stembus.commands.documents import documents_group
from stembus.commands.init import init_command
from stembus.commands.ledger import ledger_group
from stembus.commands.mail import mail_group
from stembus.commands.members import members_group
from stembus.commands.migrate import migrate_command
from stembus.commands.plugins import plugins_command
from stembus.commands.policy import policy_group
from stembus.commands.privacy import privacy_group
from stembus.commands.procedure import procedure_group
from stembus.commands.seats import seats_group
from stembus.commands.serve import serve_command
from stembus.commands.tend import tend_command

CORE_COMMANDS: tuple[click.Command, ...] = (
    init_command,
    migrate_command,
    plugins_command,
    members_group,
    mail_group,
    bodies_group,
    seats_group,
    access_group,
    ledger_group,
    privacy_group,
    policy_group,
    documents_group,
    procedure_group,
    serve_command,
    tend_command,
)
