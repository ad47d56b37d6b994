/** Searched as text and, under `.keyword`, as a whole: what OpenSearch makes of texts that it is told nothing of. */
const TEXT = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } };

const SENSOR = {
  properties: {
    sensorid: TEXT,
    sensortype: TEXT,
    value: { ...TEXT, type: 'double' },
    // By the detector's own clock, which says no time zone: a text. What came when is told by `date`.
    createdtime: TEXT,
  },
};

/**
 * What is said of the index before its first document. The documents stay as detectors post them, with values as text,
 * but the index reads the values as numbers: else nothing could be averaged, and `no2.value >= 88` would compare
 * letters.
 */
export const INDEX_TEMPLATE = {
  // Above a template for all indices (*) that somebody may have.
  priority: 100,
  template: {
    mappings: {
      properties: {
        date: { type: 'date' },
        groupid: TEXT,
        gps: { ...TEXT, fields: { ...TEXT.fields, point: { type: 'geo_point', ignore_malformed: true } } },
        co: SENSOR,
        no2: SENSOR,
        c2h5oh: SENSOR,
        h2: SENSOR,
      },
    },
  },
};
