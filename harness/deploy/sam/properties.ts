/** What a function may say that AWS::Lambda::Function has under the same name, and takes as it is. */
export const PASSED_ON = [
  'Architectures',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FunctionName',
  'MemorySize',
  'PackageType',
  'ReservedConcurrentExecutions',
  'Runtime',
  'Timeout',
  'VpcConfig',
] as const;

/** The properties of AWS::Serverless::Function that are supported. */
export const FUNCTION_PROPERTIES: readonly string[] = [
  ...PASSED_ON,
  'AssumeRolePolicyDocument',
  'CodeUri',
  'DeadLetterQueue',
  'EventInvokeConfig',
  'Events',
  'Handler',
  'Policies',
  'Role',
  'RolePath',
  'Tags',
];
