//! The ChainDebug engine for JavaScript.
