/** The `<chain-debug>` element, and the messages of the iframe form. docs/embed.md says what they mean. */

export const VERSION: 1;

export type View = "flow" | "timeline" | "chat" | "table" | "pipeline";
export type Phase = "enter" | "exit";
export type Move =
  | "forward" | "back" | "into" | "over" | "out" | "over-back" | "first" | "last" | "next-error" | "previous-error";

/** Where to stand. What is not said stays. */
export interface Place {
  /** A step's id, its name, or `name#2` for the second of that name. */
  step?: string;
  /** Which of the step's moments; its exit when it is not said. */
  phase?: Phase;
  /** A moment, counted from 0. Counts before `step`. */
  at?: number;
  /** Id of a run, or name of a pipeline. */
  run?: string;
  view?: View;
}

/** What can be opened: text, bytes, a file, or a stream. */
export type Data = string | ArrayBuffer | ArrayBufferView | Blob | ReadableStream<Uint8Array>;

export interface File {
  name: string;
  data: Data;
  /** Where it came from, for the link to the full page. */
  address?: string;
}

export interface Opened {
  name: string;
  format: string;
  runs: number;
  pipelines: number;
  /** Diagnostics of the file. */
  problems: number;
}

export interface Step {
  /** As the file spells it. */
  id: string;
  name: string;
  phase: Phase;
  /** Counted from 0. */
  moment: number;
  of: number;
}

export type TroubleKind =
  | "src" | "cors" | "content" | "base" | "fetch" | "wasm" | "frame" | "file" | "open" | "engine" | "notice" | "hand-over"
  | "version" | "hello" | "unknown" | "unexpected";

export interface Trouble {
  kind: TroubleKind;
  /** For a person; not told to a page that did not supply the trace. */
  message?: string;
}

/** What a page says to a frame. */
export type Ask =
  | { chaindebug: 1; type: "hello" }
  | ({ chaindebug: 1; type: "open" } & ({ name: string; data: Data } | { files: File[] }) & Place)
  | ({ chaindebug: 1; type: "go"; move?: Move } & Place)
  | { chaindebug: 1; type: "view"; view: View }
  | { chaindebug: 1; type: "theme"; theme: "light" | "dark" | "auto" }
  | { chaindebug: 1; type: "close" };

/** What a frame says to a page. */
export type Told =
  | { chaindebug: 1; type: "ready"; version: 1 }
  | ({ chaindebug: 1; type: "opened" } & Opened)
  | ({ chaindebug: 1; type: "step" } & Step)
  | { chaindebug: 1; type: "height"; height: number }
  | ({ chaindebug: 1; type: "trouble" } & Trouble);

export interface ChainDebugEvents {
  ready: CustomEvent<{ version: 1 }>;
  opened: CustomEvent<Opened>;
  step: CustomEvent<Step>;
  height: CustomEvent<{ height: number }>;
  trouble: CustomEvent<Trouble>;
}

export interface ChainDebugElement extends HTMLElement {
  /** Starts it, where it waits to be seen or clicked. */
  start(): void;
  /** Opens something else than `src`. */
  open(data: Data | File[], options?: { name?: string } & Place): void;
  /** Moves the cursor. */
  go(where: Place & { move?: Move }): void;
  show(view: View): void;
  addEventListener<K extends keyof ChainDebugEvents>(
    type: K,
    listener: (this: ChainDebugElement, event: ChainDebugEvents[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export const ChainDebug: { new (): ChainDebugElement; readonly version: 1 };

declare global {
  interface HTMLElementTagNameMap {
    "chain-debug": ChainDebugElement;
  }
}
