//! Keys and tokens of providers, told by how they begin.

use super::ascii::{at, before, run, word};
use super::hit::Hits;
use super::kinds::Kind;

/// What follows a prefix.
#[derive(Clone, Copy)]
enum Rest {
    /// Letters and digits.
    Letters,
    /// Letters, digits, `_` and `-`.
    Words,
    /// Letters, digits, `_`, `-` and dots.
    Dotted,
    /// Hexadecimal digits in lower case.
    Hex,
    /// Capitals and digits.
    Capitals,
}

/// One provider's keys: prefix, whose they are, what follows, how much of it at least and at most.
struct Shape(&'static str, &'static str, Rest, usize, usize);

const MANY: usize = 400;

/// Longer prefixes stand before those they begin with.
const SHAPES: [Shape; 87] = [
    Shape("sk-ant-", "anthropic", Rest::Words, 20, MANY),
    Shape("sk-or-v1-", "openrouter", Rest::Hex, 32, MANY),
    Shape("sk-lf-", "langfuse", Rest::Words, 20, MANY),
    Shape("pk-lf-", "langfuse", Rest::Words, 20, MANY),
    Shape("sk-proj-", "openai", Rest::Words, 20, MANY),
    Shape("sk-svcacct-", "openai", Rest::Words, 20, MANY),
    Shape("sk-admin-", "openai", Rest::Words, 20, MANY),
    Shape("sk-None-", "openai", Rest::Words, 20, MANY),
    Shape("sk-", "openai", Rest::Letters, 20, MANY),
    Shape("sess-", "openai", Rest::Letters, 36, MANY),
    Shape("ghp_", "github", Rest::Letters, 30, MANY),
    Shape("gho_", "github", Rest::Letters, 30, MANY),
    Shape("ghu_", "github", Rest::Letters, 30, MANY),
    Shape("ghs_", "github", Rest::Words, 30, MANY),
    Shape("ghr_", "github", Rest::Letters, 30, MANY),
    Shape("github_pat_", "github", Rest::Words, 30, MANY),
    Shape("glpat-", "gitlab", Rest::Dotted, 18, MANY),
    Shape("gldt-", "gitlab", Rest::Words, 18, MANY),
    Shape("glrt-", "gitlab", Rest::Words, 18, MANY),
    Shape("glptt-", "gitlab", Rest::Words, 18, MANY),
    Shape("glcbt-", "gitlab", Rest::Words, 18, MANY),
    Shape("AKIA", "aws", Rest::Capitals, 16, 16),
    Shape("ASIA", "aws", Rest::Capitals, 16, 16),
    Shape("ABIA", "aws", Rest::Capitals, 16, 16),
    Shape("ACCA", "aws", Rest::Capitals, 16, 16),
    Shape("AIza", "google", Rest::Words, 33, 40),
    Shape("GOCSPX-", "google", Rest::Words, 24, 40),
    Shape("ya29.", "google", Rest::Words, 20, MANY),
    Shape("xoxb-", "slack", Rest::Words, 10, MANY),
    Shape("xoxp-", "slack", Rest::Words, 10, MANY),
    Shape("xoxa-", "slack", Rest::Words, 10, MANY),
    Shape("xoxr-", "slack", Rest::Words, 10, MANY),
    Shape("xoxs-", "slack", Rest::Words, 10, MANY),
    Shape("xoxo-", "slack", Rest::Words, 10, MANY),
    Shape("xoxe.", "slack", Rest::Words, 10, MANY),
    Shape("xapp-", "slack", Rest::Words, 20, MANY),
    Shape("hf_", "huggingface", Rest::Letters, 30, 60),
    Shape("api_org_", "huggingface", Rest::Letters, 30, 60),
    Shape("npm_", "npm", Rest::Letters, 36, 36),
    Shape("pypi-Ag", "pypi", Rest::Words, 50, MANY),
    Shape("sk_live_", "stripe", Rest::Letters, 16, MANY),
    Shape("sk_test_", "stripe", Rest::Letters, 16, MANY),
    Shape("rk_live_", "stripe", Rest::Letters, 16, MANY),
    Shape("rk_test_", "stripe", Rest::Letters, 16, MANY),
    Shape("pk_live_", "stripe", Rest::Letters, 16, MANY),
    Shape("whsec_", "stripe", Rest::Letters, 24, MANY),
    Shape("SG.", "sendgrid", Rest::Dotted, 40, 90),
    Shape("SK", "twilio", Rest::Hex, 32, 32),
    Shape("AC", "twilio", Rest::Hex, 32, 32),
    Shape("key-", "mailgun", Rest::Hex, 32, 32),
    Shape("shpat_", "shopify", Rest::Hex, 32, 32),
    Shape("shpss_", "shopify", Rest::Hex, 32, 32),
    Shape("shpca_", "shopify", Rest::Hex, 32, 32),
    Shape("gsk_", "groq", Rest::Letters, 40, 80),
    Shape("r8_", "replicate", Rest::Letters, 32, 60),
    Shape("dapi", "databricks", Rest::Hex, 32, 40),
    Shape("lsv2_pt_", "langsmith", Rest::Words, 32, MANY),
    Shape("lsv2_sk_", "langsmith", Rest::Words, 32, MANY),
    Shape("ls__", "langsmith", Rest::Hex, 32, 40),
    Shape("pplx-", "perplexity", Rest::Letters, 40, 80),
    Shape("xai-", "xai", Rest::Letters, 60, 120),
    Shape("fw_", "fireworks", Rest::Letters, 22, 60),
    Shape("pcsk_", "pinecone", Rest::Words, 30, MANY),
    Shape("hvs.", "vault", Rest::Words, 24, MANY),
    Shape("hvb.", "vault", Rest::Words, 24, MANY),
    Shape("lin_api_", "linear", Rest::Letters, 30, 60),
    Shape("ntn_", "notion", Rest::Letters, 40, 60),
    Shape("secret_", "notion", Rest::Letters, 43, 43),
    Shape("PMAK-", "postman", Rest::Words, 50, 80),
    Shape("dp.pt.", "doppler", Rest::Letters, 40, 50),
    Shape("dp.st.", "doppler", Rest::Dotted, 40, 70),
    Shape("ATATT3", "atlassian", Rest::Words, 60, MANY),
    Shape("figd_", "figma", Rest::Words, 30, 80),
    Shape("sbp_", "supabase", Rest::Hex, 40, 40),
    Shape("sq0atp-", "square", Rest::Words, 22, 40),
    Shape("sq0csp-", "square", Rest::Words, 40, 60),
    Shape("dop_v1_", "digitalocean", Rest::Hex, 64, 64),
    Shape("tskey-", "tailscale", Rest::Words, 20, 100),
    Shape("sntrys_", "sentry", Rest::Words, 40, MANY),
    Shape("phx_", "posthog", Rest::Letters, 32, 60),
    Shape("nvapi-", "nvidia", Rest::Words, 50, 100),
    Shape("AGE-SECRET-KEY-1", "age", Rest::Capitals, 50, 70),
    Shape("tvly-", "tavily", Rest::Words, 24, 60),
    Shape("e2b_", "e2b", Rest::Hex, 40, 40),
    Shape("jina_", "jina", Rest::Words, 40, 90),
    Shape("pa-", "voyage", Rest::Words, 40, 60),
    Shape("sgp_", "sourcegraph", Rest::Words, 40, 80),
];

impl Rest {
    fn holds(self, byte: u8) -> bool {
        match self {
            Rest::Letters => byte.is_ascii_alphanumeric(),
            Rest::Words => word(byte),
            Rest::Dotted => word(byte) || byte == b'.',
            Rest::Hex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Rest::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        }
    }
}

/// Whether a rest is that of a key and not a name with dashes in it: it has a digit, and does not spell words.
fn telling(rest: &[u8], shape: Rest) -> bool {
    let digit = rest.iter().any(u8::is_ascii_digit);
    let mixed = rest.iter().any(u8::is_ascii_uppercase) && rest.iter().any(u8::is_ascii_lowercase);
    match shape {
        Rest::Hex | Rest::Capitals => digit,
        _ => digit || mixed && rest.len() >= 24,
    }
}

/// Finds keys. A key begins where a word does.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        let byte = at(bytes, from);
        let begins = byte.is_ascii_alphabetic() && !before(bytes, from).is_ascii_alphanumeric();
        if !begins || before(bytes, from) == b'_' && !matches!(byte, b'g' | b's' | b'A' | b'h') {
            from += 1;
            continue;
        }
        let rest = bytes.get(from..).unwrap_or(&[]);
        let shape = SHAPES.iter().filter(|shape| rest.first() == shape.0.as_bytes().first());
        let mut end = None;
        for Shape(prefix, of, set, least, most) in shape {
            if !rest.starts_with(prefix.as_bytes()) {
                continue;
            }
            let start = from + prefix.len();
            let mut stop = run(bytes, start, *most, |byte| set.holds(byte));
            // A sentence ends with a dot; a key does not.
            while matches!(before(bytes, stop), b'.' | b'-') && stop > start {
                stop -= 1;
            }
            let ended = !at(bytes, stop).is_ascii_alphanumeric();
            let own = bytes.get(start..stop).unwrap_or(&[]);
            if own.len() >= *least && ended && telling(own, *set) {
                hits.add_as(text, (from, stop), Kind::ApiKey, of, None);
                end = Some(stop);
                break;
            }
        }
        from = end.unwrap_or(from + 1);
    }
    telegram(text, bytes, hits);
}

/// `123456789:AA…`: the id of a bot and its secret.
fn telegram(text: &str, bytes: &[u8], hits: &mut Hits) {
    for colon in memchr::memmem::find_iter(bytes, b":AA") {
        let start = run_back_digits(bytes, colon);
        let end = run(bytes, colon + 1, 40, word);
        if (8..=10).contains(&(colon - start)) && (33..=38).contains(&(end - colon - 1)) {
            hits.add_as(text, (start, end), Kind::ApiKey, "telegram", None);
        }
    }
}

fn run_back_digits(bytes: &[u8], to: usize) -> usize {
    super::ascii::run_back(bytes, to, 11, |byte| byte.is_ascii_digit())
}
