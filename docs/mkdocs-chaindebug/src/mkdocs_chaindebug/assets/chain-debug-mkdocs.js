// The page's half of mkdocs-chaindebug: links that move a cursor, the paragraph that belongs to where it stands, and tours.
// A plain script without a build, so that it also runs from file://. The embeds themselves are `<chain-debug>`, which starts
// and ends by itself when Material puts another page in place of this one, and follows the theme; a tour is an element for
// the same reason, and all else is heard at the document. So no navigation has to be followed.
(() => {
  if (customElements.get("chain-debug-tour")) return;

  /** @typedef {HTMLElement & { go(place: object): void, start(): void }} Embed */

  const GO = ".chain-debug-go";
  const STOP = "data-chaindebug-stop";
  /** How long an embed may take to answer, in milliseconds: it may have to load first. */
  const PATIENCE = 10_000;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {string | null | undefined} id @returns {Embed | undefined} */
  const embedOf = (id) => /** @type {any} */ (id ? document.getElementById(id) : undefined) ?? undefined;

  /** Where a link or a paragraph sends the cursor. @param {HTMLElement} element */
  const placeOf = ({ dataset }) => {
    const place = {};
    for (const key of ["step", "phase", "view"]) if (dataset[key]) place[key] = dataset[key];
    if (dataset.at) place.at = Number(dataset.at);
    return place;
  };

  /** @param {string} id */
  const stopsOf = (id) => [...document.querySelectorAll(`[${STOP}="${CSS.escape(id)}"]`)].filter((stop) => stop instanceof HTMLElement);

  /** Marks what belongs to where the cursor of an embed stands. @param {string} id @param {(element: HTMLElement) => boolean} here */
  function mark(id, here) {
    const links = document.querySelectorAll(`${GO}[data-for="${CSS.escape(id)}"]`);
    for (const element of [...stopsOf(id), ...links]) {
      if (element instanceof HTMLElement && here(element)) element.setAttribute("aria-current", "step");
      else element.removeAttribute("aria-current");
    }
  }

  /** Moves the cursor of an embed to where an element says. @param {Embed} target @param {HTMLElement} element */
  function go(target, element) {
    const { step, at, id } = element.dataset;
    if (step || at) {
      // Once the cursor is there the embed says so, and the mark stays; until then it shows what was asked for.
      mark(target.id, (other) => (id ? other.dataset.id === id : other === element || other.contains(element)));
    }
    // One that has not begun begins there.
    target.go(placeOf(element));
    target.start();
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(GO) : null;
    const target = link instanceof HTMLElement ? embedOf(link.dataset.for) : undefined;
    if (!target) return;
    if (!(link instanceof HTMLElement)) return;
    tours.get(target.id)?.ask(link);
    go(target, link);
    // Where it cannot be seen, pressing would seem to do nothing.
    const { top, bottom } = target.getBoundingClientRect();
    if (bottom < 40 || top > innerHeight - 40) target.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  });

  // The events of an element do not bubble; on its way down each passes here.
  document.addEventListener(
    "step",
    (event) => {
      const target = event.target;
      if (!(target instanceof HTMLElement) || target.localName !== "chain-debug") return;
      const { id, name } = /** @type {CustomEvent} */ (event).detail;
      mark(target.id, ({ dataset }) => (dataset.id ? dataset.id === id : dataset.step === name));
      tours.get(target.id)?.stepped(id, name, target.getAttribute("step"));
    },
    true,
  );

  /** Tours on this page, by the id of their embed. @type {Map<string, Tour>} */
  const tours = new Map();

  /** An embed and the text that moves its cursor as it is read. */
  class Tour extends HTMLElement {
    connectedCallback() {
      // Text that stands beside an embed, and moves nothing as it is read.
      if (!this.dataset.tour) return;
      this.embed = this.dataset.for ?? "";
      tours.set(this.embed, this);
      this.current = -1;
      /** Steps that were asked for, and when: hearing of them is no sign that somebody took over. @type {Map<string, number>} */
      this.asked = new Map();
      this.following = !calm.matches;
      this.hushed = 0;
      this.bar = this.makeBar();
      this.querySelector(".chain-debug-stage")?.append(this.bar);
      this.ending = new AbortController();
      const { signal } = this.ending;
      let frame = 0;
      const read = () => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => this.read());
      };
      const measure = () => this.measure();
      addEventListener("scroll", read, { passive: true, signal });
      addEventListener("resize", measure, { passive: true, signal });
      measure();
      this.show();
    }

    disconnectedCallback() {
      // With a reason: the error it would make otherwise holds, by its stack, the page that came instead.
      this.ending?.abort("The tour is gone.");
      this.bar?.remove();
      if (tours.get(this.embed) === this) tours.delete(this.embed);
    }

    get stops() {
      return /** @type {HTMLElement[]} */ (stopsOf(this.embed));
    }

    makeBar() {
      const bar = document.createElement("div");
      bar.className = "chain-debug-tour__bar";
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "Tour");
      /** @param {string} text @param {() => void} press */
      const button = (text, press) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        made.addEventListener("click", press);
        bar.append(made);
        return made;
      };
      this.backButton = button("◀ Back", () => this.walk(-1));
      this.nextButton = button("Next ▶", () => this.walk(1));
      this.followButton = button("Follow the text", () => this.follow(!this.following));
      this.said = document.createElement("span");
      this.said.className = "chain-debug-tour__said";
      this.said.setAttribute("role", "status");
      bar.append(this.said);
      return bar;
    }

    /** How much of the window's top is taken by the page's own bars. */
    measure() {
      const header = document.querySelector(".md-header");
      const height = header && getComputedStyle(header).position === "sticky" ? header.getBoundingClientRect().height : 0;
      this.style.setProperty("--chain-debug-top", `${Math.round(height)}px`);
    }

    /** The text was scrolled: the cursor follows the paragraph that is being read. */
    read() {
      if (!this.following || performance.now() < this.hushed) return;
      const stops = this.stops;
      const stage = this.querySelector(".chain-debug-stage")?.getBoundingClientRect();
      const beside = this.dataset.layout === "beside" && innerWidth >= 960;
      const top = !stage || beside ? 0 : Math.max(0, Math.min(stage.bottom, innerHeight));
      // A third of the way down what is left of the window; the whole of it at the end of the page.
      const root = document.documentElement;
      const ended = root.scrollTop + innerHeight >= root.scrollHeight - 2;
      const line = ended ? innerHeight : top + (innerHeight - top) * 0.4;
      const index = stops.findLastIndex((stop) => stop.getBoundingClientRect().top <= line);
      if (index === this.current || index < 0) return;
      // Long past, or not here yet: another tour may be on.
      const { top: above, bottom: below } = this.getBoundingClientRect();
      if (below < 0 || above > innerHeight) return;
      this.goTo(index, false);
    }

    /** @param {number} by */
    walk(by) {
      const index = Math.max(0, Math.min(this.stops.length - 1, this.current + by));
      const stop = this.stops[index];
      if (!stop) return;
      this.goTo(index, true);
      // Scrolling of our own making moves nothing else: the stop it brings into sight is the one that is shown.
      this.hushed = performance.now() + 800;
      const { top, bottom } = stop.getBoundingClientRect();
      const stage = this.querySelector(".chain-debug-stage")?.getBoundingClientRect();
      const covered = stage && this.dataset.layout !== "beside" ? stage.bottom : 80;
      if (top < covered || bottom > innerHeight - 20) {
        scrollBy({ top: top - covered - 24, behavior: calm.matches ? "auto" : "smooth" });
      }
    }

    /** @param {number} index @param {boolean} aloud */
    goTo(index, aloud) {
      const stop = this.stops[index];
      const target = embedOf(this.embed);
      if (!stop || !target) return;
      this.current = index;
      this.said?.setAttribute("aria-live", aloud ? "polite" : "off");
      this.ask(stop);
      go(target, stop);
      this.show();
    }

    /** Where an element sends the cursor, it goes because of us. @param {HTMLElement} element */
    ask({ dataset }) {
      this.asked.set(dataset.id ?? "", performance.now());
    }

    /** The cursor stands at a step. @param {string} id @param {string} name @param {string | null} first Where the embed begins. */
    stepped(id, name, first) {
      const now = performance.now();
      const lately = [...this.asked].filter(([, when]) => now - when < PATIENCE);
      this.asked = new Map(lately);
      // A move to a moment names no step: whatever comes next is its answer.
      const ours = this.asked.has(id) || this.asked.delete("");
      // Until the embed is where it begins, the moves are its own.
      if (this.begun && !ours && id !== this.last) this.follow(false, "You have taken over.");
      this.last = id;
      this.begun ||= ours || !first || first === id || first.replace(/#\d+$/, "") === name;
      const index = this.stops.findIndex((stop) => stop.dataset.id === id);
      if (index >= 0) this.current = index;
      this.show();
    }

    /** @param {boolean} on @param {string} [why] */
    follow(on, why = "") {
      this.following = on;
      this.why = on ? "" : why;
      this.show();
      if (on) this.read();
    }

    show() {
      const stops = this.stops;
      this.followButton?.setAttribute("aria-pressed", String(this.following));
      this.backButton?.setAttribute("aria-disabled", String(this.current <= 0));
      this.nextButton?.setAttribute("aria-disabled", String(this.current >= stops.length - 1));
      const where = this.current < 0 ? `${stops.length} stops` : `Stop ${this.current + 1} of ${stops.length}`;
      if (this.said) this.said.textContent = this.why ? `${this.why} ${where}` : where;
    }
  }

  customElements.define("chain-debug-tour", Tour);
})();
