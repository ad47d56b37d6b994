"""A Raspberry Pi that listens: prints every message of the topic, until Ctrl-C.

    pip install "paho-mqtt>=2"
    python3 sub.py ENDPOINT CERT_DIR [TOPIC]

CERT_DIR has root-ca.pem, certificate.pem.crt and private.pem.key; ENDPOINT may have a port.
"""

import socket
import sys
from pathlib import Path

import paho.mqtt.client as mqtt


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    host, _, port = sys.argv[1].partition(":")
    files = Path(sys.argv[2])
    topic = sys.argv[3] if len(sys.argv) > 3 else "pi/1"

    def on_connect(client, userdata, flags, reason, properties):
        print(f"connected: {reason}", file=sys.stderr, flush=True)
        if not reason.is_failure:
            client.subscribe(topic, qos=1)

    def on_subscribe(client, userdata, mid, reasons, properties):
        print(f"listening to {topic}: {reasons[0]}", file=sys.stderr, flush=True)

    def on_message(client, userdata, message):
        print(message.topic, message.payload.decode(), flush=True)

    def on_disconnect(client, userdata, flags, reason, properties):
        print(f"disconnected: {reason}; trying again", file=sys.stderr, flush=True)

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"pi-{socket.gethostname()}-py")
    client.on_connect, client.on_subscribe = on_connect, on_subscribe
    client.on_message, client.on_disconnect = on_message, on_disconnect
    client.tls_set(str(files / "root-ca.pem"), str(files / "certificate.pem.crt"), str(files / "private.pem.key"))
    try:
        client.connect(host, int(port or 8883), keepalive=60)
    except OSError as error:
        sys.exit(f"{sys.argv[1]} cannot be reached: {error}")
    client.loop_forever()


try:
    main()
except KeyboardInterrupt:
    pass
