"""python -m sandbox --port 8090 --ringi-url https://127.0.0.1:8443 --signing-secret-file F [--ca FILE]

--directory names a folder of stack_files instead: its secrets and its certificate are used.
"""

import argparse
import asyncio
import signal
from pathlib import Path

from aiohttp import web

from .app import Slack
from .slack_listener import ApiListener


def arguments():
    parser = argparse.ArgumentParser(prog="sandbox", description="A small Slack for ringi, with a page")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", "--slack-port", type=int, default=8090, help="Slack: the page, the Web API, control")
    parser.add_argument("--api-port", type=int, default=0,
                        help="an address of its own for what ringi calls, so that it can be away")
    parser.add_argument("--aws-port", type=int, default=0, help="AWS; 0: no AWS half")
    parser.add_argument("--ringi-url", "--ringi", default="https://127.0.0.1:8443")
    parser.add_argument("--signing-secret-file", type=Path,
                        help="one secret a line, newest first")
    parser.add_argument("--bot-token-file", type=Path, help="one token a line; default xoxb-sandbox")
    parser.add_argument("--ca", help="PEM file that ringi's certificate is checked against")
    parser.add_argument("--directory", type=Path, help="signing-secret, bot-token, tls/certificate.pem")
    parser.add_argument("--speed", type=float, default=1.0, help="of the pipelines: 2 is twice as fast")
    options = parser.parse_args()
    if options.directory:
        options.signing_secret_file = options.directory / "signing-secret"
        options.bot_token_file = options.directory / "bot-token"
        options.ca = str(options.directory / "tls/certificate.pem")
    if not options.signing_secret_file:
        parser.error("name --signing-secret-file or --directory")
    return options


def lines(path, default):
    return path.read_text().split() if path else default


def the_slack(options):
    slack = Slack(f"http://{options.host}:{options.api_port or options.port}", options.ringi_url,
                  lines(options.signing_secret_file, []),
                  lines(options.bot_token_file, ["xoxb-sandbox"]), options.ca)
    if options.api_port:
        slack.listener = ApiListener(slack.api_app, options.host, options.api_port)
    return slack


def applications(options, slack):
    yield options.port, slack.app()
    if options.aws_port:
        from .aws_app import Aws  # botocore takes a second to load: only where it is used
        aws = Aws(f"http://{options.host}:{options.aws_port}", options.ringi_url, options.ca,
                  options.speed)
        yield options.aws_port, aws.app()


async def serve(options):
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    slack, runners = the_slack(options), []
    if slack.listener:
        await slack.listener.start()
    for port, app in applications(options, slack):
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, options.host, port).start()
        runners.append(runner)
    print(f"sandbox: http://{options.host}:{options.port}/", flush=True)
    await stopped.wait()
    for runner in runners:
        await runner.cleanup()
    if slack.listener:
        await slack.listener.stop()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
