// Two ways to the page around: a port that the element's script holds the other end of, and messages between windows.
// Both have `post(message, transfer)`, call `heard(message)`, and know whether the page around `supplies`: whether what is
// shown came from it, so that it may be told about it.

import { VERSION, isOurs, message } from "../protocol.js";

/**
 * The element's script, in a page of the same origin: it fetched the trace itself, so it may know what is in it.
 * @param {(port: MessagePort) => void} connect
 */
export async function byElement(connect) {
  const { port1, port2 } = new MessageChannel();
  /** @type {Promise<any>[]} */
  const wanted = [];
  const channel = {
    supplies: true,
    known: true,
    heard: (/** @type {any} */ _message) => {},
    post: (/** @type {any} */ said) => port1.postMessage(said),
    /** The full engine, compiled once for all embeds of the page. */
    full: () =>
      new Promise((done, failed) => {
        wanted.push(/** @type {any} */ ({ done, failed }));
        port1.postMessage(message("need-full"));
      }),
  };
  const given = new Promise((done) => {
    port1.onmessage = ({ data }) => {
      if (!isOurs(data)) return;
      if (data.type === "files") return done(data);
      if (data.type === "full") {
        for (const { done, failed } of /** @type {any[]} */ (wanted.splice(0))) {
          if (data.module) done(data);
          else failed(new Error(data.message));
        }
        return;
      }
      channel.heard(data);
    };
  });
  connect(port2);
  return { channel, given: await given };
}

/**
 * A page of any origin. Nothing is taken from it before it has said hello, and it is told nothing of a trace that did not
 * come from it, unless the two share an origin.
 */
export function byWindow({ around = window.parent, here = window } = {}) {
  let origin = "";
  /** @type {MessagePort | undefined} */
  let port;
  const channel = {
    supplies: false,
    known: false,
    heard: (/** @type {any} */ _message) => {},
    post: (/** @type {any} */ said) => {
      if (port) port.postMessage(said);
      // Before the hello nobody knows who listens: only what tells nothing is said then (see Embed).
      else around.postMessage(said, /^https?:/.test(origin) ? origin : "*");
    },
    full: undefined,
  };
  const hear = (/** @type {any} */ data, /** @type {MessageEvent} */ event) => {
    if (!isOurs(data)) return;
    if (data.chaindebug > VERSION) {
      return channel.post(message("trouble", { kind: "version", message: `This frame speaks version ${VERSION}.` }));
    }
    if (data.type === "hello") {
      origin = event.origin || origin;
      channel.known = true;
      channel.supplies = origin === here.location.origin && /^https?:/.test(origin);
      const [given] = event.ports ?? [];
      if (given) {
        port = given;
        given.onmessage = (event) => hear(event.data, event);
      }
      return channel.heard(data);
    }
    if (!channel.known) return channel.post(message("trouble", { kind: "hello", message: "Say hello first." }));
    channel.heard(data);
  };
  here.addEventListener("message", (event) => {
    if (event.source !== around || around === here) return;
    if (channel.known && event.origin !== origin) return;
    hear(event.data, event);
  });
  return channel;
}
