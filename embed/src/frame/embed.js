// What a page around may do with the page in the frame, and what it is told. The page itself (app/src/embed) knows no
// windows and no origins: it calls `attach` and `tell`, and gets files and places.

import { message, place, theme } from "../protocol.js";
import { blobOf } from "./bytes.js";
import { handOver } from "./hand-over.js";
import { watchFocus } from "./focus.js";
import { watchHeight } from "./height.js";

/** What is told about a trace, and so only to a page that supplied it. */
const ABOUT = ["opened", "step"];

export class Embed {
  /**
   * @param {ReturnType<typeof import("./channel.js").byWindow>} channel
   * @param {{ fragment?: string, full?: string, drop?: boolean }} options `fragment` in the iframe form, which reads what
   *   to open from its own address; the rest is what the element says.
   */
  constructor(channel, { fragment, full, drop } = {}) {
    this.channel = channel;
    this.fields = fragment === undefined ? undefined : new URLSearchParams(fragment.slice(1));
    this.full = full ?? (this.fields ? location.href.split(/[?#]/)[0] : "");
    this.drop = drop ?? this.fields?.get("drop") === "1";
    /** Whether what is shown came from the page around. */
    this.theirs = false;
    /** @type {any} */
    this.page = undefined;
    /** @type {any[]} */
    this.early = [];
    /** What was asked while a file was being opened: it is about that file. @type {any[] | undefined} */
    this.held = undefined;
    /** The last of each kind, for a page that says hello late. @type {Map<string, any>} */
    this.last = new Map();
    channel.heard = (said) => void this.hear(said);
  }

  /** The page is there. @param {any} page */
  attach(page) {
    this.page = page;
    watchFocus();
    watchHeight((height) => this.say("height", { height }));
    for (const said of this.early.splice(0)) void this.hear(said);
    if (this.fields) this.begin(this.fields);
    this.say("ready", { version: 1 });
  }

  /** The iframe form: what the address says is opened. @param {URLSearchParams} fields */
  begin(fields) {
    this.page.theme(theme(fields.get("theme")));
    addEventListener("hashchange", () => location.reload());
    const addresses = [fields.get("open"), fields.get("compare")].filter((address) => address);
    if (addresses.length === 0) return;
    const wanted = place({ ...Object.fromEntries(fields), at: number(fields.get("at")) });
    void this.fetched(/** @type {string[]} */ (addresses), wanted);
  }

  /** @param {string[]} addresses @param {any} wanted */
  async fetched(addresses, wanted) {
    try {
      const files = await Promise.all(addresses.map((address) => fetchBeside(address)));
      this.page.open(files, JSON.stringify({ ...wanted, compare: files.length > 1 }));
    } catch (error) {
      this.trouble("src", /** @type {Error} */ (error).message);
    }
  }

  /** Something of the page, as JSON. @param {string} event */
  tell(event) {
    const { type, ...fields } = JSON.parse(event);
    if (type === "started") return;
    this.say(type, fields);
    if (type !== "opened" && type !== "trouble") return;
    const held = this.held ?? [];
    this.held = undefined;
    for (const said of held) void this.hear(said);
  }

  /** @param {string} type @param {any} fields */
  say(type, fields) {
    this.last.set(type, fields);
    const about = ABOUT.includes(type);
    if (about && !(this.theirs || this.channel.supplies)) return;
    // What went wrong may speak of the trace; a page that may not know is told that something did.
    const told = type === "trouble" && !(this.theirs || this.channel.supplies) ? { kind: fields.kind } : fields;
    this.channel.post(message(type, told));
  }

  /** Shows and tells that something could not be done. @param {string} kind @param {string} text */
  trouble(kind, text) {
    this.say("trouble", { kind, message: text });
    const middle = document.querySelector(".embed-trouble");
    if (!middle) return;
    const line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.textContent = text;
    middle.replaceChildren(line);
  }

  /** @param {any} said */
  async hear(said) {
    if (!this.page) return void this.early.push(said);
    switch (said.type) {
      case "hello":
        this.say("ready", { version: 1 });
        for (const type of ["opened", "step", "height"]) if (this.last.has(type)) this.say(type, this.last.get(type));
        return;
      case "open":
        return this.open(said);
      case "go":
        if (this.held) return void this.held.push(said);
        return this.page.go(JSON.stringify(place(said)));
      case "view":
        return this.page.show(String(said.view));
      case "theme":
        return this.page.theme(theme(said.theme));
      case "close":
        this.theirs = false;
        this.held = undefined;
        return this.page.open([], "{}");
      case "trouble":
        return this.trouble(String(said.kind), String(said.message));
      default:
        this.channel.post(message("trouble", { kind: "unknown", message: `A frame knows no “${String(said.type).slice(0, 40)}”.` }));
    }
  }

  /** @param {any} said */
  async open(said) {
    this.held = [];
    try {
      const given = Array.isArray(said.files) ? said.files : [said];
      const files = [];
      for (const { name, data, address } of given) {
        files.push({ name: String(name ?? "trace"), blob: await blobOf(data), address: address ? String(address) : "" });
      }
      this.theirs = true;
      this.page.open(files, JSON.stringify({ ...place(said), compare: files.length > 1 }));
    } catch (error) {
      this.held = undefined;
      this.trouble("open", /** @type {Error} */ (error).message);
    }
  }

  /** The page's own link to the full page, where an address cannot say what is open. @param {string} fragment @param {any[]} files */
  hand(fragment, files) {
    handOver(this.full, fragment, files).catch((error) => this.trouble("hand-over", error.message));
  }
}

/** @param {string | null} value */
const number = (value) => (value === null || value === "" ? undefined : Number(value));

/** A file beside the page, as the full page opens it: from its own host alone. @param {string} address */
async function fetchBeside(address) {
  const url = new URL(address, document.baseURI);
  const name = decodeURIComponent(url.pathname.split("/").pop() ?? "") || "trace";
  if (url.origin !== location.origin) throw new Error(`${name} is on another host; this frame asks its own alone.`);
  const response = await fetch(url).catch((error) => {
    throw new Error(`${name} could not be fetched: ${error.message}.`);
  });
  if (!response.ok) throw new Error(`${name} could not be fetched: the server answered ${response.status}.`);
  return { name, blob: await response.blob(), address: url.href };
}
