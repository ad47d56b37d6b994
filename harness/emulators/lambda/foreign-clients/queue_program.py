"""A program as developers write them with boto3's resources: makes a queue, sends, receives, checks digests, deletes."""

import hashlib
import json
import struct

import boto3

NOTES = {
    "source": {"DataType": "String", "StringValue": "냇물"},
    "count": {"DataType": "Number.int", "StringValue": "7"},
    "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}


def md5_of_attributes(attributes):
    """As the SQS developer guide tells clients to compute it."""
    digest = hashlib.md5()
    for name in sorted(attributes):
        attribute = attributes[name]
        binary = attribute["DataType"].startswith("Binary")
        value = attribute["BinaryValue"] if binary else attribute["StringValue"].encode()
        for part in (name.encode(), attribute["DataType"].encode()):
            digest.update(struct.pack(">I", len(part)) + part)
        digest.update(b"\x02" if binary else b"\x01")
        digest.update(struct.pack(">I", len(value)) + value)
    return digest.hexdigest()


sqs = boto3.resource("sqs")
made = sqs.create_queue(QueueName="program", Attributes={"VisibilityTimeout": "60"})
queue = sqs.get_queue_by_name(QueueName="program")
assert queue == made

body = "물이 흐른다 & <x/>\n"
sent = queue.send_message(MessageBody=body, MessageAttributes=NOTES)
assert sent["MD5OfMessageBody"] == hashlib.md5(body.encode()).hexdigest()
assert sent["MD5OfMessageAttributes"] == md5_of_attributes(NOTES)

entries = [{"Id": str(n), "MessageBody": f"drop {n}"} for n in range(10)]
assert [entry["Id"] for entry in queue.send_messages(Entries=entries)["Successful"]] == [str(n) for n in range(10)]

received = []
while messages := queue.receive_messages(MaxNumberOfMessages=4, MessageAttributeNames=["All"]):
    for message in messages:
        assert message.md5_of_body == hashlib.md5(message.body.encode()).hexdigest()
        if message.message_attributes:
            assert message.message_attributes == NOTES
            assert message.md5_of_message_attributes == md5_of_attributes(NOTES)
        received.append(message.body)
    queue.delete_messages(Entries=[{"Id": m.message_id, "ReceiptHandle": m.receipt_handle} for m in messages])

queue.reload()
left = {name: value for name, value in queue.attributes.items() if name.startswith("ApproximateNumber")}
queue.delete()
try:
    sqs.get_queue_by_name(QueueName="program")
except sqs.meta.client.exceptions.QueueDoesNotExist as error:
    gone = error.response["Error"]["Code"]
print(json.dumps({"received": received, "left": left, "gone": gone}))
