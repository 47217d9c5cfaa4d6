// Tracks: the packed batch of one picture, read into tracks that keep their tails from one picture to the next.

import { mercatorX, mercatorY } from "./geometry.ts";
import { STATUS } from "./words.ts";

const HEAD_BYTES = 24;
const NOTHING = 65535;
const TAIL_STEP_S = 2;
const TAIL_POINTS = 45;
const STALE_S = 5;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export class Track {
  uid = "";
  number = 0;
  latitude_deg = 0;
  longitude_deg = 0;
  x = 0;
  y = 0;
  height_m: number | null = null;
  east_mps = 0;
  north_mps = 0;
  up_mps = 0;
  ellipse_azimuth_deg = 0;
  ellipse_major_m = 0;
  ellipse_minor_m = 0;
  since_detection_s = 0;
  entry_s: number | null = null;
  rank = 0;
  status = 0;
  affiliation = 0;
  kind = 0;
  certainty = 0;
  existence = 0;
  seen = 0;
  tail_s = -Infinity;
  readonly tail: number[] = []; // x, y, x, y ... oldest first, Mercator

  get label(): string {
    return this.number ? `T${this.number}` : "";
  }

  /** How it is named in the address and in requests. */
  get name(): string {
    return this.label || this.uid;
  }

  get speed_mps(): number {
    return Math.hypot(this.east_mps, this.north_mps);
  }

  get course_deg(): number {
    return ((Math.atan2(this.east_mps, this.north_mps) * 180) / Math.PI + 360) % 360;
  }

  get coasting(): boolean {
    return this.status === STATUS.coasting;
  }

  get confirmed(): boolean {
    return this.status === STATUS.confirmed || this.coasting;
  }

  get stale(): boolean {
    return this.since_detection_s > STALE_S;
  }
}

/** The tracks of one picture, the newest that was applied. */
export class TrackTable {
  time_s = NaN;
  sequence = 0;
  exercise = false;
  tracks: Track[] = [];
  private byKey = new Map<number, Track>();
  private round = 0;

  /** Take a batch; tracks that are not in it are gone. */
  apply(payload: Uint8Array): void {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const before_s = this.time_s;
    this.time_s = view.getFloat64(0, true);
    this.sequence = Number(view.getBigUint64(8, true));
    const count = view.getUint32(16, true);
    const size = view.getUint16(20, true);
    this.exercise = view.getUint8(22) === 1;
    if (Math.abs(this.time_s - before_s) > 60) this.byKey.clear();
    this.round += 1;
    const tracks = new Array<Track>(count);
    for (let row = 0; row < count; row++) tracks[row] = this.read(view, HEAD_BYTES + row * size);
    if (this.byKey.size > count) {
      for (const [key, track] of this.byKey) if (track.seen !== this.round) this.byKey.delete(key);
    }
    this.tracks = tracks;
  }

  /** By label or uid. */
  find(name: string): Track | undefined {
    if (!name) return undefined;
    return this.tracks.find((track) => (track.number ? `T${track.number}` === name || track.uid === name : track.uid === name));
  }

  private read(view: DataView, at: number): Track {
    const key = view.getUint16(at + 10) * 2 ** 32 + view.getUint32(at + 12); // the last 48 of 80 hashed bits
    let track = this.byKey.get(key);
    if (!track) {
      track = new Track();
      track.uid = readUid(view, at);
      this.byKey.set(key, track);
    }
    track.seen = this.round;
    track.latitude_deg = view.getInt32(at + 16, true) / 1e7;
    track.longitude_deg = view.getInt32(at + 20, true) / 1e7;
    track.x = mercatorX(track.longitude_deg);
    track.y = mercatorY(track.latitude_deg);
    track.height_m = view.getUint8(at + 59) & 1 ? view.getFloat32(at + 24, true) : null;
    track.number = view.getUint32(at + 28, true);
    track.east_mps = view.getInt16(at + 32, true) / 10;
    track.north_mps = view.getInt16(at + 34, true) / 10;
    track.up_mps = view.getInt16(at + 36, true) / 10;
    track.ellipse_azimuth_deg = view.getUint16(at + 38, true) / 100;
    track.ellipse_major_m = view.getFloat32(at + 40, true);
    track.ellipse_minor_m = view.getFloat32(at + 44, true);
    track.since_detection_s = view.getUint16(at + 48, true) / 10;
    const entry = view.getUint16(at + 50, true);
    track.entry_s = entry === NOTHING ? null : entry / 10;
    track.rank = view.getUint16(at + 52, true);
    track.status = view.getUint8(at + 54);
    track.affiliation = view.getUint8(at + 55);
    track.kind = view.getUint8(at + 56);
    track.certainty = view.getUint8(at + 57);
    track.existence = view.getUint8(at + 58) / 255;
    this.grow(track);
    return track;
  }

  private grow(track: Track): void {
    if (this.time_s - track.tail_s < TAIL_STEP_S) return;
    track.tail_s = this.time_s;
    track.tail.push(track.x, track.y);
    if (track.tail.length > 2 * TAIL_POINTS) track.tail.splice(0, 2);
  }
}

function readUid(view: DataView, at: number): string {
  let value = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
  let text = "";
  for (let place = 0; place < 26; place++) {
    text = (ALPHABET[Number(value & 31n)] ?? "") + text;
    value >>= 5n;
  }
  return text;
}
