/** Degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Reads `37.61002501514269, 126.99636868892937`; undefined for what is no place on earth. */
export function positionOf(gps: string | undefined): Position | undefined {
  const [, latitude, longitude] = /^\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(gps ?? '') ?? [];
  const position = { latitude: Number(latitude), longitude: Number(longitude) };
  return Math.abs(position.latitude) <= 90 && Math.abs(position.longitude) <= 180 ? position : undefined;
}

/** A map without tiles: metres to the east and north of its middle, one scale for both. */
export interface Projection {
  /** Pixels from the left and the top. */
  place(position: Position): { readonly x: number; readonly y: number };
  /** Pixels per metre. */
  readonly scale: number;
}

const METRES_PER_DEGREE = 111_320;
/** However near to each other the detectors are, the map shows so much, in metres. */
const LEAST_EXTENT = 300;

/** Fits all positions into a frame, with room at the edges. Good for a town or a country, not for the whole earth. */
export function project(positions: readonly Position[], width: number, height: number, room: number): Projection {
  const middle = {
    latitude: middleOf(positions.map(({ latitude }) => latitude)),
    longitude: middleOf(positions.map(({ longitude }) => longitude)),
  };
  const perLongitude = METRES_PER_DEGREE * Math.max(Math.cos((middle.latitude * Math.PI) / 180), 0.01);
  const east = ({ longitude }: Position) => (longitude - middle.longitude) * perLongitude;
  const north = ({ latitude }: Position) => (latitude - middle.latitude) * METRES_PER_DEGREE;
  const extent = (of: (position: Position) => number) =>
    Math.max(LEAST_EXTENT, 2 * Math.max(...positions.map((position) => Math.abs(of(position))), 0));
  const scale = Math.min((width - 2 * room) / extent(east), (height - 2 * room) / extent(north));
  return {
    scale,
    place: (position) => ({ x: width / 2 + east(position) * scale, y: height / 2 - north(position) * scale }),
  };
}

/** A round number of metres that is no longer than so many pixels: 1, 2 or 5 times a power of ten. */
export function scaleBar(scale: number, longest: number): number {
  const metres = longest / scale;
  const power = 10 ** Math.floor(Math.log10(metres));
  return power * ([5, 2].find((step) => step * power <= metres) ?? 1);
}

/** Moves those that would cover each other apart, around where they are. */
export function spread<P extends { readonly x: number; readonly y: number }>(places: readonly P[], near: number): P[] {
  const crowds: P[][] = [];
  for (const place of places) {
    const crowd = crowds.find(([first]) => first && Math.hypot(first.x - place.x, first.y - place.y) < near);
    if (crowd === undefined) crowds.push([place]);
    else crowd.push(place);
  }
  return crowds.flatMap((crowd) => {
    if (crowd.length === 1) return crowd;
    const radius = near / (2 * Math.sin(Math.PI / crowd.length));
    const [middle] = crowd;
    return crowd.map((place, index) => {
      const angle = (2 * Math.PI * index) / crowd.length - Math.PI / 2;
      return {
        ...place,
        x: (middle?.x ?? 0) + radius * Math.cos(angle),
        y: (middle?.y ?? 0) + radius * Math.sin(angle),
      };
    });
  });
}

function middleOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : (Math.min(...values) + Math.max(...values)) / 2;
}
