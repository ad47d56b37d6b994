"""A device with paho-mqtt: subscribes to a topic, publishes a message to it, and prints the message that comes back.

python paho_device.py FOLDER CLIENT_ID TOPIC MESSAGE
"""

import os
import sys

import paho.mqtt.client as mqtt

folder, client_id, topic, message = sys.argv[1:]
with open(os.path.join(folder, "endpoint.txt")) as file:
    host, _, port = file.read().strip().partition(":")

received = []
failures = []


def on_connect(client, userdata, flags, reason_code, properties):
    if reason_code.is_failure:
        failures.append(str(reason_code))
    else:
        client.subscribe(topic, qos=1)


def on_subscribe(client, userdata, mid, reason_codes, properties):
    if reason_codes[0].is_failure:
        failures.append(str(reason_codes[0]))
    else:
        client.publish(topic, message, qos=1)


def on_message(client, userdata, arrived):
    received.append(arrived.payload.decode())


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
client.tls_set(
    ca_certs=os.path.join(folder, "root-ca.pem"),
    certfile=os.path.join(folder, "certificate.pem.crt"),
    keyfile=os.path.join(folder, "private.pem.key"),
)
client.connect(host, int(port or 8883))
while not received and not failures:
    result = client.loop(timeout=0.1)
    if result != mqtt.MQTT_ERR_SUCCESS:
        failures.append(mqtt.error_string(result))
if failures:
    sys.exit(f"failed: {failures[0]}")
print(received[0])
client.disconnect()
