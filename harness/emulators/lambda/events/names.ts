/** `arn:aws:lambda:…:function:worker` and `…:function:worker:$LATEST` are the function `worker`. */
export function functionName(functionArn: string): string {
  return functionArn.split(':')[6] ?? functionArn;
}

export function withoutQualifier(functionArn: string): string {
  return functionArn.split(':').slice(0, 7).join(':');
}

export function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** The ledger's place of a function. */
export function placeOf(functionArn: string): string {
  return `lambda/${functionName(functionArn)}`;
}
