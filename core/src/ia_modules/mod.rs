//! What the real code of IA Modules makes of a pipeline: how it reads the file, how it runs it, what it says.
//!
//! Source: the ia_modules package, versions 0.1.3 and 0.2.0, asked case by case. Files it wrote are read in
//! `import::ia_modules`; here is what it *does*.

pub mod cover;
pub mod definition;
pub mod lint;
pub mod load;
pub mod python;
pub mod seen;
pub mod simulate;
pub mod templates;
pub mod text;
pub mod validate;
