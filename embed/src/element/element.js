// <chain-debug>: the page in a frame of its own, started when it is seen or clicked, gone when the element goes. Whatever
// the trace is made of stays in the frame; of the host page the element touches nothing but itself.

import { message, place, theme as themeOf } from "../protocol.js";
import { assets } from "./assets.js";
import { offer, sorry, wait } from "./card.js";
import { byAddress, compiles, inPage } from "./frames.js";
import { whenNear } from "./seen.js";
import { dress } from "./style.js";
import { followTheme, pageTheme } from "./theme.js";
import { fetched, inline } from "./trace.js";
import { Trouble, told } from "./trouble.js";

/** Below this width the inspector stands under the view. */
const NARROW = 640;

/** Embeds of a page that run at once while others are far from the window: each holds tens of megabytes. */
const MOST = 4;

/**
 * Why a life ended. Said rather than left to `abort()`: that makes an error, its stack holds whatever function took the
 * element away, and so the document that function was at work on, for as long as anybody holds the element.
 */
const GONE = "The element is gone.";

const AWAY = Symbol("away");
const REST = Symbol("rest");

/** Those that run. @type {Set<any>} */
const live = new Set();

/** Puts those to rest that have been away the longest, while more run than need to. */
function rest() {
  const idle = [...live].filter((one) => one[AWAY] > 0).sort((a, b) => a[AWAY] - b[AWAY]);
  for (const one of idle.slice(0, Math.max(0, live.size - MOST))) one[REST]();
}

/** Attributes that say where to stand: a change moves the cursor, and opens nothing anew. */
const PLACE = ["view", "step", "phase", "at", "run"];

/** @param {string} home Where the script came from. */
export function chainDebug(home) {
  return class ChainDebug extends HTMLElement {
    static observedAttributes = ["src", "compare", "theme", "height", "base", "full", ...PLACE];

    /** @type {import("./frames.js").Link | undefined} */
    #link;
    /** Ends what belongs to one life in the page: fetches, listeners. */
    #life = new AbortController();
    /** @type {(() => void)[]} */
    #ends = [];
    /** What to show instead of the attributes: given by `open`. @type {any} */
    #given;
    /** Whether the frame has what it is to show. */
    #sent = false;
    /** Where to stand when it has. @type {any} */
    #later;
    /** Counts what was asked to be shown. */
    #turn = 0;
    /** The last moment told, to come back to it. @type {number | undefined} */
    #moment;
    /** Another frame for the same, where this one is stopped. @type {(() => import("./frames.js").Link) | undefined} */
    #otherwise;
    #theme = "system";
    #full = "";
    #started = false;
    /** Whether it starts when it is seen: unless it waits to be clicked. */
    #willing = false;
    /** Since when it has been far from the window; 0 while it is near. */
    #away = 0;
    #soon = false;
    #card = document.createElement("div");

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      dress(root);
      this.#card.className = "card";
      root.append(this.#card);
    }

    connectedCallback() {
      this.#life = new AbortController();
      const { signal } = this.#life;
      this.#state("waiting");
      this.#size();
      const sized = new ResizeObserver(([entry]) => this.toggleAttribute("data-narrow", entry.contentRect.width < NARROW));
      sized.observe(this);
      const ownTheme = () => this.#follow(this.getAttribute("theme"));
      const dark = matchMedia("(prefers-color-scheme: dark)");
      dark.addEventListener("change", ownTheme, { signal });
      this.#ends = [() => sized.disconnect(), followTheme(ownTheme)];
      const when = this.getAttribute("start");
      this.#willing = this.#willing || when !== "click";
      const near = (/** @type {boolean} */ is) => {
        this.#away = is ? 0 : performance.now();
        if (!is) return rest();
        if (this.#willing) this.start();
      };
      this.#ends.push(whenNear(this, near));
      if (!this.#willing) return offer(this.#card, this.#name(), () => this.start());
      wait(this.#card, this.#name());
      if (when === "load") this.start();
    }

    disconnectedCallback() {
      this.#stop();
      this.#life.abort(GONE);
      for (const end of this.#ends.splice(0)) end();
    }

    /** @param {string} name @param {string | null} old @param {string | null} value */
    attributeChangedCallback(name, old, value) {
      if (!this.isConnected || old === value) return;
      if (name === "theme") return this.#follow(value);
      if (name === "height") return this.#size();
      if (!this.#started) return;
      // Several attributes change in one go: what they say together counts.
      const anew = !PLACE.includes(name);
      if (anew) this.#given = undefined;
      if (this.#soon) return;
      this.#soon = true;
      queueMicrotask(() => {
        this.#soon = false;
        if (!anew) this.go(this.#place());
        // What failed begins again; what is on its way looks at the attributes when it is there.
        else if (!this.#link && this.getAttribute("data-state") === "failed") this.#again();
        else if (this.getAttribute("data-state") === "live") void this.#show();
      });
    }

    /** Starts the embed, if it has not. */
    start() {
      if (this.#started || !this.isConnected) return;
      this.#started = this.#willing = true;
      wait(this.#card, this.#name());
      this.#state("starting");
      this.#begin().catch((error) => this.#sorry(error));
    }

    /**
     * Opens something else than `src`: text, bytes, a Blob or a stream, or several of them as `{ name, data }`.
     * @param {any} data @param {{ name?: string, view?: string, step?: string, at?: number, run?: string }} [options]
     */
    open(data, options = {}) {
      const files = Array.isArray(data) ? data : [{ name: options.name ?? "trace", data }];
      this.#given = { files, ...options };
      this.#moment = undefined;
      if (this.getAttribute("data-state") === "live") void this.#show();
      else if (this.getAttribute("data-state") === "failed") this.#again();
      else this.start();
    }

    /** Starts what failed anew. */
    #again() {
      this.#started = false;
      this.start();
    }

    /** Moves the cursor. @param {{ step?: string, phase?: "enter" | "exit", at?: number, run?: string, move?: string, view?: string }} where */
    go(where) {
      if (this.#sent) this.#link?.post(message("go", { ...where }));
      // Not there yet: it stands there once it is.
      else this.#later = { ...this.#later, ...where };
    }

    /** Shows a view. @param {string} view */
    show(view) {
      this.#link?.post(message("view", { view }));
    }

    async #begin() {
      const { signal } = this.#life;
      if (document.readyState === "loading") {
        // The text inside may not have been read yet.
        await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true, signal }));
      }
      const base = this.#base();
      const drop = this.hasAttribute("drop");
      const heard = (/** @type {any} */ said) => this.#heard(said);
      // From a disk nothing can be fetched: there the frame is the one file that holds everything.
      const disk = base.startsWith("file:");
      const address = new URL(disk ? "chaindebug.html" : "index.html", base).href;
      const whole = () => byAddress(/** @type {ShadowRoot} */ (this.shadowRoot), address, { drop, heard, signal });
      this.#otherwise = undefined;
      this.#full = this.getAttribute("full") ?? address;
      if (disk || !compiles()) {
        this.#link = whole();
      } else {
        const shared = await assets(base);
        if (signal.aborted) return;
        // Some hosts give the page's HTML as plain text: a link to it would show its source.
        if (!shared.html && !this.hasAttribute("full")) this.#full = "";
        const full = this.#full;
        // This page's policy, or its trusted types, may stand in the way; a frame with a policy of its own may do.
        if (shared.html) this.#otherwise = whole;
        try {
          this.#link = inPage(/** @type {ShadowRoot} */ (this.shadowRoot), shared, { theme: this.#theme, full, drop, heard, signal });
          await this.#link.ready;
        } catch (error) {
          if (signal.aborted || !this.#otherwise) throw error;
          this.#link?.frame.remove();
          this.#link = this.#otherwise();
          this.#otherwise = undefined;
        }
      }
      await this.#go();
    }

    /** The frame is on its way: shows in it what there is to show. */
    async #go() {
      await this.#link?.ready;
      if (!this.#link || this.#life.signal.aborted) return;
      this.#state("live");
      live.add(this);
      rest();
      this.#link.post(message("theme", { theme: this.#theme }));
      await this.#show();
    }

    /** Something that the frame needs was stopped by this page's policy. @param {string} directive */
    #blocked(directive) {
      const other = this.#otherwise;
      this.#otherwise = undefined;
      this.#link?.frame.remove();
      const stopped = new Trouble("frame", `The policy of the page around this trace stopped it from starting (${directive})`);
      if (!other) return this.#sorry(stopped);
      this.#link = other();
      this.#go().catch((error) => this.#sorry(error));
    }

    /** Opens what there is to open. */
    async #show() {
      const { signal } = this.#life;
      const turn = (this.#turn += 1);
      this.#sent = false;
      try {
        const wanted = this.#given ?? (await this.#own(signal));
        // What was asked for last counts, whatever comes first.
        if (signal.aborted || turn !== this.#turn || !this.#link) return;
        const streams = wanted.files.map((/** @type {any} */ file) => file.data).filter((/** @type {any} */ data) => data instanceof ReadableStream);
        // What the attributes say of a step is about what they name; the last moment is a place to come back to; and both
        // give way to where it was sent meanwhile.
        const { view, ...stand } = this.#place();
        const { move, ...later } = this.#later ?? {};
        const back = this.#moment === undefined ? {} : { at: this.#moment };
        const sent = later.step !== undefined || later.at !== undefined;
        const where = sent ? later : { ...(this.#given ? {} : stand), ...back, ...later };
        this.#link.post(message("open", { view, ...wanted, ...where }), streams);
        this.#sent = true;
        this.#later = undefined;
        if (move) this.go({ move });
        if (this.shadowRoot) this.#state("live");
      } catch (error) {
        if (!signal.aborted && turn === this.#turn) this.#sorry(error);
      }
    }

    /** What the attributes or the text inside say. @param {AbortSignal} signal */
    async #own(signal) {
      const src = this.getAttribute("src");
      const name = this.getAttribute("name");
      // What stands in the page counts first: a page that is read from a disk can fetch nothing.
      const inside = await inline(this);
      if (inside) return { files: [{ name: name ?? inside.name, data: inside.data }] };
      if (src !== null) {
        const other = this.getAttribute("compare");
        const sources = other === null ? [src] : [src, other];
        const files = await Promise.all(sources.map((one) => fetched(one, signal)));
        if (name && files.length === 1) files[0].name = name;
        return { files };
      }
      throw new Trouble("content", "There is no trace in this place");
    }

    #place() {
      const at = this.getAttribute("at");
      return place({
        view: this.getAttribute("view"),
        step: this.getAttribute("step"),
        phase: this.getAttribute("phase"),
        run: this.getAttribute("run"),
        at: at === null || at.trim() === "" ? undefined : Number(at),
      });
    }

    #base() {
      const base = new URL(this.getAttribute("base") ?? home, document.baseURI);
      if (!base.pathname.endsWith("/")) base.pathname += "/";
      base.search = base.hash = "";
      return base.href;
    }

    #name() {
      const src = this.getAttribute("src");
      return this.getAttribute("name") ?? (src ? (src.split(/[?#]/)[0].split("/").pop() ?? src) : "trace");
    }

    /** @param {any} said */
    #heard({ type, chaindebug: _, ...detail }) {
      if (type === "blocked") return this.#blocked(detail.directive);
      if (type === "step") this.#moment = detail.moment;
      if (type === "height" && this.getAttribute("height") === "auto") this.style.height = `${detail.height + 2}px`;
      this.#tell(type, detail);
    }

    /** Told to whoever listens at the element; no listener of the page around it hears of it by accident. @param {string} type @param {any} detail */
    #tell(type, detail) {
      this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    /** @param {unknown} error */
    #sorry(error) {
      this.#stop();
      this.#started = true;
      sorry(this.#card, error, this.#full, () => this.#again());
      this.#state("failed");
      const { kind, message: text } = told(error);
      this.#tell("trouble", { kind, message: text });
    }

    /** Since when it could be put to rest: it is far from the window, not in use, and can be opened again. */
    get [AWAY]() {
      const streams = this.#given?.files.some((/** @type {any} */ { data }) => data instanceof ReadableStream);
      return streams || document.activeElement === this ? 0 : this.#away;
    }

    /** Takes the frame away until it is seen again; it comes back at the same moment. */
    [REST]() {
      this.#stop();
      wait(this.#card, this.#name());
      this.#state("waiting");
    }

    /** Takes the frame away: that gives all its memory back. */
    #stop() {
      live.delete(this);
      this.#sent = false;
      this.#link?.frame.remove();
      this.#link = undefined;
      this.#started = false;
    }

    /** @param {string | null} asked */
    #follow(asked) {
      const own = themeOf(asked);
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const page = own === "system" ? pageThemeOr(system) : own;
      this.#theme = page;
      this.toggleAttribute("data-dark", page === "dark");
      this.#link?.post(message("theme", { theme: page }));
    }

    #size() {
      const height = this.getAttribute("height");
      if (height === null || height === "auto") this.style.removeProperty("height");
      else this.style.height = /^\d+(\.\d+)?$/.test(height.trim()) ? `${height.trim()}px` : height;
    }

    /** @param {"waiting" | "starting" | "live" | "failed"} state */
    #state(state) {
      this.setAttribute("data-state", state);
    }
  };
}

/** @param {string} system */
function pageThemeOr(system) {
  const said = pageTheme();
  return said === "system" ? system : said;
}
