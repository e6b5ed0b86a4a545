// Holds values against `wasm/types/protocol.d.ts`: reads the part of TypeScript's type language that file uses, and
// says where a value does not fit. Objects must have no field the file does not name. Not a test itself.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../wasm/types/protocol.d.ts", import.meta.url));

const TOKEN = /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|("[^"]*"|[A-Za-z_][A-Za-z0-9_]*|[{}[\]()<>|&;:,?=])/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read the types at: ${text.slice(at, at + 40)}`);
    if (match[1]) found.push(match[1]);
  }
  return found;
}

/** The types of the file, by name. */
function read(text) {
  const list = tokens(text);
  let at = 0;
  const peek = () => list[at];
  const take = (wanted) => {
    const token = list[at++];
    if (wanted !== undefined && token !== wanted) throw new Error(`expected ${wanted}, found ${token} (token ${at})`);
    return token;
  };
  const optional = (token) => peek() === token && take();

  const joined = (separator, inner, make) => {
    optional(separator);
    const all = [inner()];
    while (optional(separator)) all.push(inner());
    return all.length === 1 ? all[0] : make(all);
  };
  const type = () => joined("|", intersection, (any) => ({ any }));
  const intersection = () => joined("&", postfix, (all) => ({ all }));
  const postfix = () => {
    let inner = primary();
    while (peek() === "[" && list[at + 1] === "]") {
      at += 2;
      inner = { array: inner };
    }
    return inner;
  };
  const primary = () => {
    if (peek() === "{") return object();
    if (optional("(")) {
      const inner = type();
      take(")");
      return inner;
    }
    if (optional("[")) {
      const tuple = [type()];
      while (optional(",")) tuple.push(type());
      take("]");
      return { tuple };
    }
    const token = take();
    if (optional("<")) {
      const of = type();
      take(">");
      return { name: token, of };
    }
    return token.startsWith('"') ? { literal: JSON.parse(token) } : { name: token };
  };
  const object = () => {
    const fields = new Map();
    take("{");
    while (!optional("}")) {
      const name = take();
      const absent = Boolean(optional("?"));
      take(":");
      fields.set(name, { absent, type: type() });
      if (peek() !== "}") take(peek() === "," ? "," : ";");
    }
    return { fields };
  };

  const types = new Map();
  while (at < list.length) {
    take("export");
    const what = take();
    const name = take();
    if (what === "interface") {
      if (optional("extends")) take();
      const parameter = optional("<") ? take() : undefined;
      if (parameter) take(">");
      types.set(name, { ...object(), parameter });
    } else if (optional("<")) {
      while (take() !== ";"); // Json<T>: text on the wire; what it holds is for readers.
      types.set(name, { name: "string" });
    } else {
      take("=");
      types.set(name, type());
      take(";");
    }
  }
  return types;
}

const TYPES = read(readFileSync(FILE, "utf8"));

/** The declared type a name stands for; in `Both<string>` the parameter of `Both` is put in its place. */
function declared(type) {
  const found = TYPES.get(type.name);
  if (!found?.parameter) return found;
  const put = (one) => {
    if (one.name === found.parameter) return type.of;
    const inner = (list) => list.map(put);
    if (one.any) return { any: inner(one.any) };
    if (one.all) return { all: inner(one.all) };
    if (one.tuple) return { tuple: inner(one.tuple) };
    return one.array ? { array: put(one.array) } : one;
  };
  return { fields: new Map([...found.fields].map(([name, field]) => [name, { ...field, type: put(field.type) }])) };
}

/** All fields of an object type, its name and what it is joined from resolved; `undefined` for any other type. */
function fieldsOf(type) {
  if (type.fields) return type.fields;
  if (type.all) return new Map(type.all.flatMap((part) => [...(fieldsOf(part) ?? [])]));
  if (type.name && TYPES.has(type.name)) return fieldsOf(declared(type));
  return undefined;
}

/** Where and how `value` is not a `type`: undefined when it is one. */
function misfit(value, type, path) {
  if (type.any) {
    const misfits = type.any.map((one) => misfit(value, one, path));
    if (misfits.includes(undefined)) return undefined;
    // The alternative that got furthest says most.
    return misfits.reduce((a, b) => (b.length > a.length ? b : a));
  }
  if (type.array) {
    if (!Array.isArray(value)) return `${path}: an array was expected`;
    return value.map((one, i) => misfit(one, type.array, `${path}[${i}]`)).find(Boolean);
  }
  if (type.tuple) {
    if (!Array.isArray(value) || value.length !== type.tuple.length) return `${path}: ${type.tuple.length} values were expected`;
    return value.map((one, i) => misfit(one, type.tuple[i], `${path}[${i}]`)).find(Boolean);
  }
  if ("literal" in type) return value === type.literal ? undefined : `${path}: "${type.literal}" was expected`;
  const fields = fieldsOf(type);
  if (fields) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path}: an object was expected`;
    for (const [name, { absent, type }] of fields) {
      if (!(name in value)) {
        if (absent) continue;
        return `${path}: ${name} is missing`;
      }
      const wrong = misfit(value[name], type, `${path}.${name}`);
      if (wrong) return wrong;
    }
    const unknown = Object.keys(value).find((name) => !fields.has(name));
    return unknown === undefined ? undefined : `${path}: ${unknown} is not declared`;
  }
  if (TYPES.has(type.name)) return misfit(value, declared(type), path);
  if (type.name === "null") return value === null ? undefined : `${path}: null was expected`;
  if (!["string", "number", "boolean"].includes(type.name)) throw new Error(`the type ${type.name} is declared nowhere`);
  return typeof value === type.name ? undefined : `${path}: a ${type.name} was expected, found ${JSON.stringify(value)}`;
}

/** Throws unless `value` is what `protocol.d.ts` calls `name`. Returns it. */
export function check(name, value) {
  const type = TYPES.get(name);
  if (!type) throw new Error(`protocol.d.ts declares no ${name}`);
  // Of a union of answers, the one with the right tag is meant.
  const tag = type.any && typeof value === "object" && value !== null && ["answer", "ask"].find((tag) => tag in value);
  const meant = tag ? type.any.find((one) => fieldsOf(one)?.get(tag)?.type.literal === value[tag]) : type;
  if (!meant) throw new Error(`protocol.d.ts declares no ${name} "${value[tag]}"`);
  const wrong = misfit(value, meant, name);
  if (wrong) throw new Error(`not as protocol.d.ts says: ${wrong}`);
  return value;
}

/** The tags of a union: `tags("Request", "ask")`. */
export function tags(name, tag) {
  return TYPES.get(name).any.map((one) => fieldsOf(one)?.get(tag)?.type.literal);
}
