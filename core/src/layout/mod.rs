//! Where the boxes and lines of a flowchart go: a comparable request, a pure function, a result.
