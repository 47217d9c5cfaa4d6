// Display units: the only place where a value becomes text for a person. Another unit is a change here and nowhere else.

const UNKNOWN = "–";
const M_PER_KM = 1000;

/** Heights, whole metres. */
export function height(metres: number | null): string {
  return metres === null ? UNKNOWN : `${Math.round(metres)} m`;
}

/** Distances on the ground: tens of metres below a kilometre, then tenths of one. */
export function distance(metres: number | null): string {
  if (metres === null) return UNKNOWN;
  if (metres < 10) return `${Math.round(metres)} m`;
  const tens = 10 * Math.round(metres / 10);
  return tens < M_PER_KM ? `${tens} m` : `${(metres / M_PER_KM).toFixed(1).replace(/\.0$/, "")} km`;
}

/** Speeds. */
export function speed(metresPerSecond: number): string {
  return `${Math.round(metresPerSecond)} m/s`;
}

/** Directions: three figures, clockwise from true north. */
export function bearing(degrees: number): string {
  return `${String(((Math.round(degrees) % 360) + 360) % 360).padStart(3, "0")}°`;
}

/** Time to go: seconds below two minutes, then minutes and seconds. */
export function duration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The likely span of a time to go, "40 to 80 s"; an end that is never reached is "no end". */
export function span(low: number | null, high: number | null): string {
  if (low === null) return UNKNOWN;
  return high === null ? `${duration(low)} or later` : `${Math.round(low)} to ${duration(high)}`;
}

/** A span after the time it is of: ", 40 to 80 s" or, `bracketed`, " (40 to 80 s)"; nothing where it is but that time. */
export function spread(low: number | null, high: number | null, bracketed = true): string {
  if (low !== null && high !== null && Math.round(low) === Math.round(high)) return "";
  return bracketed ? ` (${span(low, high)})` : `, ${span(low, high)}`;
}

/** Ages: tenths of a second while they are fresh. */
export function age(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** "3 Feb", in UTC. */
export function day(time_s: number): string {
  return new Date(time_s * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** A time of day, with the day where that is another than `now_s`'s. */
export function utcBy(time_s: number, now_s: number): string {
  return `${Number.isFinite(now_s) && day(time_s) !== day(now_s) ? `${day(time_s)} ` : ""}${utc(time_s)}`;
}

/** UTC seconds since 1970 as a time of day, "12:00:05Z". */
export function utc(time_s: number): string {
  return `${new Date(time_s * 1000).toISOString().slice(11, 19)}Z`;
}

/** The same on the clock of the operator's machine. */
export function local(time_s: number): string {
  return new Date(time_s * 1000).toLocaleTimeString("en-GB", { hour12: false });
}

/** A place, for reading out: degrees and decimals. */
export function place(latitude_deg: number, longitude_deg: number): string {
  const ns = latitude_deg < 0 ? "S" : "N";
  const ew = longitude_deg < 0 ? "W" : "E";
  return `${Math.abs(latitude_deg).toFixed(4)}° ${ns} ${Math.abs(longitude_deg).toFixed(4)}° ${ew}`;
}
