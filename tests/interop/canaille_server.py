"""Canaille, which keeps everybody in memory, with one token for its SCIM interface. Run as: python canaille_server.py PORT"""

import datetime
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend

port = int(sys.argv[1])
app = create_app(
    {
        "SECRET_KEY": "tests",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "LOGGING": None},
        "CANAILLE_OIDC": {"ENABLE_OIDC": True},
        "CANAILLE_SCIM": {"ENABLE_SERVER": True},
    }
)
with app.app_context():
    now = datetime.datetime.now(datetime.timezone.utc)
    client = models.Client(client_id="tests", client_name="tests", client_secret="tests", client_id_issued_at=now)
    Backend.instance.save(client)
    token = models.Token(
        token_id="tests", access_token="secret", audience=[client], client=client, scope=["openid"], issue_date=now, lifetime=86400
    )
    Backend.instance.save(token)
app.run("127.0.0.1", port, threaded=False)
