//! `cargo xtask serve`: the page on this machine, built again whenever a source changes.
//!
//! The usual build is the `serve` profile of Cargo.toml: quick to build, with the engine optimised so that real files
//! open in reasonable time. `--release` is what visitors get, except for the Content-Security-Policy, which would
//! forbid the reload signal.

use crate::Outcome;
use crate::process::Run;
use crate::project::Project;
use crate::say;
use crate::setup::{self, Need};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const DEFAULT_PORT: u16 = 8080;

/// Sets up, builds and serves until it is interrupted.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    let options = Options::read(arguments)?;
    setup::ensure(project, &[Need::WasmTarget, Need::Crates, Need::EditorPackages, Need::Trunk, Need::WasmBindgen])?;
    if options.release {
        setup::ensure(project, &[Need::NodePackages])?;
    }
    let port = free_port(options.port)?;
    if port != options.port {
        say::line(&format!("Port {} is taken; using {port}.", options.port));
    }
    say::line("Building; the first time takes a few minutes. Ctrl+C ends it.");
    announce(port);
    // A folder of its own: dist/ holds release builds only.
    let dist = project.at("target/serve");
    std::fs::create_dir_all(&dist).map_err(|error| format!("{} cannot be created: {error}.", dist.display()))?;
    let run =
        Run::new(project, "trunk").within(project.at("app")).args(["serve", "--port", &port.to_string(), "--dist"]);
    let run =
        run.args([dist]).args(if options.release { ["--release"].as_slice() } else { &["--cargo-profile", "serve"] });
    run.show()
}

/// Prints the address once the server answers. Trunk starts it after the first build, and says nothing then.
fn announce(port: u16) {
    thread::spawn(move || {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            thread::sleep(Duration::from_millis(300));
        }
        say::line(&format!("\nChainDebug is at http://127.0.0.1:{port}/\n"));
    });
}

#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    release: bool,
}

impl Options {
    fn read(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self { port: DEFAULT_PORT, release: false };
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            match argument {
                "--release" => options.release = true,
                "--port" => {
                    let number = arguments.next().and_then(|text| text.parse().ok()).filter(|port| *port > 0);
                    options.port = number.ok_or("`--port` wants a number from 1 to 65535.")?;
                }
                other => {
                    return Err(format!("`serve` knows --port N and --release, not `{other}`."));
                }
            }
        }
        Ok(options)
    }
}

/// The first port from `wanted` on that nobody listens on.
fn free_port(wanted: u16) -> Outcome<u16> {
    let last = wanted.saturating_add(50);
    (wanted..=last).find(|port| is_free(*port)).ok_or_else(|| {
        format!("The ports {wanted} to {last} are all taken. Choose another with `cargo xtask serve --port N`.")
    })
}

fn is_free(port: u16) -> bool {
    // Trunk listens on both; a machine without IPv6 is no hindrance.
    let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::AddrInUse,
    };
    v6 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Outcome<Options> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        Options::read(&arguments)
    }

    #[test]
    fn options() {
        assert_eq!(read(&[]), Ok(Options { port: 8080, release: false }));
        assert_eq!(read(&["--release", "--port", "9000"]), Ok(Options { port: 9000, release: true }));
        for wrong in [&["--port"][..], &["--port", "0"], &["--port", "70000"], &["--open"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(!is_free(port));
        assert_ne!(free_port(port), Ok(port));
    }
}
