// What the form of a sighting holds, as the line takes it.

export interface Filled {
  id: string;
  author: string;
  latitude: string;
  longitude: string;
  accuracy_m: number;
  azimuth: string;
  sigma_deg: number | null;
  elevation: string;
  means: string;
  what: string;
  ago_s: number;
  words: string;
  photo: string;
}

export type Sighting = Record<string, string | number>;

/** Degrees clockwise from north that the phone's top edge points to; null where it does not know north. */
export function bearingOf(event: { alpha: number | null; absolute: boolean; webkitCompassHeading?: number }): number | null {
  if (typeof event.webkitCompassHeading === "number") return event.webkitCompassHeading;
  return event.absolute && event.alpha !== null ? (360 - event.alpha) % 360 : null;
}

/** The sighting, or null and what is missing. */
export function sightingOf(form: Filled, now_ms: number): [Sighting | null, string] {
  const latitude_deg = within(form.latitude, -90, 90);
  const longitude_deg = within(form.longitude, -180, 180);
  if (latitude_deg === null || longitude_deg === null) return [null, "Where did you stand? Use your place, or type it in."];
  if (!form.author.trim()) return [null, "Your name or post is missing."];
  const azimuth_deg = within(form.azimuth, 0, 360);
  if (form.azimuth.trim() && azimuth_deg === null) return [null, "The direction is between 0 and 360 degrees."];
  const sighting: Sighting = {
    id: form.id,
    author: form.author.trim(),
    time: new Date(now_ms - 1000 * form.ago_s).toISOString(),
    latitude_deg,
    longitude_deg,
    accuracy_m: form.accuracy_m,
    means: form.means,
    what: form.what,
    words: form.words.trim(),
    photo: form.photo.trim(),
  };
  if (azimuth_deg !== null) {
    sighting["azimuth_deg"] = azimuth_deg;
    if (form.sigma_deg !== null) sighting["azimuth_sigma_deg"] = form.sigma_deg;
    if (form.elevation) {
      sighting["elevation_deg"] = Number(form.elevation);
      sighting["elevation_sigma_deg"] = 12; // chosen in words
    }
  }
  return [sighting, ""];
}

function within(text: string, least: number, most: number): number | null {
  const value = Number(text);
  return text.trim() && value >= least && value <= most ? value : null;
}
