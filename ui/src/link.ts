// The link to the line: a WebSocket of frames, opened again whenever it breaks.

import { FrameReader, newest, SCHEMA, type Frame } from "./wire.ts";

export type LinkState = "CONNECTING" | "OPEN" | "OFFLINE" | "OUTDATED";

// The line sends a beat when nothing else; this long without any byte and what is shown no longer holds.
const SILENCE_MS = 5000;
const RECONNECT_MS = 1500;

/** Follows `/api/live` for as long as the page lives. `onFrames` gets every frame, in order. */
export class Link {
  private heard_ms = 0;
  private socket: WebSocket | null = null;

  constructor(
    private readonly onFrames: (frames: Frame[]) => void,
    private readonly onState: (state: LinkState) => void,
    private readonly onOpen: () => Promise<void>,
  ) {
    setInterval(() => {
      if (this.heard_ms && performance.now() - this.heard_ms > SILENCE_MS) this.end("nothing was heard");
    }, 500);
    void this.open();
  }

  private async open(): Promise<void> {
    // A refused socket does not say why; a stranger has to log in first.
    const me = await fetch("api/me", { cache: "no-store" }).catch(() => null);
    if (me?.status === 401) location.assign("login");
    if (!me?.ok) {
      this.end(`the line answered ${me?.status ?? "nothing"}`);
      return;
    }
    const address = new URL("api/live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.hash = "";
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heard_ms = performance.now();
    socket.binaryType = "arraybuffer";
    const early: Frame[] = [];
    let take: (frames: Frame[]) => void = (frames) => void early.push(...frames);
    const reader = new FrameReader();
    socket.onmessage = ({ data }) => {
      this.heard_ms = performance.now();
      const frames = reader.push(new Uint8Array(data as ArrayBuffer));
      if (frames.some((frame) => frame.schema > SCHEMA)) this.onState("OUTDATED");
      else take(frames);
    };
    socket.onopen = async () => {
      try {
        await this.onOpen();
      } catch (error) {
        if (this.socket === socket) this.end(String(error));
      }
      if (this.socket !== socket) return;
      this.onState("OPEN");
      take = this.onFrames;
      take(newest(early));
    };
    socket.onclose = ({ reason }) => {
      if (this.socket === socket) this.end(reason || "the line ended it");
    };
  }

  private end(reason: string): void {
    console.info("the link broke:", reason);
    this.heard_ms = 0;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.onState("OFFLINE");
    setTimeout(() => void this.open(), RECONNECT_MS);
  }
}
