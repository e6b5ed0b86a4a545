// The protocol of the engine, by hand: what `chaindebug_core::protocol` writes and reads as JSON.
// tests/wasm holds every answer against this file, so that the two cannot drift apart.

/** JSON text that holds a T: `JSON.parse` gives it. */
export type Json<T> = string & { readonly __json?: T };

/** A time or a length of time: nanoseconds as a decimal string, because a number is exact only to 2^53. */
export type Nanos = string;

/** What `openBlob`, `readAs`, `advance` and `ask` throw. Only `ask` meets `unreadable`: `advance` makes a document of what was read. */
export interface EngineError extends Error {
  /** `usage`: the call makes no sense. `unreadable`: the file can no longer be read; the message says why. */
  kind: "usage" | "unreadable";
}

export type Kind =
  | "agent" | "llm" | "tool" | "retriever" | "embedding" | "chain" | "guardrail"
  | "evaluator" | "task" | "http" | "db" | "human" | "other";
export type Status = "ok" | "error" | "running" | "waiting" | "skipped" | "cancelled" | "unset";
export type Phase = "enter" | "exit";
export type Severity = "info" | "warning" | "error";
export type Side = "input" | "output";
export type Role = "system" | "user" | "assistant" | "tool" | { other: string };
export type NodeKind = "start" | "step" | "human" | "parallel" | "end" | "missing";
export type EdgeStyle = "always" | "conditional" | "never";
export type TableSort =
  | "order" | "name" | "kind" | "status" | "start" | "duration" | "own" | "model" | "input" | "output" | "cost";

/** A move of the cursor. */
export type Command =
  | { do: "forward" | "back" | "into" | "over" | "out" | "over_back" | "first" | "last" | "next_error" | "previous_error" }
  | { do: "to"; moment: number }
  | { do: "to_step"; step: number; phase: Phase };

/** Names a value of the session. */
export type Part =
  | { of: "input" | "output" | "state" | "state_after" | "attributes" | "stack" | "raw"; run: number; step: number }
  | { of: "event"; run: number; step: number; index: number }
  | { of: "message"; run: number; step: number; message: number; piece: number }
  | { of: "node"; pipeline: number; node: number; index: number };

/** What can be asked. `run` and `pipeline` count over the session, `step` is the position in tree order. */
export type Request =
  /** At most `runs` runs of each; all when it is not said. */
  | { ask: "documents"; runs?: number }
  | { ask: "runs"; document: number; from: number; count: number }
  | { ask: "formats" }
  | { ask: "close"; document: number }
  | { ask: "prices" }
  | { ask: "set_prices"; table?: PriceTable | null }
  | { ask: "verdict"; document: number }
  | { ask: "mapping"; document: number; mapping?: Mapping | null; saved?: Mapping[] }
  | { ask: "rows"; run: number; from: number; count: number }
  | { ask: "set_open"; run: number; step: number | null; open: boolean; deep: boolean }
  | { ask: "reveal"; run: number; step: number }
  /** To a step by its id or name; `NAME#2` is the second of that name. */
  | { ask: "go_to"; run: number; step: string; phase: Phase }
  | { ask: "where"; run: number }
  | { ask: "move"; run: number; command: Command }
  | { ask: "step"; run: number; step: number }
  | { ask: "node"; pipeline: number; node: number }
  | { ask: "open"; part: Part; as_text: boolean }
  | { ask: "value_rows"; value: number; from: number; count: number }
  | { ask: "value_toggle"; value: number; node: number; deep: boolean }
  | { ask: "value_decode"; value: number; node: number }
  | { ask: "value_reveal"; value: number; path: string }
  | { ask: "value_open"; value: number; node: number; as_text: boolean }
  | { ask: "value_text"; value: number; node: number | null }
  | { ask: "value_close"; value: number }
  | { ask: "chat"; run: number; step: number | null; from: number; count: number }
  | { ask: "table"; run: number; sort: TableSort; descending: boolean; from: number; count: number }
  | { ask: "overview"; run: number; buckets: number }
  | { ask: "flow"; run: number; fold: boolean; toggled: number[] }
  | { ask: "pipeline_flow"; pipeline: number; reader?: Reader | null; run?: number | null }
  | { ask: "findings"; pipeline: number; target: Target; strict: boolean }
  | { ask: "simulate"; pipeline: number; target: Target; scenario: Scenario }
  | { ask: "decision"; run: number; step: number }
  | { ask: "coverage"; pipeline: number; target: Target; scenarios: Scenario[]; suggest: boolean }
  | { ask: "form"; pipeline: number; step: string | null }
  | { ask: "scenario_of_run"; pipeline: number; run: number }
  | { ask: "read_scenarios"; text: string }
  | { ask: "write_scenarios"; file: ScenarioFile }
  | { ask: "document_text"; document: number }
  | { ask: "rewrite"; document: number; edits: TextEdit[] }
  | { ask: "amend"; document: number; edits: TextEdit[]; target: Target }
  | { ask: "plan"; pipeline: number; change: Change }
  | { ask: "complete"; document: number; at: number; target: Target }
  | { ask: "hover"; document: number; at: number; target: Target }
  | { ask: "condition_form"; pipeline: number; from: string; target: Target }
  | { ask: "draw"; pipeline: number; drawing: Drawing }
  | { ask: "sheet"; document: number; sheet: number; sort?: number | null; descending?: boolean; from: number; count: number }
  | { ask: "search"; text: string; from: number | null; limit: number }
  | { ask: "source"; document: number; file: number; at: number; around: number }
  | { ask: "compare"; a: number; b: number; options?: CompareOptions }
  | { ask: "diff_rows"; fold: boolean; from: number; count: number }
  | { ask: "diff_open"; item: number | null; open: boolean; fold: boolean }
  | { ask: "differences"; from: number; count: number }
  | { ask: "diff_go"; go: DiffMove; fold: boolean }
  | { ask: "diff_item"; item: number }
  | { ask: "diff_value_rows"; value: number; from: number; count: number }
  | { ask: "diff_value_toggle"; value: number; node: number }
  | { ask: "diff_flow"; fold: boolean; toggled: number[] }
  | { ask: "diff_report" }
  | { ask: "compare_pipelines"; a: number; b: number; target: Target; scenarios?: Scenario[] }
  | { ask: "many"; runs: number[] }
  | { ask: "scan"; runs: number[]; documents?: number[]; texts?: string[]; patterns?: OwnPattern[]; from: number | null }
  | { ask: "finds"; kind: string | null; from: number; count: number }
  | { ask: "export"; what: Exported; redact: Redaction | null; from: number | null };

/** What is answered. A request that makes no sense for this session is `refused`, with a sentence. */
export type Answer =
  | { answer: "documents"; documents: DocumentView[] }
  | { answer: "runs"; runs: RunView[] }
  | { answer: "formats"; formats: FormatView[] }
  | { answer: "done" }
  | ({ answer: "rows" } & Rows)
  | { answer: "row"; row: number }
  | ({ answer: "cursor" } & Cursor)
  | ({ answer: "step" } & StepView)
  | ({ answer: "value" } & ValueInfo)
  | ({ answer: "value_rows" } & ValueRows)
  | ({ answer: "sheet" } & SheetView)
  | { answer: "text"; text: string }
  | { answer: "chat"; total: number; messages: ChatMessage[] }
  | ({ answer: "table" } & TableView)
  | ({ answer: "overview" } & Overview)
  | ({ answer: "flow" } & FlowView)
  | ({ answer: "search" } & SearchPage)
  | ({ answer: "source" } & SourceView)
  | ({ answer: "findings" } & FindingsView)
  | ({ answer: "simulation" } & Simulation)
  | ({ answer: "decision" } & Decision)
  | ({ answer: "coverage" } & Coverage)
  | ({ answer: "form" } & Form)
  | ({ answer: "scenario" } & Scenario)
  | ({ answer: "scenarios" } & ScenarioFile)
  | ({ answer: "rewritten" } & Rewritten)
  | ({ answer: "amended" } & Amended)
  | { answer: "edits"; edits: TextEdit[] }
  | { answer: "completions"; completions: Completion[] }
  | { answer: "hover"; hover: Hover | null }
  | ({ answer: "condition_form" } & ConditionForm)
  | ({ answer: "comparison" } & ComparisonView)
  | ({ answer: "diff_rows" } & DiffRows)
  | ({ answer: "diff_cursor" } & DiffCursor)
  | ({ answer: "diff_item" } & DiffItem)
  | ({ answer: "diff_value_rows" } & DiffValueRows)
  | ({ answer: "prices" } & PricesView)
  | ({ answer: "verdict" } & VerdictView)
  | ({ answer: "mapping" } & MappingView)
  | ({ answer: "many" } & ManyView)
  | ({ answer: "pipeline_comparison" } & PipelineComparison)
  | ({ answer: "scan" } & ScanView)
  | ({ answer: "finds" } & FindsView)
  | ({ answer: "export" } & ExportView)
  | { answer: "refused"; message: string };

/** A part of a history whose events are numbered: a page, or several that follow each other. */
export interface HistoryPart {
  /** Numbers of its first event and its last. */
  first: number;
  last: number;
  /** Whether the history begins and ends in it. */
  begins: boolean;
  ends: boolean;
  /** Times of its first event and its last: nanoseconds since 1970. */
  from?: string;
  to?: string;
}

/** What was made of a file, and why. */
export interface FileVerdict {
  file: string;
  format: string;
  label: string;
  /** The signs it was told by, as the end of a sentence. */
  because: string;
  /** Whether a person said what it is. */
  asked: boolean;
  /** What was done before it could be read. */
  prepared?: string[];
  /** What was damaged, and how it was repaired or left out. */
  repaired?: string[];
  /** What was not understood, counted. */
  not_understood?: string[];
  /** Other formats whose signs were found too. */
  also?: FormatView[];
}

/** A format that is read: `openBlob`, `openBytes` and `readAs` take its id. */
export interface FormatView {
  id: string;
  name: string;
}

/** Prices in US dollars for a million tokens. */
export interface PriceTable {
  /** When they were looked up. */
  date: string;
  prices: Price[];
}

/** A price that is missing is not zero: what it would be needed for is not worked out. */
export interface Price {
  /** Provider and date need not be named; `*` stands for anything. */
  model: string;
  input: number | null;
  output: number | null;
  cached: number | null;
  cache_write: number | null;
  reasoning: number | null;
  source: string;
}

/** The price table in force, and the models of the steps whose file states no cost. */
export interface PricesView {
  table: PriceTable | null;
  models: PricedModel[];
  documents: DocumentView[];
}

export interface PricedModel {
  model: string;
  steps: number;
  /** Input and output. */
  tokens: [number, number];
  priced: number;
  cost: number;
  row: number | null;
  unpriced: "model" | "unnamed" | "unsplit" | "input" | "output" | "cached" | "cache_write" | null;
}

/** What a document's first file was recognised as, and what else it could be read as. */
export interface VerdictView {
  format: string;
  label: string;
  /** Ends the sentence "read as … because …". */
  because: string;
  /** Whether somebody said so, in place of its content. */
  asked: boolean;
  repaired: string[];
  unknown: number;
  /** All formats, in the order in which they are tried; `because` when the file could be that. */
  formats: { id: string; name: string; because?: string }[];
  mappable: boolean;
}

/** What a field of a record is to a step. */
export type MappingRole =
  | "id" | "parent" | "children" | "run" | "name" | "kind" | "status" | "start" | "end" | "duration"
  | "input" | "output" | "error" | "model" | "usage" | "input_tokens" | "output_tokens" | "cost";
export type TimeUnit = "iso" | "s" | "ms" | "us" | "ns";

/** How the records of a file of no known format are to be read. People save it as a file. */
export interface Mapping {
  name: string;
  /** Keys joined by dots, `*` for each member or item; empty for the values of the file themselves. */
  records: string;
  /** For each role the path of its field: keys joined by dots, numbers for items. */
  fields: {
    id?: string; parent?: string; children?: string; run?: string; name?: string; kind?: string; status?: string;
    start?: string; end?: string; duration?: string; input?: string; output?: string; error?: string; model?: string;
    usage?: string; input_tokens?: string; output_tokens?: string; cost?: string;
  };
  /** How starts and ends are written. */
  times: TimeUnit;
  /** How lengths of time are written. */
  durations: TimeUnit;
}

/** A mapping, what there is to choose from, and what comes out. */
export interface MappingView {
  mapping: Mapping;
  /** For a guess: why a field was taken. */
  reasons: { role: MappingRole; why: string }[];
  /** The likeliest first. */
  lists: { path: string; records: number }[];
  fields: { path: string; shape: "text" | "number" | "flag" | "object" | "list" | "mixed"; told: number; samples: string[] }[];
  looked: number;
  /** Of the saved mappings, the ones all of whose fields are in this file. */
  fits: number[];
  runs: number;
  steps: number;
  /** Whether the part that was read is all of the file. */
  whole: boolean;
  rows: StepRow[];
  problems: string[];
}

/** How far the opening of a file has come. */
export interface Progress {
  file: string;
  read: number;
  bytes: number;
  steps: number;
  label: string;
  first: PreviewStep[];
  /** The index of the document, once it is ready. */
  document: number | null;
  /** Whether the engine that reads traces could make nothing of the file: the full engine is to be asked. */
  elsewhere?: boolean;
}

export interface PreviewStep {
  name: string;
  kind: Kind;
  status: Status;
  duration: Nanos | null;
}

export interface DocumentView {
  /** Its index in the session, as requests name it. Closing another document does not change it. */
  document: number;
  file: string;
  /** Only when several files make up the document. */
  files?: string[];
  /** Empty when nothing could be read: `diagnostics` say why. */
  format: string;
  label: string;
  dialects: string[];
  explanation: string;
  /** What was made of each file, and why. */
  verdicts?: FileVerdict[];
  /** Ids of what the files are parts of, where that is no run's id. */
  wholes?: string[];
  /** Parts of histories that are not whole, as pages are. */
  parts?: HistoryPart[];
  bytes: number;
  runs: RunView[];
  /** How many more there are, where fewer were asked for. */
  more_runs?: number;
  pipelines: PipelineView[];
  /** Tables that are neither runs nor pipelines; absent when there are none. */
  sheets?: SheetSummary[];
  /** Scenarios in it, when there are any: read its text with `read_scenarios` and attach them to an open pipeline. */
  scenarios?: number;
  /** Whether it is the record of a dry run, and so no file; absent when it is not. */
  dry_run?: boolean;
  diagnostics: Diagnostic[];
}

export interface RunView {
  run: number;
  id: string;
  name: string;
  steps: number;
  roots: number;
  orphans: number;
  errors: number;
  /** RFC 3339. */
  start: string | null;
  /** An integer; beyond 2^53 (104 days) `JSON.parse` rounds it. */
  duration_ns: number | null;
  usage: Usage;
  moments: number;
  messages: boolean;
  pipeline?: number;
  /** Why it is that pipeline, in a sentence; absent when none. */
  pipeline_reason?: string;
}

export interface PipelineView {
  pipeline: number;
  name: string;
  dialect: string;
  nodes: number;
  edges: number;
  description: string;
  /** Engines that can be simulated for it. */
  engines?: EngineId[];
}

export interface Usage {
  input_tokens: number | null;
  output_tokens: number | null;
  cached_tokens: number | null;
  /** The part of the input that was written to a cache. */
  cache_write_tokens?: number;
  reasoning_tokens: number | null;
  total_tokens: number | null;
  cost_usd: number | null;
  /** Whether the cost, or a part of it, was worked out from a price table. */
  cost_computed?: boolean;
}

export interface Place {
  file: number;
  start: number;
  len: number;
}

export interface Diagnostic {
  code: string;
  severity: Severity;
  message: string;
  file: number;
  place?: Place;
  line?: number;
  column?: number;
  path?: string;
  /** Run in the document, step in tree order. */
  step?: [number, number];
}

export interface Rows {
  total: number;
  from: number;
  rows: StepRow[];
}

export interface StepRow {
  step: number;
  depth: number;
  name: string;
  kind: Kind;
  status: Status;
  start: Nanos | null;
  duration: Nanos | null;
  tokens: number | null;
  cost: number | null;
  /** Whether a part of the cost was worked out from a price table. */
  cost_computed?: boolean;
  children: number;
  errors_below: number;
  open: boolean;
  enter: number;
  exit: number;
  remarks?: string[];
}

export interface Cursor {
  run: number;
  moment: number;
  moments: number;
  step: number;
  phase: Phase;
  time: Nanos | null;
  name: string;
  kind: Kind;
  status: Status;
  row: number | null;
  node: number | null;
  spoken: string;
  errors: [number, number];
}

export interface StepView {
  name: string;
  kind: Kind;
  detail: string;
  status: Status | null;
  id: string;
  start: Nanos | null;
  /** RFC 3339. */
  started: string | null;
  duration: Nanos | null;
  visit: [number, number];
  parent: [number, string] | null;
  model: string;
  usage: Usage;
  usage_repeated: boolean;
  error: StepError | null;
  facts: Fact[];
  notes: string[];
  values: ValueTab[];
  events: StepEvent[];
  links: StepLink[];
  attributes: number;
  unknown_attributes: number;
  messages: number;
}

export interface StepError {
  type: string;
  message: string;
  stack: string;
}

export interface Fact {
  label: string;
  text: string;
}

export interface StepLink {
  run_id: string;
  step_id: string;
  target: [number, number] | null;
  name: string;
}

export interface ValueTab {
  label: string;
  part: Part;
  bytes: number;
  missing: string;
}

export interface StepEvent {
  name: string;
  time: Nanos | null;
  part: Part;
  attributes: number;
  brief: string;
}

export interface ChatMessage {
  index: number;
  side: Side;
  role: Role;
  name: string;
  step: number;
  step_name: string;
  parts: ChatPart[];
  /** From which on it is known. */
  moment: number;
  finish_reason: string;
}

export type ChatPart =
  | { is: "text" | "reasoning" | "other"; text: string; cut: number; part: Part }
  | { is: "tool_call"; id: string; name: string; arguments: string; cut: number; part: Part; result: ToolOutcome | null }
  | { is: "tool_result"; id: string; name: string; outcome: ToolOutcome }
  | { is: "image"; url: string; inline: boolean };

export interface ToolOutcome {
  text: string;
  cut: number;
  part: Part;
  error: boolean;
  step: number | null;
}

export interface SheetSummary { name: string; rows: number; columns: number }

/** A window of a table that is neither a run nor a pipeline. */
export interface SheetView {
  title: string;
  columns: { name: string; unit: string; numeric: boolean }[];
  total: number;
  from: number;
  rows: SheetRow[];
}

/** `row` is its position in the file; a cell's text is as in the file. */
export interface SheetRow { row: number; cells: { text: string; mark: "none" | "better" | "worse" | "unchanged" }[] }

export interface TableView {
  total: number;
  from: number;
  rows: TableRow[];
}

export interface TableRow {
  row: StepRow;
  within: string;
  own: Nanos | null;
  model: string;
  usage: Usage;
}

export interface Overview {
  axis: Nanos | null;
  moments: Bucket[];
  time: Bucket[];
  errors: number[];
}

export interface Bucket {
  steps: number;
  errors: number;
}

export interface SearchPage {
  hits: Hit[];
  next: number | null;
  done: number;
  bytes: number;
}

export interface Hit {
  run: number;
  step: number;
  name: string;
  where_: string;
  part: Part | null;
  path: string;
  line: number;
  before: string;
  found: string;
  after: string;
}

export interface SourceView {
  file: string;
  lines: SourceLine[];
  line: number;
}

export interface SourceLine {
  number: number;
  text: string;
  cut: [number, number];
}

export interface ValueInfo {
  value: number;
  shape: "json" | "text";
  json: boolean;
  markdown: boolean;
  bytes: number;
  rows: number;
  note: string;
  text: string | null;
  /** Document, file, line and column from 1. */
  place: [number, number, number, number] | null;
}

export interface ValueRows {
  total: number;
  from: number;
  nodes: ValueRow[];
  lines: TextLine[];
}

export interface ValueRow {
  node: number;
  depth: number;
  key: string | null;
  index: number | null;
  kind:
    | "object" | "array" | "string" | "number" | "bool" | "null" | "close_object" | "close_array" | "damaged";
  text: string;
  bytes: number;
  cut: boolean;
  children: number;
  open: boolean;
  json: boolean;
  comma: boolean;
  path: string;
}

export interface TextLine {
  number: number;
  text: string;
  cut: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface FlowView {
  nodes: FlowNode[];
  edges: FlowEdge[];
  width: number;
  height: number;
  folded: number;
  note: string;
}

export interface FlowNode {
  /** What it is in two runs that are compared; absent for one run. */
  sign?: Sign;
  /** Id as edges name it, for pipelines; else empty. */
  id: string;
  /** Where it is defined, for pipelines. */
  place: Place | null;
  /** Visits by the run laid on the pipeline; null when none is. */
  visits: number | null;
  /** How the run laid on the pipeline ended here, where it did. */
  end: RunEnd | null;
  key: number;
  parent: number | null;
  rect: Rect;
  label: string;
  sub: string;
  kind: Kind;
  node_kind: NodeKind | null;
  status: Status | null;
  count: number;
  errors: number;
  inside: number;
  group: boolean;
  expandable: boolean;
  enter: number;
  exit: number;
  reachable: boolean;
  spoken: string;
}

export interface FlowEdge {
  /** What it is in two runs that are compared; absent for one run. */
  sign?: Sign;
  /** JSON path where it is defined, for pipelines; else empty. */
  path: string;
  place: Place | null;
  /** Times the run laid on the pipeline passed it; null when none is. */
  taken: number | null;
  /** Times that run looked at it and did not take it. */
  refused: number;
  from: number;
  to: number;
  points: Point[];
  label: string;
  label_rect: Rect | null;
  title: string;
  style: EdgeStyle;
  back: boolean;
  enter: number;
}

// Pipelines as programs. JSON values cross as JSON text, so that no number passes through a float on the way.

export type EngineId = "ia-modules@0.1.3" | "ia-modules@0.2.0";
export type Loader = "raw" | "pydantic";
export interface Target { engine: EngineId; loader: Loader }
/** Who reads a definition: the three dialects of IA Modules. */
export type Reader = "validator" | "raw" | "pydantic";
export type RunEnd = "completed" | "dead_end" | "waiting_for_human" | "failed";
export type Drawing = "mermaid" | "dot" | "svg" | "markdown";

/** Replace the bytes from `start` to `end`. */
export interface TextEdit { start: number; end: number; text: string }

export interface Fix {
  title: string;
  /** Changes nothing but what the finding speaks of, so that it may be applied with others unseen. */
  safe: boolean;
  edits: TextEdit[];
}

export interface Finding {
  id: string;
  severity: Severity;
  message: string;
  path: string;
  line: number;
  column: number;
  start: number;
  end: number;
  step?: string;
  edge?: string;
  fixes?: Fix[];
}

/** What the real validator says, word for word. */
export interface Validation { is_valid: boolean; errors: string[]; warnings: string[]; info: string[] }

export interface Reading {
  reader: Reader;
  accepts: boolean;
  summary: string;
  steps: number;
  edges: number;
  notes: string[];
}

export interface FindingsView { findings: Finding[]; validation: Validation; readings: Reading[] }

export type Mock =
  | { how: "generated" }
  | { how: "returns"; value: Json<unknown> }
  | { how: "sequence"; values: Json<unknown>[] }
  | { how: "raises"; error: string };
export type StepMock =
  | { step: string; how: "generated" }
  | { step: string; how: "returns"; value: Json<unknown> }
  | { step: string; how: "sequence"; values: Json<unknown>[] }
  | { step: string; how: "raises"; error: string };
export interface Answered { step: string; value: Json<unknown> }

/** What is null or empty is not looked at. */
export interface Expectation {
  status: RunEnd | null;
  entered: string[] | null;
  output: Json<unknown>;
  error: string;
}

export interface Scenario {
  name: string;
  input: Json<unknown>;
  mocks: StepMock[];
  answers: Answered[];
  expect: Expectation | null;
  /** Members nobody here knows, nested as the scenario is. Hand it back unchanged and nothing is lost. */
  other?: Json<unknown>;
}

export interface RunError { type: string; message: string }
export interface EdgeCount { path: string; taken: number; refused: number }

/** A dry run: its steps are the run `run` of the session. */
export interface Simulation {
  target: Target;
  entered: string[];
  recorded: string[];
  status: RunEnd;
  waiting_step: string | null;
  output: Json<unknown>;
  error: RunError | null;
  findings: Finding[];
  summary: string;
  edges: EdgeCount[];
  /** Ids of steps and JSON paths of edges for which this run differs from the one before. */
  changed: string[];
  /** Null without an expectation; empty when it held. */
  unmet: string[] | null;
  run: number | null;
  document: number | null;
}

export type Verdict = "taken" | "queued" | "refused" | "raised" | "unseen" | "unknown";

export interface EdgeDecision {
  path: string;
  to: string;
  condition: string;
  source: string;
  saw: string;
  missing: boolean;
  verdict: Verdict;
  why: string;
  start: number;
  end: number;
}

export interface Decision {
  run: number;
  step: number;
  node: string;
  visit: number;
  dead_end: boolean;
  summary: string;
  edges: EdgeDecision[];
  advice: string;
  fixes: Fix[];
  /** Earlier decisions, the latest first: step, name, what was taken. */
  before: [number, string, string][];
}

export interface Field {
  name: string;
  label: string;
  control: string;
  choices: Json<unknown>[];
  choice_labels: string[];
  required: boolean;
  default: Json<unknown>;
  description: string;
}
export interface Form { title: string; description: string; fields: Field[]; note: string }

export interface ScenarioResult { name: string; status: RunEnd; passed: boolean; unmet: string[]; summary: string }
export interface Suggestion { words: string; scenario: Scenario }
export interface Reached { of: string; by: number[]; suggestion?: Suggestion; why?: string }
export interface Coverage { scenarios: ScenarioResult[]; steps: Reached[]; edges: Reached[] }
export interface ScenarioFile { pipeline: string; target: Target | null; scenarios: Scenario[]; problems: string[];
  /** Members nobody here knows. */
  other?: Json<unknown> }

export interface ConditionDraft { source: string; operator: string; value: Json<unknown> }
export type Change =
  | { change: "add_step"; id: string; after: string | null }
  | { change: "remove_step"; id: string }
  | { change: "rename_step"; id: string; to: string }
  | { change: "connect"; from: string; to: string; condition: ConditionDraft | null }
  | { change: "disconnect"; edge: string }
  | { change: "move_edge"; edge: string; earlier: boolean }
  | { change: "set_condition"; edge: string; condition: ConditionDraft | null }
  | { change: "set_start"; id: string }
  | { change: "format" };

export interface Completion { label: string; detail: string; info: string; kind: string; edit: TextEdit; caret: number }
export interface Hover { start: number; end: number; path: string; title: string; text: string }
/** Sources: what to read, who writes it, an example as JSON text. */
export interface ConditionForm { operators: string[]; sources: [string, string, string][] }
export interface Rewritten { bytes: number; document: DocumentView }
/** What is found at once after a change of a text. Where `document` is given all of it was read anew: ask for findings. */
export interface Amended { bytes: number; findings: Finding[]; damage: Finding | null; document: DocumentView | null }

/** How two runs are compared. Pairs are [step of A, step of B]. */
export interface CompareOptions { rules?: string[]; pins?: [number, number][]; breaks?: [number, number][]; noise?: boolean }
/** What an item, a value or a line of it is on the two sides. */
export type Sign = "same" | "changed" | "only_a" | "only_b";
export type Mark = "moved" | "repeated" | "renamed" | "pinned";
/** A quantity on both sides, null where a side does not state it. */
export interface Both<T> { a: T | null; b: T | null }
export interface ComparisonView {
  a: number;
  b: number;
  done: boolean;
  /** In thousandths. */
  progress: number;
  verdict: string;
  detail: string;
  note: string;
  same: boolean;
  steps: [number, number];
  items: number;
  pairs: number;
  changed: number;
  only_a: number;
  only_b: number;
  repeated: number;
  moved: number;
  renamed: number;
  differences: number;
  inputs: number;
  outputs: number;
  statuses: number;
  settings: number;
  noise: number;
  time: Both<Nanos>;
  tokens: Both<number>;
  cost: Both<number>;
  /** Whether a part of the costs was worked out from a price table. */
  cost_computed?: boolean;
  problems: string[];
}
export interface DiffRows { total: number; from: number; rows: DiffRow[] }
export interface DiffRow {
  item: number;
  folded: number;
  depth: number;
  a: number | null;
  b: number | null;
  sign: Sign;
  marks: Mark[];
  name: string;
  name_b: string;
  kind: Kind;
  status: Both<Status>;
  children: number;
  open: boolean;
  inside: number;
  what: string;
  time: Both<Nanos>;
  tokens: Both<number>;
  cost: Both<number>;
  /** Whether a part of that was worked out from a price table. */
  cost_computed?: boolean;
  difference: number | null;
}
export type DiffMove =
  | { do: "stay" | "first" | "last" | "forward" | "back" | "parting" | "next_difference" | "previous_difference" }
  | { do: "to"; item: number }
  | { do: "to_step_a" | "to_step_b"; step: number };
export interface DiffCursor {
  item: number;
  items: number;
  a: [number, boolean] | null;
  b: [number, boolean] | null;
  passed: number;
  here: boolean;
  differences: number;
  row: number | null;
  node: number | null;
  spoken: string;
}
export interface Span { text: string; sign: Sign }
export interface DiffItem { row: DiffRow; why: string; model: Both<string>; sections: DiffSection[]; noise: number }
export interface DiffSection {
  title: string;
  sign: Sign;
  chips: string[];
  part_a: Part | null;
  part_b: Part | null;
  noise: number;
  note: string;
  value: number | null;
  rows: number;
  turns: DiffTurn[];
}
export interface DiffTurn {
  sign: Sign;
  role: Role;
  side: Side;
  a: number | null;
  b: number | null;
  text_a: Span[];
  text_b: Span[];
  what: string;
}
export interface DiffValueRows { value: number; total: number; from: number; rows: DiffValueRow[] }
export interface DiffValueRow {
  node: number;
  depth: number;
  label_a: string;
  label_b: string;
  sign: Sign;
  moved: boolean;
  noise: boolean;
  a: Span[];
  b: Span[];
  cut: boolean;
  children: number;
  open: boolean;
  folded: number;
  path: string;
}
/** Many runs of one chain. */
export interface ManyView { runs: ManyRun[]; verdict: string; paths: PathNode[]; steps: ManyStep[]; note: string }
export interface ManyRun {
  run: number;
  name: string;
  steps: number;
  failed: boolean;
  time: Nanos | null;
  tokens: number | null;
  cost: number | null;
  cost_computed?: boolean;
  path: number;
}
export interface PathNode {
  parent: number | null;
  name: string;
  first: string;
  kind: Kind;
  length: number;
  runs: number;
  failed: number;
  ends: number;
  example: [number, number] | null;
}
export interface ManyStep {
  name: string;
  kind: Kind;
  depth: number;
  runs: number;
  visits: number;
  failing: number;
  flaky: boolean;
  outputs: number;
  failed_with: number | null;
  failed_without: number | null;
  time: Spread;
  tokens: Spread;
  cost: Spread;
  /** Whether a part of them was worked out from a price table. */
  cost_computed?: boolean;
  example: [number, number] | null;
}
export interface Spread { count: number; least: number; p25: number; median: number; p75: number; p95: number; most: number }
/** Two definitions laid on each other. */
export interface PipelineComparison {
  a: number;
  b: number;
  verdict: string;
  same: boolean;
  changes: PipelineChange[];
  spelling: string[];
  effects: ScenarioEffect[];
  note: string;
}
export interface PipelineChange {
  part: "pipeline" | "parameter" | "step" | "edge";
  sign: Sign;
  name: string;
  name_a: string;
  what: string;
  values: [string, Both<string>][];
  node_a: number | null;
  node_b: number | null;
}
export interface ScenarioEffect {
  name: string;
  same: boolean;
  said: string;
  status: Both<RunEnd>;
  entered_a: string[];
  entered_b: string[];
  parted: number | null;
  output: Both<string>;
  error: Both<RunError>;
}

// What leaves as a file, and what is redacted in it.

export type ExportFormat = "jsonl" | "otlp" | "csv" | "svg" | "mermaid" | "dot" | "markdown" | "text";
export type Theme = "system" | "light" | "dark";

/** What is written, and as what. */
export interface Exported {
  to: ExportFormat;
  /** Any number as `jsonl` and `otlp`, one as `csv` and as a flowchart, two (the one compared with first) as `markdown`. */
  runs?: number[];
  /** The pipeline that is drawn or described. */
  pipeline?: number | null;
  /** The document whose text is written, for `text`. */
  document?: number | null;
  /** The text that is written instead, where it is in no document: the scenarios of a pipeline. */
  text?: string | null;
  /** Flowcharts: as in the request `flow`. */
  fold?: boolean;
  toggled?: number[];
  /** Pictures: colours. */
  theme?: Theme;
  /** Tables: tree order when null. */
  sort?: TableSort | null;
  descending?: boolean;
}

/** Something of somebody's own that is to be found: a text in any letter case, or a regular expression. */
export interface OwnPattern { text: string; regex?: boolean }

/** What is replaced of what was found: all but what is named here. */
export interface Redaction {
  /** Kinds that stay. */
  off?: string[];
  /** Finds that stay, by their number in a scan of the same with the same patterns. */
  keep?: number[];
  patterns?: OwnPattern[];
}

/** How far a scan has come, and what was found until now. */
export interface ScanView {
  /** Ask again with this as `from`; null when all was looked at. */
  next: number | null;
  /** From 0 to 1. */
  progress: number;
  kinds: ScanKind[];
  /** Different things that were found. */
  finds: number;
  /** Places they were found in. */
  places: number;
  notes: string[];
}

export interface ScanKind { kind: string; label: string; finds: number; places: number }
export interface FindsView { total: number; from: number; finds: Find[] }

/** One thing that was found, wherever it stands. */
export interface Find {
  /** Its number in the scan. */
  find: number;
  kind: string;
  /** What it is, shortened: for the person whose file it is. */
  original: string;
  stand_in: string;
  count: number;
  /** Some of them. */
  places: FindPlace[];
}

/** `name` is the step's, in an answer to `finds`; elsewhere it is empty. */
export interface FindPlace { run: number | null; step: number | null; name: string; part: string; path: string }

/** The next piece of an export. Pieces are joined as they come. */
export interface ExportView {
  text: string;
  /** Ask again with this as `from`; null when this was the last piece. */
  next: number | null;
  progress: number;
  /** How the file could be called. */
  file: string;
  media: string;
  /** With the last piece: what the format cannot hold. */
  notes: string[];
  /** With the last piece, when something was to be redacted. */
  report: RedactionReport | null;
}

/** What was redacted. Holds no original. */
export interface RedactionReport {
  /** Whether a second look at the written text found nothing but what was to be kept. */
  clean: boolean;
  kinds: { kind: string; label: string; replaced: number; places: number; kept: number }[];
  /** The first thousand. */
  finds: { kind: string; stand_in: string; kept: boolean; count: number; places: FindPlace[] }[];
  /** What the second look found. */
  remaining: { kind: string; label: string; count: number; line: number }[];
  notes: string[];
}
