import type { Place } from './compose-error.ts';
import type { Text } from './interpolation.ts';

/** What a `compose.yaml` asks for, checked; nothing of it runs yet. */
export interface ProcessPlan {
  /** The file's absolute path. */
  readonly file: string;
  /** The folder that it stands in, which the processes run in. */
  readonly folder: string;
  /** The folder's name: `collector`. */
  readonly name: string;
  /** The services that are built from the folder: each becomes a process. */
  readonly processes: readonly ProcessService[];
  readonly face: PublicFace;
}

/** The one service that publishes a port. */
export interface PublicFace {
  /** The port outside, and the one inside that it leads to. */
  readonly port: { readonly published: number; readonly target: number };
  /** The process that answers there when there is no nginx, neither in the file nor on this machine. */
  readonly process: string;
  /** Undefined when the process itself publishes the port. */
  readonly nginx: NginxService | undefined;
}

/** Whether a process that ended is started again. Source: Compose file reference, `restart`. */
export type RestartPolicy = 'no' | 'always' | 'unless-stopped' | 'on-failure';

export interface ProcessService {
  /** Its name in the file, which is its host name for the other services. */
  readonly name: string;
  readonly command: readonly Written[];
  readonly environment: readonly Variable[];
  readonly restart: RestartPolicy;
}

export interface NginxService {
  readonly name: string;
  /** What it is in containers: `nginx:1.28`. */
  readonly image: string;
  readonly templates: readonly NginxTemplate[];
  readonly environment: readonly Variable[];
  readonly restart: RestartPolicy;
}

/** A file that the nginx image renders into `/etc/nginx/conf.d`. */
export interface NginxTemplate {
  /** The file here. */
  readonly source: string;
  /** The rendered file's name: `default.conf`. */
  readonly name: string;
}

/** A text of the file whose variables get their values at the start. */
export interface Written {
  readonly text: Text;
  readonly place: Place;
}

export interface Variable {
  readonly name: string;
  /** Undefined for `NAME:` without a value: it is then the value that its name stands for. */
  readonly value: Written | undefined;
  readonly place: Place;
}
