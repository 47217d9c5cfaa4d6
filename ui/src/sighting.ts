// The phone page: one sighting, told to the line; kept on the page until the line has it.

import { bearingOf, sightingOf, type Filled } from "./sightingform.ts";

const POINTS: [string, number][] = [
  ["N", 0],
  ["NE", 45],
  ["E", 90],
  ["SE", 135],
  ["S", 180],
  ["SW", 225],
  ["W", 270],
  ["NW", 315],
];
const AUTHOR_KEY = "tocsin.author";
const COMPASS_MS = 1500;
const PHONE_SIGMA_DEG = 10;
const WORD_SIGMA_DEG = 15; // an eighth of the compass, and that people name it

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const form = byId<HTMLFormElement>("form");
const azimuth = byId<HTMLInputElement>("azimuth");
const latitude = byId<HTMLInputElement>("latitude");
const longitude = byId<HTMLInputElement>("longitude");
const author = byId<HTMLInputElement>("author");
const answer = byId<HTMLParagraphElement>("answer");
const send = byId<HTMLButtonElement>("send");
let accuracy_m = 50;
let sigma_deg: number | null = null;
let id = newId();

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `ph-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function say(text: string, good: "yes" | "no" | ""): void {
  answer.textContent = text;
  answer.dataset["good"] = good;
}

function setAzimuth(value: number, sigma: number): void {
  azimuth.value = String(Math.round(value) % 360);
  sigma_deg = sigma;
  for (const button of document.querySelectorAll<HTMLButtonElement>("#points button"))
    button.setAttribute("aria-pressed", String(Number(button.value) === Number(azimuth.value)));
}

for (const [word, value] of POINTS) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = String(value);
  button.textContent = word;
  button.setAttribute("aria-pressed", "false");
  button.onclick = () => setAzimuth(value, WORD_SIGMA_DEG);
  byId("points").append(button);
}
azimuth.oninput = () => {
  sigma_deg = null;
  for (const button of document.querySelectorAll("#points button")) button.setAttribute("aria-pressed", "false");
};

byId("compass").onclick = async () => {
  const asking = DeviceOrientationEvent as unknown as { requestPermission?: () => Promise<string> };
  if (asking.requestPermission && (await asking.requestPermission().catch(() => "denied")) !== "granted") {
    say("The phone does not let this page read its compass. Choose the direction below.", "no");
    return;
  }
  say("Hold the phone flat and point its top edge at it ...", "");
  const heard = (event: Event) => {
    const found = bearingOf(event as DeviceOrientationEvent & { webkitCompassHeading?: number });
    if (found === null) return;
    stop();
    setAzimuth(found, PHONE_SIGMA_DEG);
    say(`Direction taken: ${azimuth.value} degrees.`, "yes");
  };
  const names = ["deviceorientationabsolute", "deviceorientation"];
  const waiting = setTimeout(() => {
    stop();
    say("This device has no compass. Choose the direction below.", "no");
  }, COMPASS_MS);
  const stop = () => {
    clearTimeout(waiting);
    for (const name of names) removeEventListener(name, heard);
  };
  for (const name of names) addEventListener(name, heard);
};

byId("locate").onclick = () => {
  if (!("geolocation" in navigator) || !isSecureContext) {
    say("The browser tells this page no place (it does so over https only). Type it in.", "no");
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      latitude.value = coords.latitude.toFixed(6);
      longitude.value = coords.longitude.toFixed(6);
      accuracy_m = Math.min(Math.max(coords.accuracy / 2, 3), 10_000); // browsers tell 95 %
      byId("accuracy").textContent = `Known within ${Math.round(coords.accuracy)} m.`;
    },
    ({ message }) => say(`The place was not found: ${message}. Type it in.`, "no"),
    { enableHighAccuracy: true, timeout: 20_000 },
  );
};

author.value = localStorage.getItem(AUTHOR_KEY) ?? "";

function filled(): Filled {
  const data = new FormData(form);
  return {
    id,
    author: author.value,
    latitude: latitude.value,
    longitude: longitude.value,
    accuracy_m,
    azimuth: azimuth.value,
    sigma_deg,
    elevation: byId<HTMLSelectElement>("elevation").value,
    means: String(data.get("means")),
    what: String(data.get("what")),
    ago_s: Number(data.get("ago")),
    words: byId<HTMLTextAreaElement>("words").value,
    photo: byId<HTMLInputElement>("photo").value,
  };
}

form.onsubmit = async (event) => {
  event.preventDefault();
  const [sighting, missing] = sightingOf(filled(), Date.now());
  if (!sighting) {
    say(missing, "no");
    return;
  }
  localStorage.setItem(AUTHOR_KEY, author.value.trim());
  send.disabled = true;
  say("Telling them ...", "");
  try {
    const reply = await fetch("api/sightings", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sighting),
    });
    if (reply.status === 401) location.assign("login");
    if (reply.ok) {
      say("They have it. Thank you. If it moves, report it again.", "yes");
      id = newId();
    } else {
      const said = (await reply.json().catch(() => ({}))) as { error?: string };
      const again = reply.status >= 500 ? " Press again to try once more." : "";
      say(`Not taken: ${said.error ?? reply.status}.${again}`, "no");
    }
  } catch {
    say("Nobody answered. What you wrote is kept here: press again to try once more.", "no");
  }
  send.disabled = false;
};

fetch("api/site", { cache: "no-store" })
  .then(async (reply) => {
    if (reply.status === 401) location.assign("login");
    byId("site").textContent = reply.ok ? `For ${((await reply.json()) as { name: string }).name}.` : "";
  })
  .catch(() => say("The site does not answer now.", "no"));
