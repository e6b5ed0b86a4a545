//! nginx with its Brotli module, as the Docker image has it: the image's configuration is tested with it.

use super::system;
use crate::Outcome;
use crate::project::Project;
use std::path::Path;

/// Where Debian keeps the module.
const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

pub(super) fn ensure(project: &Project) -> Outcome {
    if project.which("nginx").is_some() && Path::new(BROTLI).is_file() {
        return Ok(());
    }
    let packages = ["nginx-light", "libnginx-mod-http-brotli-static"];
    system::install(project, &packages, "the server of the Docker image, whose configuration is tested", "seconds")
}
