#!/bin/sh
# Starts the server of the image, set up by variables (docs/host.md):
#   PORT                       where to listen; 8080
#   CHAINDEBUG_OPEN_FROM       address of a Jaeger or Tempo that the page may ask for traces; none
#   CHAINDEBUG_OPEN_FROM_VIA   who asks it: the `browser` of the visitor, or this `server`; browser
#   CHAINDEBUG_FRAME_ANCESTORS who may show the page in a frame, as in a Content-Security-Policy; everybody,
#                              or with CHAINDEBUG_OPEN_FROM nobody but this site
# With `health` as its argument it asks the running server how it is.
#
# Every value is held against what it may be before it gets near a configuration.
set -eu
export LC_ALL=C

stop() {
  echo "chaindebug: $1" >&2
  exit 64
}

# Whether a text is made of these signs alone, and not empty.
made_of() {
  case $2 in
    '' | *[!$1]*) return 1 ;;
  esac
}

port=${PORT:-8080}
made_of 0-9 "$port" && [ "${#port}" -le 5 ] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] ||
  stop "PORT is “$port”, and has to be a number from 1 to 65535."

if [ "${1:-}" = health ]; then
  exec wget -q -O /dev/null "http://127.0.0.1:$port/health"
fi

here=$(cd "$(dirname "$0")" && pwd)
site=${CHAINDEBUG_SITE:-/srv/chaindebug}

# The root may be read-only: these two are in memory where nobody has said otherwise.
run=
for folder in ${CHAINDEBUG_RUN:-/tmp /dev/shm}; do
  if mkdir -p "$folder/chaindebug" 2>/dev/null && [ -w "$folder/chaindebug" ]; then
    run=$folder/chaindebug
    break
  fi
done
[ -n "$run" ] || stop "there is no folder to write to. Give the container one in memory: --tmpfs /tmp"

from=${CHAINDEBUG_OPEN_FROM:-}
via=${CHAINDEBUG_OPEN_FROM_VIA:-browser}
frames=${CHAINDEBUG_FRAME_ANCESTORS:-}
page=$site
: > "$run/open-from.conf"

if [ -n "$from" ]; then
  case $from in
    http://* | https://*) ;;
    *) stop "CHAINDEBUG_OPEN_FROM is “$from”, and has to begin with http:// or https://." ;;
  esac
  rest=${from#*://}
  host=${rest%%/*}
  path=${rest#"$host"}
  path=${path%/}
  origin=${from%%://*}://$host
  # A name or an address, and a port; no user, no question, nothing that means something to nginx, sed or a policy.
  made_of ']A-Za-z0-9.:_[-' "$host" || stop "CHAINDEBUG_OPEN_FROM names the host “$host”, which is none."
  [ -z "$path" ] || made_of 'A-Za-z0-9._~/-' "$path" || stop "CHAINDEBUG_OPEN_FROM has the path “$path”, which is none."
  : "${frames:='self'}"
  case $via in
    browser)
      asked=$origin$path
      connect=" $origin"
      ;;
    server)
      asked=open-from
      connect=
      # Names are looked up when they are needed: what is asked may start later than this, and move.
      servers=$(sed -n 's/^nameserver[[:space:]]*\([0-9A-Fa-f.:]*\).*/\1/p' /etc/resolv.conf | sed 's/.*:.*/[&]/' | tr '\n' ' ')
      sed -e "s|@ORIGIN@|$origin|g" -e "s|@PATH@|$path|g" -e "s|@HOST@|$host|g" -e "s|@RESOLVERS@|${servers:-127.0.0.11}|g" \
        "$here/open-from.conf" > "$run/open-from.conf"
      ;;
    *) stop "CHAINDEBUG_OPEN_FROM_VIA is “$via”, and has to be browser or server." ;;
  esac
  # The page says what it may ask, and its policy lets it: one origin more, or none.
  page=$run
  sed -e "s|connect-src 'self'|connect-src 'self'$connect|" \
    -e "s|\(<meta name=\"chaindebug-open-from\" content=\"\)\"|\1$asked\"|" "$site/index.html" > "$run/index.html"
  grep -q "content=\"$asked\"" "$run/index.html" || stop "the page has no place for CHAINDEBUG_OPEN_FROM."
  gzip -9 -c "$run/index.html" > "$run/index.html.gz"
  # Both as one version of the file.
  touch -r "$run/index.html" "$run/index.html.gz"
else
  connect=
fi

: "${frames:=*}"
made_of "A-Za-z0-9 .:/*'_-" "$frames" || stop "CHAINDEBUG_FRAME_ANCESTORS is “$frames”, which is no list of sources."

sed -e "s|@RUN@|$run|g" -e "s|@PORT@|$port|g" -e "s|@SITE@|$site|g" -e "s|@PAGE@|$page|g" -e "s|@FRAMES@|$frames|g" \
  -e "s|connect-src 'self'|connect-src 'self'$connect|" "$here/nginx.conf" > "$run/nginx.conf"

# -e: before it has read its configuration nginx would open a log file of its own.
exec nginx -e stderr -c "$run/nginx.conf"
