import type { MqttClient } from 'mqtt';
import { AskError, ask } from '../../../page-kit/page/client.ts';
import type { Live } from '../shared/api.ts';

export type LiveState = 'connecting' | 'on' | 'off' | 'unset';

export interface LiveOptions {
  onState(state: LiveState): void;
  onMessage(payload: string): void;
}

/** Ms before the next try to connect: longer each time, up to the last. */
const PAUSES = [1_000, 2_000, 5_000, 10_000];

/** Hears the detectors' topic, and keeps trying. Each connection has an address of its own, which is good only for it. */
export function listen({ onState, onMessage }: LiveOptions): void {
  let failures = 0;
  const again = (state: LiveState): void => {
    onState(state);
    setTimeout(() => void connect(), PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
  };
  const connect = async (): Promise<void> => {
    try {
      const live = await ask<Live>('/api/live', {});
      // A part of its own, so that the page is there before it.
      const { default: mqtt } = await import('mqtt');
      const client = mqtt.connect(live.url, {
        clientId: live.clientId,
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        reconnectPeriod: 0,
        connectTimeout: 10_000,
        // Blob workers are against the page's content security policy.
        timerVariant: 'native',
      });
      hear(client, live.topic);
    } catch (error) {
      again(error instanceof AskError && error.code === 'live-unset' ? 'unset' : 'off');
    }
  };
  const hear = (client: MqttClient, topic: string): void => {
    client.on('connect', () => {
      client.subscribe(topic, { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos > 1)) return void client.end(true);
        failures = 0;
        onState('on');
      });
    });
    client.on('message', (_topic, payload) => onMessage(new TextDecoder().decode(payload)));
    // What went wrong shows in the close that follows.
    client.on('error', () => client.end(true));
    client.once('close', () => again('off'));
  };
  onState('connecting');
  void connect();
}
