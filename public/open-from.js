// Asks a Jaeger or a Tempo for traces: the one that whoever runs this page has named, and no other. Loaded only where
// one is named (`chaindebug-open-from` in the page).
//
// Here: what is asked and in which words the two answer. What a trace means is the engine's: Jaeger's answer to a
// search holds whole traces and goes to the engine as it is; Tempo's is a list, and becomes rows.

/** Addresses by their ends. Jaeger's are those of its own page; Tempo's newer ones are asked first. */
const ENDS = {
  jaegerServices: "api/services",
  tempoServices: ["api/v2/search/tag/resource.service.name/values", "api/search/tag/service.name/values"],
  tempoTrace: ["api/v2/traces/", "api/traces/"],
};

/** How both say that they have no such trace, where they do not say it with the status. */
const EMPTY = /^\s*($|\{\s*(\}|"(trace|data)"\s*:\s*(null|\{\s*\}|\[\s*\])|"(metrics|status|message)"\s*:))/;

/** Why something could not be had, in a sentence for the person who asked. */
export class Refused extends Error {}

/** The services, by name, and which of the two it is: `{ kind: "Jaeger" | "Tempo", services: […] }`. */
export async function services(address) {
  let first;
  try {
    const answer = await json(address, ENDS.jaegerServices);
    // Jaeger says `null` where it knows none yet.
    if (Array.isArray(answer.data) || answer.data === null) return { kind: "Jaeger", services: (answer.data ?? []).sort() };
  } catch (error) {
    first = error;
  }
  for (const end of ENDS.tempoServices) {
    try {
      const { tagValues } = await json(address, end);
      if (!Array.isArray(tagValues)) continue;
      const names = tagValues.map((one) => (typeof one === "string" ? one : String(one?.value ?? "")));
      return { kind: "Tempo", services: [...new Set(names.filter(Boolean))].sort() };
    } catch (error) {
      // What the newer address answers is more to the point than what the other tool's does.
      first = error.status === undefined ? first ?? error : error;
    }
  }
  throw first ?? new Refused(`${shown(address)} answers neither as Jaeger nor as Tempo does.`);
}

/**
 * Looks for traces. `query` is `{ kind, service, seconds, limit, tags, errors }`; `tags` is text: `key=value …`.
 * Jaeger gives a Blob that the engine reads; Tempo gives rows `{ id, name, service, start, milliseconds, errors, steps }`,
 * where what is not told is null.
 */
export async function search(address, query, now = Date.now()) {
  const tags = readTags(query.tags);
  if (query.kind === "Jaeger") {
    if (!query.service) throw new Refused("Choose a service: Jaeger looks for traces of one at a time.");
    const wanted = Object.fromEntries(tags);
    if (query.errors) wanted.error = "true";
    const end = new URLSearchParams({
      service: query.service,
      limit: String(query.limit),
      start: String((now - query.seconds * 1000) * 1000),
      end: String(now * 1000),
      lookback: "custom",
    });
    if (Object.keys(wanted).length > 0) end.set("tags", JSON.stringify(wanted));
    return (await ask(address, `api/traces?${end}`)).blob();
  }
  const end = new URLSearchParams({
    q: traceQl(query.service, tags, query.errors),
    limit: String(query.limit),
    start: String(Math.floor(now / 1000) - query.seconds),
    end: String(Math.ceil(now / 1000)),
  });
  const { traces } = await json(address, `api/search?${end}`);
  return (traces ?? []).map(row);
}

/** One trace by its id, as a Blob that the engine reads. */
export async function trace(address, kind, id) {
  const name = id.trim().replace(/^0x/i, "").toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(name)) throw new Refused(`“${id.trim()}” is no trace id: those are up to 32 digits and letters a to f.`);
  const ends = kind === "Tempo" ? ENDS.tempoTrace : ["api/traces/"];
  for (const [position, end] of ends.entries()) {
    try {
      // Both keep ids of 8 or 16 bytes; some leave zeros at the front away.
      const answer = await ask(address, end + name.padStart(name.length > 16 ? 32 : 16, "0"));
      const blob = await answer.blob();
      if (!EMPTY.test(await blob.slice(0, 200).text())) return blob;
      throw Object.assign(new Refused("nothing"), { status: 404 });
    } catch (error) {
      if (error.status === 404 && position + 1 === ends.length) {
        throw new Refused(`${shown(address)} has no trace ${name}. It may be older than what is kept, or not have arrived yet.`);
      }
      if (error.status !== 404) throw error;
    }
  }
}

/** Tags as somebody types them: `key=value`, with quotes around what holds spaces. */
export function readTags(text = "") {
  const found = [];
  const rest = text.replace(/("[^"]*"|[^\s="]+)\s*=\s*("[^"]*"|[^\s"]+)/g, (_, key, value) => {
    const bare = (word) => (word.startsWith('"') ? word.slice(1, -1) : word);
    found.push([bare(key), bare(value)]);
    return "";
  });
  if (rest.trim()) throw new Refused(`“${rest.trim()}” is no tag. Write key=value, or key="value with spaces"; several stand side by side.`);
  return found;
}

/** The same as one TraceQL filter. A value that could be a number or a truth is looked for as both. */
export function traceQl(service, tags, errors) {
  const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const parts = service ? [`resource.service.name = ${quoted(service)}`] : [];
  for (const [key, value] of tags) {
    const name = /^[\w./-]+$/.test(key) ? `.${key}` : `.${quoted(key)}`;
    const plain = /^(-?\d+(\.\d+)?|true|false)$/.test(value);
    parts.push(plain ? `(${name} = ${value} || ${name} = ${quoted(value)})` : `${name} = ${quoted(value)}`);
  }
  if (errors) parts.push("status = error");
  return `{ ${parts.join(" && ")} }`;
}

/** A line of Tempo's list. */
function row(found) {
  // Newer ones count for each service; older ones say nothing of errors.
  const stats = found.serviceStats && Object.values(found.serviceStats);
  const sum = (name) => (stats ? stats.reduce((all, one) => all + Number(one?.[name] ?? 0), 0) : null);
  return {
    id: String(found.traceID ?? ""),
    name: found.rootTraceName || "",
    service: found.rootServiceName || "",
    start: /^\d{13,}$/.test(found.startTimeUnixNano) ? new Date(Number(BigInt(found.startTimeUnixNano) / 1_000_000n)).toISOString() : null,
    milliseconds: Number.isFinite(found.durationMs) ? found.durationMs : null,
    steps: sum("spanCount"),
    errors: sum("errorCount"),
  };
}

async function json(address, end) {
  const answer = await ask(address, end);
  try {
    return (await answer.json()) ?? {};
  } catch {
    throw new Refused(`${shown(address)} answered something that is no JSON. Is it the address of Jaeger's page, or of Tempo's HTTP interface?`);
  }
}

/** Asks, and says in a sentence why there is no answer. */
async function ask(address, end) {
  const url = new URL(end, base(address));
  let answer;
  try {
    // No cookies, no names: nobody there has to know who asks.
    answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" });
  } catch {
    throw new Refused(await unanswered(url));
  }
  if (answer.ok) return answer;
  const said = (await answer.text().catch(() => "")).trim().slice(0, 200);
  throw Object.assign(new Refused(refusal(url, answer.status, said)), { status: answer.status });
}

function refusal(url, status, said) {
  const more = said && !said.startsWith("<") ? ` It said: ${said}` : "";
  if (status === 401 || status === 403) {
    return `${url.host} wants to know who asks (${status}), and this page tells nobody. Put a server in front of it that asks in your name, and name that one.${more}`;
  }
  if (status === 502 || status === 504) return `This page's server could not reach it (${status}). Is the address right, and is it running?${more}`;
  return `${url.host} answered ${status}.${more}`;
}

/** The browser says nothing of why: whether anybody is there at all is told by asking without wanting to read. */
async function unanswered(url) {
  const there = await fetch(url, { mode: "no-cors", credentials: "omit", cache: "no-store" }).then(() => true, () => false);
  if (!there) return `${url.origin} does not answer. Is it running, and is the address right?`;
  return (
    `${url.origin} is there, but does not let this page read its answers. Allow the origin ${globalThis.location?.origin ?? ""} there ` +
    "(Jaeger 2: extensions.jaeger_query.http.cors.allowed_origins; Jaeger 1: --query.additional-headers), " +
    "or let this page's own server ask: CHAINDEBUG_OPEN_FROM_VIA=server. Tempo has no such setting."
  );
}

/** The address as a folder; one without a scheme lies beside the page. */
function base(address) {
  return new URL(address.endsWith("/") ? address : `${address}/`, globalThis.document?.baseURI);
}

function shown(address) {
  const url = base(address);
  return url.origin === globalThis.location?.origin ? "The server" : url.host;
}
