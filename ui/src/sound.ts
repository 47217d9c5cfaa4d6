// Sound: each priority has its own, repeated while an alert of it waits for an answer and was not silenced here.

interface Tone {
  hz: number;
  at_s: number;
  for_s: number;
}

interface Pattern {
  every_s: number;
  gain: number;
  wave: OscillatorType;
  tones: Tone[];
}

// Higher is quicker, louder and rises; low is a single soft tone (ISA-18.2: tell them apart without looking).
const PATTERNS: Record<number, Pattern> = {
  1: { every_s: 30, gain: 0.06, wave: "sine", tones: [{ hz: 392, at_s: 0, for_s: 0.25 }] },
  2: { every_s: 8, gain: 0.1, wave: "sine", tones: [{ hz: 523, at_s: 0, for_s: 0.2 }, { hz: 523, at_s: 0.3, for_s: 0.2 }] },
  3: {
    every_s: 4,
    gain: 0.14,
    wave: "triangle",
    tones: [{ hz: 659, at_s: 0, for_s: 0.16 }, { hz: 784, at_s: 0.2, for_s: 0.16 }, { hz: 659, at_s: 0.4, for_s: 0.16 }],
  },
  4: {
    every_s: 1.6,
    gain: 0.2,
    wave: "square",
    tones: [0, 1, 2, 3, 4].map((step) => ({ hz: 700 + 140 * step, at_s: 0.16 * step, for_s: 0.13 })),
  },
};

export class Sound {
  private context: AudioContext | null = null;
  private priority = 0;
  private next_ms = 0;
  played = 0;

  /** Browsers give sound only after a key or click; call this from one. */
  unlock(): void {
    if (!this.context) {
      try {
        this.context = new AudioContext();
      } catch {
        return;
      }
    }
    void this.context.resume();
  }

  get on(): boolean {
    return this.context?.state === "running";
  }

  /** The highest priority that waits for an answer, 0 for none. */
  sound(priority: number): void {
    if (priority > this.priority) this.next_ms = 0;
    this.priority = priority;
    this.step();
  }

  /** Call a few times a second. */
  step(): void {
    const pattern = PATTERNS[this.priority];
    if (!pattern || performance.now() < this.next_ms) return;
    this.next_ms = performance.now() + pattern.every_s * 1000;
    if (this.on) this.play(pattern);
  }

  private play(pattern: Pattern): void {
    const context = this.context;
    if (!context) return;
    this.played += 1;
    for (const tone of pattern.tones) {
      const start = context.currentTime + tone.at_s;
      const oscillator = new OscillatorNode(context, { type: pattern.wave, frequency: tone.hz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(pattern.gain, start + 0.01);
      gain.gain.setValueAtTime(pattern.gain, start + tone.for_s - 0.03);
      gain.gain.linearRampToValueAtTime(0, start + tone.for_s);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + tone.for_s);
    }
  }
}
