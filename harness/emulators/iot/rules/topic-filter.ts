/**
 * Whether a topic matches a filter. As on AWS `sensor/#` does not match `sensor`, and a wildcard does not stand for the
 * first level of a reserved topic. Source: AWS IoT developer guide, "MQTT topics".
 */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const given = topic.split('/');
  if (topic.startsWith('$') && wanted[0] !== given[0]) return false;
  for (const [index, level] of wanted.entries()) {
    const part = given[index];
    if (part === undefined) return false;
    if (level === '#') return true;
    if (level !== '+' && level !== part) return false;
  }
  return wanted.length === given.length;
}
