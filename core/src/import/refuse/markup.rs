//! XML that is no JUnit report, told by its first element: reports of other test runners, of coverage, drawings,
//! settings.

const JUNIT: &str = "Of reports of tests JUnit's form is read: have the runner write that.";
const NUNIT: &str =
    "Of reports of tests JUnit's form is read: `dotnet test --logger junit` writes it (package JunitXml.TestLogger).";
const DRAWING: &str = "It is drawn by hand: export it as Mermaid or DOT, or open the pipeline it shows.";
const COVERAGE: &str = "It says which lines ran and not in what order: open a trace, or the tests' JUnit report.";
const OTHER: &str = "Of XML only JUnit reports are read. Open a trace or pipeline as JSON.";

/// The name of the first element, without its namespace.
pub(super) fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    if !rest.starts_with('<') {
        return None;
    }
    // Past the declaration, comments, and what the document's type says.
    loop {
        let inner = rest.strip_prefix('<')?;
        let end = match inner.as_bytes().first()? {
            b'?' => "?>",
            b'!' if inner.starts_with("!--") => "-->",
            b'!' => ">",
            _ => break,
        };
        // A declaration alone says that it is XML.
        rest = inner.split_once(end).map_or("<>", |(_, after)| after.trim_start());
    }
    let name = rest.strip_prefix('<')?;
    let length = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')));
    let name = name.get(..length.unwrap_or(name.len()))?;
    let named = !name.is_empty() || text.starts_with("<?xml");
    named.then(|| name.rsplit(':').next().unwrap_or(name))
}

/// What a document with this first element is, and what to do.
pub(super) fn named(root: &str) -> (&'static str, &'static str) {
    match root {
        "test-run" | "test-results" => ("an NUnit report (XML)", NUNIT),
        "assemblies" => ("an xUnit.net report (XML)", NUNIT),
        "TestRun" => ("a Visual Studio test report (TRX)", NUNIT),
        "testng-results" => {
            ("a TestNG report (XML)", "TestNG writes JUnit reports beside it, in `junitreports`: open those.")
        }
        "robot" => {
            ("a Robot Framework report (XML)", "`rebot --xunit junit.xml output.xml` makes a JUnit report of it.")
        }
        "testcase" => {
            ("a single test of a JUnit report (XML)", "Open the whole report, which begins with `testsuite`.")
        }
        "Site" => ("a CTest report (XML)", "`ctest --output-junit FILE` writes a JUnit report."),
        "testExecutions" | "unitTest" => ("a test report of Sonar (XML)", JUNIT),
        "coverage" | "CoverageSession" => ("a coverage report (XML)", COVERAGE),
        "report" => ("a report in XML, perhaps JaCoCo's", COVERAGE),
        "checkstyle" => ("a Checkstyle report (XML)", OTHER),
        "definitions" => {
            ("a BPMN process (XML)", "Of pipelines of that kind none is read yet: export it as Mermaid or DOT.")
        }
        "mxfile" | "mxGraphModel" => ("a drawing of draw.io (XML)", DRAWING),
        "graphml" => ("a GraphML graph (XML)", "Graphviz turns it into DOT (`graphml2gv`), which is read."),
        "gexf" => ("a GEXF graph (XML)", DRAWING),
        "svg" => ("an SVG picture", "Open the trace or pipeline it was drawn from."),
        "project" => ("a Maven or Ant project (XML)", "It holds settings and no run: open a trace or a pipeline."),
        "trace-query-result" => ("a recording of Instruments (XML)", "Record with a tool that writes Chrome traces."),
        "p" | "div" | "h1" | "h2" | "a" | "img" | "picture" | "br" | "center" | "table" | "details" => {
            ("Markdown or HTML", "It holds no flowchart of Mermaid and no run: open a trace or a pipeline.")
        }
        _ => ("XML", OTHER),
    }
}

#[cfg(test)]
mod tests {
    use super::{named, root};

    #[test]
    fn the_first_element_tells() {
        for (text, first) in [
            ("<?xml version=\"1.0\"?>\n<!-- by hand -->\n<test-run id=\"2\">", "test-run"),
            ("<?xml version='1.0'?><!DOCTYPE coverage SYSTEM \"x.dtd\"><coverage>", "coverage"),
            ("<bpmn:definitions xmlns:bpmn=\"x\">", "definitions"),
            ("<svg/>", "svg"),
            ("<?xml version=\"1.0\"", ""),
        ] {
            assert_eq!(root(text), Some(first), "{text}");
        }
        for text in ["", "plain", "< b", "<!DOCTYPE", "<!-- no end", "<<"] {
            assert_eq!(root(text), None, "{text}");
        }
        assert_eq!(named("").0, "XML");
    }
}
