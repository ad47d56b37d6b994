"""A gas detector: posts a reading every few seconds, until Ctrl-C.

    pip install requests
    python3 pub.py URL [SECONDS]
"""

import random
import sys
import time
from datetime import datetime

import requests


def sensor(sensorid, sensortype, value):
    now = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    return {"sensorid": sensorid, "sensortype": sensortype, "value": value, "createdtime": now}


def reading():
    """All values are texts. Instead of chance, ask your sensors here."""
    return {
        "groupid": "2",
        "gps": "37.61002501514269, 126.99636868892937",
        "co": sensor("0005", "8", f"{random.gauss(26, 2):.2f}"),
        "no2": sensor("0006", "9", f"{max(0, random.gauss(70, 15)):.2f}"),
        "c2h5oh": sensor("0007", "27", f"{random.gauss(26, 1):.2f}"),
        "h2": sensor("0008", "30", f"{random.gauss(400, 5):.0f}"),
    }


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    url = sys.argv[1]
    pause = float(sys.argv[2]) if len(sys.argv) > 2 else 5
    while True:
        data = reading()
        try:
            answer = requests.post(url, json=data, timeout=30)
            print(answer.status_code, answer.text.strip(), "NO2", data["no2"]["value"], flush=True)
        except requests.RequestException as error:
            print(f"{url} cannot be reached: {error}", file=sys.stderr, flush=True)
        time.sleep(pause)


try:
    main()
except KeyboardInterrupt:
    pass
