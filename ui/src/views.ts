// What the line tells as JSON, as `model/views.py` defines it. A value that is not known is null, never 0.

export type Interval = [number | null, number | null, number | null];

export interface Asset {
  name: string;
  latitude_deg: number;
  longitude_deg: number;
  height_m: number;
  radius_m: number;
  reaction_s: number;
  people: number | null;
}

export interface Zone {
  name: string;
  corners_deg: [number, number][];
  floor_above_site_m: number | null;
  ceiling_above_site_m: number | null;
}

export interface Site {
  name: string;
  latitude_deg: number;
  longitude_deg: number;
  height_m: number;
  assets: Asset[];
  zones: Zone[];
  version: string;
  mode: string;
  notice: string;
  ended: boolean;
  sightings: boolean;
}

export interface Threat {
  uid: string;
  place: string;
  distance_m: number;
  inside_probability: number;
  entry_probability: number;
  horizon_s: number;
  entry_s: Interval;
  closest_m: Interval;
  closest_s: number | null;
}

export interface Alert {
  id: string;
  rule: string;
  place: string;
  subject: string;
  state: string;
  priority: number;
  priority_word: string;
  raised: string;
  asked: string; // since when it asks for an answer: later than raised where it grew worse
  changed: string;
  message: string;
  reason: string;
  track_label: string;
  time_to_entry_s: Interval | null;
  acknowledged_by: string;
  acknowledged: string | null;
  shelved_until: string | null;
  parents: string[];
  exercise: boolean;
  when: string; // the kind of its rule: enters, falls, silent
}

export interface Sensor {
  name: string;
  latitude_deg: number;
  longitude_deg: number;
  heading_deg: number;
  range_m: [number, number] | null;
  sector_deg: [number, number] | null;
  blind_deg: [number, number][];
  health: string;
  reason: string;
  since: string | null;
}

export interface Cue {
  sensor: string;
  time: string;
  latitude_deg: number;
  longitude_deg: number;
  azimuth_deg: number;
  sigma_deg: number;
  class_word: string | null;
}

export interface Ended {
  uid: string;
  label: string;
  time: string;
  last_detection: string;
  latitude_deg: number;
  longitude_deg: number;
  outcome: string;
}

export interface Statement {
  id: string;
  speaker: string;
  stance: string;
  content: string;
  place: string | null;
  said: string | null;
  alternatives?: { kind: string; name: string; sigmas: number | null; words: string }[];
}

/** What one sender says of itself, and how far that is to be believed. */
export interface Claim {
  means: string;
  identifier: string;
  sensor: string;
  verdict: string;
  reasons: string[];
  since: string;
  callsign: string | null;
  operator: string | null;
  expected: string | null;
  conforms: boolean | null;
}

export interface TrackDetail {
  time: string;
  track: {
    uid: string;
    label: string;
    status: string;
    existence_probability: number;
    latitude_deg: number;
    longitude_deg: number;
    height_above_site_m: number;
    altitude_msl_m: number | null;
    speed_mps: number;
    course_deg: number | null;
    climb_mps: number;
    ellipse_major_m: number;
    sigma_height_m: number;
    born: string;
    last_detection: string;
    since_detection_s: number;
    sensors: string[];
    class_words: string;
    class_probability: Record<string, number>;
    affiliation: string;
    affiliation_by: string | null;
    reason: string;
    rank: number | null;
  };
  threats: Threat[];
  decided: string | null;
  decision: string | null;
  claims: Claim[];
  found_again: string | null;
}

/** ISO 8601 as UTC seconds since 1970. */
export function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}
