/** How LocalStack is set, as variables of its environment, wherever it runs. */
export const SETTINGS: Readonly<Record<string, string>> = {
  ACTIVATE_PRO: '0',
  DISABLE_EVENTS: '1',
  SKIP_SSL_CERT_DOWNLOAD: '1',
  DNS_ADDRESS: '0',
  KINESIS_LATENCY: '0',
  KINESIS_PERSISTENCE: '0',
  KINESIS_MOCK_LOG_LEVEL: 'WARN',
  TZ: 'UTC',
};
