"""A mail server and a gateway for text messages. Their messages arrive as files in a folder: `mail-1.json`, `text-1.json`, ...

Arguments: the folder; then, for mail by STARTTLS and with a user, a certificate, its key, the user and the password.
Prints the two ports as JSON, and ends with its input.
"""
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.smtp import SMTP, AuthResult

folder, *encrypted = sys.argv[1:]
lock = threading.Lock()
counts = {"mail": 0, "text": 0}


def keep(kind, message):
    with lock:
        counts[kind] += 1
        path = os.path.join(folder, f"{kind}-{counts[kind]}.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(message, file)
        os.rename(path + ".new", path)


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        keep("mail", {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["subject"]),
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "encrypted": session.ssl is not None,
            "user": session.auth_data if session.authenticated else None,
        })
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    user, password = data.login.decode(), data.password.decode()
    right = [user, password] == encrypted[2:]
    return AuthResult(success=right, handled=right, auth_data=user)


def smtp():
    if not encrypted:
        return SMTP(Mailbox(), hostname="mx.practice.example")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*encrypted[:2])
    return SMTP(Mailbox(), hostname="mx.practice.example", tls_context=context, require_starttls=True,
                authenticator=authenticate, auth_required=True, auth_require_tls=True)


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        keep("text", json.loads(body))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


async def main():
    server = await asyncio.get_running_loop().create_server(smtp, "127.0.0.1", 0)
    gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    print(json.dumps({"mail": server.sockets[0].getsockname()[1], "text": gateway.server_port}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
