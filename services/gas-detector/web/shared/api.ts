import type { Failure as AnyFailure, FailureCode as CommonCode } from '../../../page-kit/shared/failure.ts';
import type { Sensor } from './sensors.ts';

/** What the server answers to the page. All times are ms since the epoch, on the server's clock. */

export interface Latest {
  readonly now: number;
  readonly detectors: readonly Detector[];
  /** True when there are more detectors than are told. */
  readonly hasMore: boolean;
}

export interface Detector {
  readonly groupid: string;
  /** When its newest reading came. */
  readonly date: number;
  /** As the detector says it: `37.61002501514269, 126.99636868892937`. */
  readonly gps: string | undefined;
  /** The newest value of each sensor that is a number. */
  readonly sensors: Readonly<Partial<Record<Sensor, LatestValue>>>;
}

export interface LatestValue {
  readonly value: number;
  readonly date: number;
  readonly sensorid: string | undefined;
}

export interface SeriesAnswer {
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** The length of one interval, in ms. */
  readonly interval: number;
  readonly detectors: readonly DetectorSeries[];
  /** True when there are more detectors in the range than are told. */
  readonly hasMore: boolean;
}

export interface DetectorSeries {
  readonly groupid: string;
  /** How many readings came in the range. */
  readonly count: number;
  readonly sensors: Readonly<Record<Sensor, SensorSeries>>;
}

/** Columns of equal length, one place for each interval that has values. */
export interface SensorSeries {
  /** Where the interval begins. */
  readonly time: readonly number[];
  readonly avg: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** Over the whole range; undefined when there is no value. */
  readonly whole:
    | { readonly count: number; readonly avg: number; readonly min: number; readonly max: number }
    | undefined;
}

export interface Warnings {
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** How many there are in the range. */
  readonly total: number;
  /** The newest ones, newest first. */
  readonly warnings: readonly Warning[];
}

export interface Warning {
  readonly date: number;
  readonly groupid: string;
  readonly value: number;
  readonly sensorid: string | undefined;
}

/** Where the page hears the messages of the detectors. */
export interface Live {
  /** A WebSocket address, signed where it must be; good for one connection. */
  readonly url: string;
  readonly topic: string;
  readonly clientId: string;
}

/** Why there is no answer. */
export type Failure = AnyFailure<FailureCode>;

export type FailureCode = CommonCode | 'search-mapping' | 'live-unset';
