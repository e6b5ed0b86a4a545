# ChainDebug as static files behind nginx. Works offline, as an unprivileged user, on a read-only root:
#   docker build --tag chaindebug .
#   docker run --rm --read-only --publish 8080:8080 chaindebug
# The variables it knows are told in docs/host.md.

FROM node:20-bookworm-slim AS node

# What builds and develops ChainDebug; .devcontainer/ begins here too.
FROM rust:1.95-bookworm AS tools
# Node alone, out of its own image: Debian's is older than what the build needs.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

FROM tools AS build
WORKDIR /src
# The tools first, in a layer that changes only with their versions.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock rust-toolchain.toml ./
COPY xtask xtask
COPY app/Cargo.toml app/index.html app/Trunk.toml app/
COPY cli/Cargo.toml cli/
COPY core/Cargo.toml core/
COPY wasm/Cargo.toml wasm/
COPY wasm/traces/Cargo.toml wasm/traces/
COPY tests/package.json tests/package-lock.json tests/.npmrc tests/
COPY editor/package.json editor/package-lock.json editor/.npmrc editor/
RUN mkdir -p app/src cli/src core/src wasm/src wasm/traces/src \
    && touch app/src/main.rs cli/src/main.rs core/src/lib.rs wasm/src/lib.rs wasm/traces/src/lib.rs \
    && cargo xtask setup build
COPY . .
RUN cargo xtask build

FROM alpine:3.22
# Alpine moves on within a release, and keeps no older packages to pin.
# hadolint ignore=DL3018
RUN apk add --no-cache nginx nginx-mod-http-brotli ca-certificates
COPY .docker /opt/chaindebug
COPY --from=build /src/dist /srv/chaindebug
# Nobody, by number: so that a cluster can tell that it is not root.
USER 65534:65534
ENV PORT=8080
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s --timeout=3s --start-period=2s CMD ["/opt/chaindebug/start.sh", "health"]
ENTRYPOINT ["/opt/chaindebug/start.sh"]
