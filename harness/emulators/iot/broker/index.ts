export { type BrokerOptions, IotBroker } from './broker.ts';
export type { MqttServer } from './server.ts';
export { mqttOverWebSocket } from './websocket.ts';
