// What an element shows: a file by its address, or a text that stands in the element itself.

import { Trouble } from "./trouble.js";

/** A text, however it came into the page: without the indentation and the empty lines that HTML put around it. */
function text(/** @type {string} */ raw) {
  const lines = raw.replace(/^\s*\n/, "").trimEnd().split("\n");
  const indents = lines.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents, Infinity);
  return `${lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n")}\n`;
}

/** Elements that hold a trace; any other child is what is shown where there is no script. */
const HOLDERS = ":scope > script, :scope > template, :scope > pre, :scope > code";

/**
 * The trace inside an element, or nothing. A script may say that it holds `data-encoding="gzip base64"`, and its `data-name`.
 * @param {Element} element
 * @returns {Promise<{ name: string, data: Blob } | undefined>}
 */
export async function inline(element) {
  const holder = element.querySelector(HOLDERS) ?? (element.childElementCount === 0 ? element : undefined);
  const raw = (holder instanceof HTMLTemplateElement ? holder.content : holder)?.textContent ?? "";
  if (!holder || !raw.trim()) return undefined;
  const name = holder.getAttribute("data-name") ?? "trace";
  const encoding = holder.getAttribute("data-encoding") ?? "";
  if (!encoding) return { name, data: new Blob([text(raw)]) };
  if (encoding !== "gzip base64" && encoding !== "base64") throw new Trouble("content", `“${encoding}” is no encoding of a trace`);
  const packed = new Blob([Uint8Array.from(atob(raw.replace(/\s+/g, "")), (sign) => sign.charCodeAt(0))]);
  // The engine unpacks too, but not the one for traces, which is the smaller download.
  const unpacks = encoding.startsWith("gzip") && typeof DecompressionStream === "function";
  const data = unpacks ? await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).blob() : packed;
  return { name, data };
}

/** The last part of an address, for people. @param {URL} url */
export const nameOf = (url) => {
  const last = url.pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(last) || url.host;
  } catch {
    return last;
  }
};

/**
 * @param {string} src
 * @param {AbortSignal} signal
 * @returns {Promise<{ name: string, data: Blob, address: string }>}
 */
export async function fetched(src, signal) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(src, document.baseURI);
  } catch {
    throw new Trouble("src", `“${src}” is no address`);
  }
  const name = nameOf(url);
  if (url.protocol === "file:") throw new Trouble("file", `${name} cannot be fetched from a page that was opened as a file`);
  if (!/^(https?|blob|data):$/.test(url.protocol)) throw new Trouble("src", `${name} cannot be fetched by ${url.protocol}`);
  const response = await fetch(url, { signal }).catch((error) => {
    if (signal.aborted) throw error;
    throw url.origin === location.origin
      ? new Trouble("fetch", `${name} could not be fetched`, error)
      : new Trouble("cors", `${name} could not be fetched from ${url.host}`, error);
  });
  if (!response.ok) throw new Trouble("src", `${name} is not there: the server answered ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  const data = await response.blob();
  // A server that answers every address with its start page: no format of ours is HTML.
  if (/^text\/html/i.test(type) && /^\s*(<!doctype html|<html)/i.test(await data.slice(0, 200).text())) {
    throw new Trouble("src", `${name} is a web page and no trace`);
  }
  return { name, data, address: /^https?:$/.test(url.protocol) ? url.href : "" };
}
