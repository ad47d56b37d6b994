/** One bench that every story is told on. */
export interface Column {
  /** Letters, digits and hyphens; the name of its folder. */
  readonly id: string;
  /** What people read. */
  readonly title: string;
  /** Options of `naetmul scenarios`. */
  readonly arguments: readonly string[];
  /** Why this machine cannot start it; undefined when it is to be tried. */
  readonly notPossible?: string;
}

/** What this machine has of what a bench can be made of; a text says why it has not. */
export interface Machine {
  readonly docker: true | string;
  /** A `mysqld` that is MySQL's. */
  readonly mysql: true | string;
}

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly arguments: readonly string[];
  readonly there: true | string;
}

/**
 * Every combination of who stands behind the endpoint, who plays Kinesis and which SQL server there is, of the servers
 * that run without Docker; and, in containers, those that containers are made for. What the machine does not have is one
 * column each, so that the table says so.
 */
export function planMatrix(machine: Machine): readonly Column[] {
  const aws: Choice[] = [
    { id: 'localstack', title: 'LocalStack', arguments: ['--engine', 'aws=localstack'], there: true },
    { id: 'ministack', title: 'MiniStack', arguments: ['--engine', 'aws=ministack'], there: true },
  ];
  const kinesis: Choice[] = [
    { id: 'own-kinesis', title: 'its Kinesis', arguments: ['--engine', 'kinesis=localstack'], there: true },
    { id: 'naetmul-kinesis', title: 'naetmul’s Kinesis', arguments: ['--engine', 'kinesis=naetmul'], there: true },
  ];
  const sql: Choice[] = [
    { id: 'mariadb', title: 'MariaDB', arguments: ['--engine', 'mysql=mariadb'], there: true },
    { id: 'mysql', title: 'MySQL', arguments: ['--engine', 'mysql=mysql'], there: machine.mysql },
  ];
  const native = { id: 'native', title: 'native', arguments: ['--stack', 'native'], there: true } as const;
  const docker = { id: 'docker', title: 'containers', arguments: ['--stack', 'docker'], there: machine.docker };
  const inContainers = { id: 'mysql', title: 'MySQL', arguments: [], there: true } as const;
  const columns = [
    ...combine([[native], aws, kinesis, sql.filter(({ there }) => there === true)]),
    ...combine([docker.there === true ? [docker] : [], aws.slice(0, 1), kinesis, [inContainers]]),
  ];
  const missing = [...sql, docker].filter(({ there }) => there !== true);
  return [
    ...columns.map((choices) => ({
      id: choices.map(({ id }) => id).join('-'),
      title: choices.map(({ title }) => title).join(', '),
      arguments: choices.flatMap((choice) => choice.arguments),
    })),
    ...missing.map(({ id, title, there }) => ({ id, title, arguments: [], notPossible: String(there) })),
  ];
}

function combine(choices: readonly (readonly Choice[])[]): readonly (readonly Choice[])[] {
  return choices.reduce<readonly (readonly Choice[])[]>(
    (before, next) => before.flatMap((chosen) => next.map((choice) => [...chosen, choice])),
    [[]],
  );
}
