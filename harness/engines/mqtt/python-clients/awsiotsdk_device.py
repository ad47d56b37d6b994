"""A device with the AWS IoT Device SDK: subscribes to a topic, publishes a message to it, prints what comes back.

python awsiotsdk_device.py FOLDER CLIENT_ID TOPIC MESSAGE
"""

import os
import queue
import sys

from awscrt import mqtt
from awsiot import mqtt_connection_builder

SECONDS = 20

folder, client_id, topic, message = sys.argv[1:]
with open(os.path.join(folder, "endpoint.txt")) as file:
    host, _, port = file.read().strip().partition(":")

events = queue.Queue()
connection = mqtt_connection_builder.mtls_from_path(
    endpoint=host,
    port=int(port or 8883),
    ca_filepath=os.path.join(folder, "root-ca.pem"),
    cert_filepath=os.path.join(folder, "certificate.pem.crt"),
    pri_key_filepath=os.path.join(folder, "private.pem.key"),
    client_id=client_id,
    clean_session=True,
    on_connection_interrupted=lambda connection, error, **rest: events.put(("interrupted", str(error))),
)


def on_message(topic, payload, **rest):
    events.put(("received", payload.decode()))


try:
    connection.connect().result(SECONDS)
    connection.subscribe(topic, mqtt.QoS.AT_LEAST_ONCE, on_message)
    connection.publish(topic, message, mqtt.QoS.AT_LEAST_ONCE)
    kind, text = events.get(timeout=SECONDS)
except Exception as error:
    kind, text = "failed", str(error)
if kind != "received":
    print(f"failed: {text}", file=sys.stderr, flush=True)
    # The SDK would try again for ever.
    os._exit(1)
print(text)
connection.disconnect().result(SECONDS)
