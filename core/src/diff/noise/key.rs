//! What a key says of its value: that it is a moment, a length of time, an id, or a digest of something.

/// What a key speaks of: any of the constants together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key(u8);

/// A word that stands for a moment when the value looks like one.
const TIME: &[&str] = &[
    "time",
    "times",
    "timestamp",
    "timestamps",
    "ts",
    "date",
    "datetime",
    "created",
    "updated",
    "modified",
    "started",
    "ended",
    "finished",
    "completed",
    "start",
    "end",
    "begin",
    "stop",
    "at",
    "epoch",
    "unix",
    "nano",
    "nanos",
    "received",
    "sent",
    "logged",
    "observed",
    "recorded",
    "expires",
    "expiry",
    "iat",
    "exp",
    "nbf",
    "now",
    "when",
];
/// A word under which a machine writes down when something happened.
const RECORD: &[&str] = &[
    "timestamp",
    "timestamps",
    "ts",
    "created",
    "updated",
    "modified",
    "started",
    "ended",
    "finished",
    "completed",
    "received",
    "logged",
    "observed",
    "recorded",
    "iat",
    "epoch",
    "now",
];
const LENGTH: &[&str] = &["duration", "durations", "latency", "latencies", "elapsed", "took", "ttft", "ttfb", "uptime"];
/// A unit at the end of a key.
const UNIT: &[&str] = &[
    "ms",
    "msec",
    "msecs",
    "millis",
    "milliseconds",
    "usec",
    "micros",
    "microseconds",
    "ns",
    "nsec",
    "nanos",
    "nanoseconds",
    "sec",
    "secs",
    "seconds",
];
/// What stands before `time` where a length is meant.
const TAKES: &[&str] = &[
    "response",
    "processing",
    "execution",
    "run",
    "total",
    "wall",
    "cpu",
    "inference",
    "generation",
    "queue",
    "prompt",
    "completion",
    "load",
    "eval",
    "wait",
    "compute",
    "render",
    "self",
];
/// A length that somebody set, or one too coarse to be measured.
const CHOSEN: &[&str] = &[
    "timeout",
    "max",
    "min",
    "maximum",
    "minimum",
    "limit",
    "threshold",
    "interval",
    "ttl",
    "budget",
    "deadline",
    "delay",
    "target",
    "expected",
    "allowed",
    "retention",
    "window",
    "sla",
    "backoff",
    "period",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
];
/// A digest changes when what it was made of changes: that means something.
const HASH: &[&str] = &[
    "hash",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "digest",
    "checksum",
    "commit",
    "revision",
    "etag",
    "fingerprint",
    "crc",
];
const ID: &[&str] = &["id", "ids", "uid", "uuid", "guid", "oid", "nonce"];
const TRACED: &[&str] = &["trace", "span", "request", "correlation", "traceid", "spanid"];

impl Key {
    /// A moment.
    pub const TIME: Key = Key(1);
    /// A moment at which a machine noted something.
    pub const RECORD: Key = Key(2);
    /// A measured length of time.
    pub const LENGTH: Key = Key(4);
    /// An id.
    pub const ID: Key = Key(8);
    /// The id of a trace, a span or a request.
    pub const TRACE: Key = Key(16);
    /// A digest: never noise.
    pub const HASH: Key = Key(32);

    /// What a key says; nothing for a key that is no name.
    pub fn of(key: &str) -> Key {
        if key.len() > 100 {
            return Key::default();
        }
        let spaced = words(key);
        let has = |list: &[&str]| spaced.split(' ').any(|word| list.contains(&word));
        let last = spaced.rsplit(' ').next().unwrap_or_default();
        let mut bits = 0;
        let mut say = |yes: bool, what: Key| bits |= if yes { what.0 } else { 0 };
        let takes = last == "time" && has(TAKES);
        let id = ID.contains(&last) || TRACED.contains(&last) && last.ends_with("id");
        say(has(TIME) && !takes, Key::TIME);
        say(has(RECORD) || spaced == "time" || last == "time" && has(&["start", "end"]), Key::RECORD);
        say((takes || has(LENGTH) || UNIT.contains(&last)) && !has(CHOSEN), Key::LENGTH);
        say(id, Key::ID);
        say(id && has(TRACED), Key::TRACE);
        say(has(HASH), Key::HASH);
        Key(bits)
    }

    /// Whether it speaks of this.
    pub fn is(self, what: Key) -> bool {
        self.0 & what.0 != 0
    }

    /// Whether it speaks of nothing in particular.
    pub fn is_plain(self) -> bool {
        self.0 == 0
    }
}

/// `startTimeUnixNano`, `start_time.unix-nano`: `start time unix nano`.
fn words(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 8);
    let mut before = ' ';
    let mut chars = key.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            // A capital begins a word, and so does the last of several before a small letter: `HTTPTime`.
            let small_next = chars.peek().is_some_and(|next| next.is_lowercase());
            if c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && small_next) && !out.ends_with(' ')
            {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    out.truncate(out.trim_end().len());
    out
}
