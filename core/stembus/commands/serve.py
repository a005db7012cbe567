"""`stembus serve`: the pages of an instance."""

from urllib.parse import urlsplit

import click

from stembus.instance import Instance
from stembus.pass_instance import pass_instance


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: the port in `address` of the settings, or 8000.")
@pass_instance
def serve_command(instance: Instance, host: str, port: int | None) -> None:
    """Serve the pages of the instance until it is stopped with Ctrl-C.

    People reach them at `address` in the settings, in earnest through a proxy that does TLS, and the sites of plugins
    at the addresses under `sites`.
    """
    # The web is loaded only by who serves it.
    from stembus.web.serving import serve  # noqa: PLC0415
    from stembus.web.sites import addresses_of_sites  # noqa: PLC0415

    port = port or urlsplit(instance.settings.address).port or 8000
    click.echo(f"{instance.settings.organisation}: {instance.settings.address} (stop with Ctrl-C)")
    addresses = addresses_of_sites(instance)
    for site in instance.plugins.sites():
        missing = "not served, since its address is not under [sites] in the settings"
        click.echo(f"{site.name}: {addresses.get(site.name, missing)}")
    serve(instance, host=host, port=port)
