/** What a template calls a resource that a function of its own makes. */
export const CUSTOM_RESOURCE = 'AWS::CloudFormation::CustomResource';
/** Or so. Source: CloudFormation user guide, "AWS::CloudFormation::CustomResource". */
export const CUSTOM_TYPE = /^Custom::[A-Za-z0-9_@-]{1,60}$/;
