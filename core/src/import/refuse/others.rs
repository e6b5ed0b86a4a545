//! JSON files that turn up beside traces and never were one: profiles, reports, settings, answers of other tools.

use super::rules::{Rule, rule};

const PROFILE: &str = "It holds samples of the stack and no steps; speedscope.app shows it.";
const GEMINI: &str = "Open the session in `~/.gemini/tmp/*/chats`.";
const SETTINGS: &str = "It holds settings and no run: open a trace or a pipeline.";
const VENDOR: &str = "If the program can also export OpenTelemetry, open its OTLP JSON.";
const OTHER: &str = "Open a trace or pipeline file instead.";
const TESTS: &str = "Of reports of tests JUnit's form and pytest's are read: let the runner write JUnit XML as well.";
const PIPELINE: &str = "It is a pipeline of a kind that is not read; GitHub Actions, Argo, Haystack and DVC are.";
const RUN: &str = "Of such runs those of GitHub Actions are read, and reports of the tests in them (JUnit).";
const JUDGED: &str = "It says how answers were judged: open a trace of what gave them.";
const MAPPED: &str = "Its fields can be mapped by hand.";
const SAID: &str = "It is read where it is whole and somebody said something in it: export it once more.";
const DAGSTER: &str = "Open what `dagster debug export RUN_ID FILE` writes.";
const TEMPORAL: &str = "Open what `temporal workflow show -w ID --output json` gives for one of them.";
const WRITTEN: &str = "It says what was made and not how: open a trace of the build.";

/// All rules, asked after those of formats that could be read one day.
pub(super) const OTHERS: &[Rule] = &[
    rule("a CPU profile of V8", &["nodes:[]", "startTime", "endTime", "samples:[]"], PROFILE),
    rule("a heap snapshot of V8", &["snapshot.meta", "nodes:[]"], PROFILE),
    rule("a speedscope profile", &["$schema^https://www.speedscope.app"], PROFILE),
    rule("a speedscope profile", &["shared.frames", "profiles:[]"], PROFILE),
    rule("a profile of Firefox", &["meta.interval", "threads:[]"], PROFILE),
    rule("a profile of Instruments or Safari", &["recording.records:[]"], PROFILE),
    rule("a heap profile of V8", &["head.callFrame", "!traceEvents"], PROFILE),
    rule("a profile of stackprof", &["mode", "interval", "frames:{}"], PROFILE),
    rule("a report of Jest or Vitest", &["numTotalTests", "testResults:[]"], TESTS),
    rule("a report of Mocha", &["stats.suites", "stats.tests"], TESTS),
    rule("a report of Playwright", &["config.rootDir", "suites:[]", "stats:{}"], TESTS),
    rule("a report of Cucumber", &["keyword", "uri", "elements:[]"], TESTS),
    rule("a result of Allure", &["uuid", "historyId", "stage"], TESTS),
    rule(
        "test events of Go",
        &["Action", "Package", "Time"],
        "`gotestsum --junitfile FILE` makes a JUnit report of them.",
    ),
    rule("a recording of Playwright", &["type=context-options"], "Of browsers Chrome traces and HAR are read."),
    rule("what webpack says of a build", &["assetsByChunkName", "chunks:[]"], WRITTEN),
    rule(
        "a state of Terraform",
        &["terraform_version", "serial", "lineage"],
        "`terraform graph` writes DOT, which is read.",
    ),
    rule(
        "a plan of Terraform",
        &["terraform_version", "planned_values"],
        "`terraform graph` writes DOT, which is read.",
    ),
    rule("a tool of Flowise", &["schema", "func", "iconSrc"], "Export the chatflow or agentflow that uses it."),
    rule("an activity log of Gemini CLI", &["sessionId", "payload:{}", "type=console"], GEMINI),
    rule("an activity log of Gemini CLI", &["sessionId", "payload:{}", "type=network"], GEMINI),
    rule("a GitLab CI pipeline", &["stages:[text]", "!apiVersion", "!runs"], PIPELINE),
    rule("a CircleCI pipeline", &["version", "jobs:{}", "workflows:{}"], PIPELINE),
    rule("an Azure pipeline", &["trigger", "pool.vmImage"], PIPELINE),
    rule("an Azure pipeline", &["trigger", "steps.script"], PIPELINE),
    rule("a pipeline of Tekton", &["apiVersion^tekton.dev"], PIPELINE),
    rule("a workflow of ComfyUI", &["last_node_id", "links:[]"], PIPELINE),
    rule("a workflow of ComfyUI", &["*.class_type", "*.inputs"], PIPELINE),
    rule("flows of Node-RED", &["id", "type=tab", "label"], PIPELINE),
    rule("an app of Dify", &["app.mode", "kind=app"], PIPELINE),
    rule("a flow of Kestra", &["namespace", "tasks.type"], PIPELINE),
    rule("a workflow of Azure Logic Apps", &["definition.actions", "definition.triggers"], PIPELINE),
    rule("a run of Conductor", &["workflowType", "tasks.referenceTaskName"], VENDOR),
    rule("jobs of GitLab CI", &["pipeline:{}", "stage", "started_at"], RUN),
    rule("a run of Azure Pipelines", &["records.previousAttempts"], RUN),
    rule("a run of Jenkins", &["stages.startTimeMillis"], RUN),
    rule("a report in the Common Test Report Format", &["reportFormat=CTRF"], TESTS),
    rule("results of promptfoo", &["evalId", "results"], JUDGED),
    rule("results of the LM Evaluation Harness", &["doc_id", "arguments", "resps"], JUDGED),
    rule("what Cline or Roo Code shows", &["ts", "type=say", "say"], "Open `api_conversation_history.json` beside it."),
    rule("a chat of Copilot in VS Code", &["responderUsername", "requests:[]"], SAID),
    rule("a conversation of LM Studio", &["messages.versions"], SAID),
    rule("a conversation of LibreChat", &["conversationId", "messages.isCreatedByUser"], SAID),
    rule("a chat history of Semantic Kernel", &["Role.Label", "Items"], MAPPED),
    rule("steps of a run of OpenAI's Assistants", &["object=thread.run.step"], "Open the messages of its thread."),
    rule("messages of the Model Context Protocol", &["jsonrpc=2.0"], MAPPED),
    rule("spans of Braintrust", &["root_span_id", "span_attributes"], VENDOR),
    rule("a trace of Google Cloud", &["projectId", "traceId", "spans:[]"], VENDOR),
    rule("an answer of Azure Monitor", &["tables.columns", "tables.rows"], VENDOR),
    rule("an answer of Tempo's search", &["traces.traceID", "traces.rootTraceName"], "Ask for one of its traces."),
    rule(
        "a list of traces of Langfuse",
        &["id", "timestamp", "!observations.id", "!traceId", "sessionId", "userId", "totalCost"],
        "It holds no observations: open the download of a trace, or the answer of `/api/public/observations`.",
    ),
    rule("a list of Temporal's workflows", &["execution.workflowId", "type.name"], TEMPORAL),
    rule("a description of a Temporal workflow", &["workflowExecutionInfo.execution", "!history"], TEMPORAL),
    rule("a log of dbt", &["info.invocation_id", "info.code", "data"], "Open `target/run_results.json`."),
    rule("a table of Logfire's records", &["rows.span_name", "rows.start_timestamp"], MAPPED),
    rule("a run as Dagster's API answers it", &["runOrError"], DAGSTER),
    rule("a list of Dagster's events", &["dagster_event", "run_id"], DAGSTER),
    rule(
        "a list of executions of Step Functions",
        &["executions.executionArn"],
        "Open what `aws stepfunctions get-execution-history` gives for one of them.",
    ),
    rule("a Lighthouse report", &["lighthouseVersion", "audits:{}"], OTHER),
    rule(
        "an AWS X-Ray trace",
        &["Segments:[]", "Id"],
        "It can be exported through the OpenTelemetry collector as OTLP JSON.",
    ),
    rule("a list of AWS X-Ray traces", &["Traces.Segments"], "It can be exported through the collector as OTLP JSON."),
    rule("a list of Datadog spans", &["trace_id", "span_id", "resource", "service", "meta"], VENDOR),
    rule("a list of Datadog spans", &["attributes.attributes", "attributes.resource_name"], VENDOR),
    rule("a Sentry event", &["event_id", "platform", "contexts"], VENDOR),
    rule("an answer of Elasticsearch", &["hits.hits"], "Write the `_source` of each hit as a line and open that."),
    rule("an answer of Loki or Prometheus", &["data.resultType", "data.result"], OTHER),
    rule("a Grafana dashboard", &["panels:[]", "schemaVersion"], SETTINGS),
    rule("an OpenAPI description", &["openapi", "paths:{}"], SETTINGS),
    rule("an OpenAPI description", &["swagger", "paths:{}"], SETTINGS),
    rule("a JSON Schema", &["$schema^http://json-schema.org"], SETTINGS),
    rule("a JSON Schema", &["$schema^https://json-schema.org"], SETTINGS),
    rule("the package.json of a JavaScript package", &["name", "version", "dependencies:{}"], SETTINGS),
    rule("the package.json of a JavaScript package", &["name", "version", "scripts:{}"], SETTINGS),
    rule("a lock file of npm", &["lockfileVersion", "packages:{}"], SETTINGS),
    rule("a configuration of TypeScript", &["compilerOptions:{}"], SETTINGS),
    rule("a configuration of MCP servers", &["mcpServers:{}"], SETTINGS),
    rule("a report of SARIF", &["runs.tool.driver"], OTHER),
    rule("a coverage report", &["meta.branch_coverage", "files:{}"], OTHER),
    rule("a source map", &["mappings", "sources:[]", "version"], OTHER),
    rule("GeoJSON", &["type=FeatureCollection", "features:[]"], OTHER),
    rule("a Docker Compose file", &["services.*.image"], SETTINGS),
    rule("a Docker Compose file", &["services.*.build"], SETTINGS),
    rule("the settings of MkDocs", &["site_name", "theme"], SETTINGS),
    rule("the settings of MkDocs", &["site_name", "nav:[]"], SETTINGS),
    rule(
        "a CloudFormation template",
        &["AWSTemplateFormatVersion"],
        "It holds no state machine: open the one it speaks of.",
    ),
    rule("a Kubernetes resource", &["apiVersion", "kind", "metadata", "spec"], SETTINGS),
];
