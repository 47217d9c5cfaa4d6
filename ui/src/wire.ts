// The wire: bytes of `/api/live` and `/api/history` to frames, however they are cut; the layout stands in docs/reference/stream.md.

export const KIND = {
  beat: 0,
  site: 1,
  tracks: 2,
  threats: 3,
  alerts: 4,
  sensors: 5,
  cues: 6,
  ended: 7,
  statements: 8,
  report: 9,
} as const;

export const SCHEMA = 1;
const HEAD_BYTES = 8;

export interface Frame {
  kind: number;
  schema: number;
  payload: Uint8Array<ArrayBuffer>;
}

/** Cuts a stream of bytes into frames, wherever it was split on its way. */
export class FrameReader {
  private pending = new Uint8Array(0);

  push(chunk: Uint8Array): Frame[] {
    const bytes = new Uint8Array(this.pending.length + chunk.length);
    bytes.set(this.pending);
    bytes.set(chunk, this.pending.length);
    const view = new DataView(bytes.buffer);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = view.getUint32(at, true);
      if (bytes.length - at < HEAD_BYTES + length) break;
      const payload = bytes.slice(at + HEAD_BYTES, at + HEAD_BYTES + length);
      frames.push({ kind: view.getUint8(at + 4), schema: view.getUint8(at + 5), payload });
      at += HEAD_BYTES + length;
    }
    this.pending = bytes.slice(at);
    return frames;
  }
}

/** The frames worth taking when several came at once: of each kind the newest, in their order. */
export function newest(frames: Frame[]): Frame[] {
  const last = new Map(frames.map((frame) => [frame.kind, frame]));
  return frames.filter((frame) => last.get(frame.kind) === frame);
}

const decoder = new TextDecoder();

/** A frame's JSON. */
export function json<T>(frame: Frame): T {
  return JSON.parse(decoder.decode(frame.payload)) as T;
}
