/** `unique` = `raw` - `copies`. */
export interface Counts {
  /** Records that lie in S3. */
  readonly raw: number;
  /** Those of them that tell of an event which had been received before, perhaps in another hour or on another day. */
  readonly copies: number;
  readonly unique: number;
}

export interface HourCounts extends Counts {
  /** 0 to 23, of the Korean day. */
  readonly hour: number;
}

export interface SenderCounts {
  readonly sender: string;
  /** Hours without records are left out. */
  readonly hours: readonly HourCounts[];
  readonly total: Counts;
}

/** What could not be read: a line of an object, or, where `offset` is missing, what of the object had not been read yet. */
export interface Unreadable {
  readonly key: string;
  /** Of the line's first byte, from the start of the object's content. */
  readonly offset?: number;
  readonly reason: string;
}

/** `received`: when the API received a record. `event`: when its sender says that the event happened. */
export type ReportTime = 'received' | 'event';

/** Programs read this: members are added, never changed or removed. */
export interface DayReport {
  /** `2022-01-27`, in Korea. */
  readonly day: string;
  readonly time: ReportTime;
  readonly windowHours: number;
  readonly latenessHours: number;
  /** In the order of their names. */
  readonly senders: readonly SenderCounts[];
  readonly total: Counts;
  /** Records of the day that tell no time of their own and are counted by that of their receipt. 0 for `received`. */
  readonly untimed: number;
  readonly read: {
    readonly folders: number;
    readonly objects: number;
    /** Readable records, of which `outside` are not of the day. */
    readonly records: number;
    readonly outside: number;
  };
  readonly unreadable: {
    readonly count: number;
    /** The first of them. */
    readonly examples: readonly Unreadable[];
  };
}
