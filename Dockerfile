# ChainDebug as static files behind nginx. Works offline, as an unprivileged user, on a read-only root:
#   docker build --tag chaindebug .
#   docker run --rm --read-only --tmpfs /tmp --publish 8080:8080 chaindebug

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# Node alone, out of its own image: Debian's is older than what the build needs.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
# The tools first, in a layer that changes only with their versions.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock rust-toolchain.toml ./
COPY xtask xtask
COPY app/Cargo.toml app/index.html app/Trunk.toml app/
COPY cli/Cargo.toml cli/
COPY core/Cargo.toml core/
COPY wasm/Cargo.toml wasm/
COPY tests/package.json tests/package-lock.json tests/.npmrc tests/
COPY editor/package.json editor/package-lock.json editor/.npmrc editor/
RUN mkdir -p app/src cli/src core/src wasm/src \
    && touch app/src/main.rs cli/src/main.rs core/src/lib.rs wasm/src/lib.rs \
    && cargo xtask setup build
COPY . .
RUN cargo xtask build --compress

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nginx-light libnginx-mod-http-brotli-static \
    && rm -rf /var/lib/apt/lists/*
COPY .docker/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /src/dist /srv/chaindebug
USER www-data
EXPOSE 8080
STOPSIGNAL SIGQUIT
# -e: before it has read its configuration nginx would open a log file of its own.
ENTRYPOINT ["nginx", "-e", "stderr"]
