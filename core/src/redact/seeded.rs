//! Secrets of every kind in traces as people have them, and what only looks like them. Made from a fixed seed, so that
//! no real secret and no key that a scanner would report stands in this text.

/// A small generator of numbers: the same each time.
pub(crate) struct Dice(u64);

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }

    fn of(&mut self, letters: &str, count: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..count).map(|_| letters[self.below(letters.len())]).collect()
    }

    /// Letters and digits, with some of each.
    pub(crate) fn mixed(&mut self, count: usize) -> String {
        let all = format!("{UPPER}{LOWER}{DIGITS}");
        let mut text = self.of(&all, count.saturating_sub(3));
        text.push_str(&format!("{}{}{}", self.of(DIGITS, 1), self.of(UPPER, 1), self.of(LOWER, 1)));
        text
    }

    fn hex(&mut self, count: usize) -> String {
        let text = self.of("0123456789abcdef", count.saturating_sub(1));
        format!("{text}7")
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn base64(&mut self, bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut out = String::new();
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for at in 0..=three.len() {
                out.push(char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]));
            }
        }
        out
    }

    /// Digits with the last one such that the checksum of cards is right.
    fn luhn(&mut self, head: &str, count: usize) -> String {
        let body = format!("{head}{}", self.of(DIGITS, count - head.len() - 1));
        (0..10).map(|last| format!("{body}{last}")).find(|card| super::bank::is_card(card.as_bytes())).unwrap_or(body)
    }
}

/// One thing in a trace: the text it stands in, and the part that must go (all of it must stay when empty).
pub(crate) struct Planted {
    pub(crate) text: String,
    pub(crate) secret: String,
}

fn planted(text: &str, secret: String) -> Planted {
    Planted { text: text.replace("{}", &secret), secret }
}

/// What a key of each provider looks like.
fn api_key(dice: &mut Dice) -> String {
    match dice.below(20) {
        0 => format!("sk-proj-{}", dice.mixed(48)),
        1 => format!("sk-{}", dice.mixed(48)),
        2 => format!("sk-ant-api03-{}-{}AA", dice.mixed(40), dice.mixed(20)),
        3 => format!("{}{}", dice.pick(&["ghp_", "gho_", "ghs_", "ghu_"]), dice.mixed(36)),
        4 => format!("github_pat_{}_{}", dice.mixed(22), dice.mixed(59)),
        5 => format!("glpat-{}", dice.mixed(20)),
        6 => format!("{}{}", dice.pick(&["AKIA", "ASIA"]), dice.of("ABCDEFGHJKLMNPQR234567", 15) + "7"),
        7 => format!("AIza{}", dice.mixed(35)),
        8 => format!(
            "{}-{}-{}-{}",
            dice.pick(&["xoxb", "xoxp"]),
            dice.of("123456789", 11),
            dice.of(DIGITS, 12),
            dice.mixed(24)
        ),
        9 => format!("hf_{}", dice.mixed(34)),
        10 => format!("npm_{}", dice.mixed(36)),
        11 => format!("pypi-AgEIcHlwaS5vcmc{}", dice.mixed(80)),
        12 => format!("{}{}", dice.pick(&["sk_live_", "sk_test_", "rk_live_"]), dice.mixed(24)),
        13 => format!("SK{}", dice.hex(32)),
        14 => format!("SG.{}.{}", dice.mixed(22), dice.mixed(43)),
        15 => format!("gsk_{}", dice.mixed(52)),
        16 => format!("lsv2_pt_{}_{}", dice.hex(32), dice.hex(10)),
        17 => format!("sk-lf-{}", dice.hex(36)),
        18 => format!("hvs.{}", dice.mixed(90)),
        _ => format!("r8_{}", dice.mixed(37)),
    }
}

fn phone(dice: &mut Dice) -> String {
    let digits = |dice: &mut Dice, count: usize| dice.of(DIGITS, count);
    let head = |dice: &mut Dice| dice.of("23456789", 1);
    match dice.below(8) {
        0 => format!("+49 {}{} {}", head(dice), digits(dice, 2), digits(dice, 7)),
        1 => format!("+1 ({}{}) {}{}-{}", head(dice), digits(dice, 2), head(dice), digits(dice, 2), digits(dice, 4)),
        2 => format!("+44 20 {}{} {}", head(dice), digits(dice, 3), digits(dice, 4)),
        3 => format!("({}{}) {}{}-{}", head(dice), digits(dice, 2), head(dice), digits(dice, 2), digits(dice, 4)),
        4 => format!("{}{}-{}{}-{}", head(dice), digits(dice, 2), head(dice), digits(dice, 2), digits(dice, 4)),
        5 => format!("0{}{} {}", head(dice), digits(dice, 2), digits(dice, 7)),
        6 => format!("+{}{}", dice.pick(&["33", "39", "47", "91"]), head(dice) + &digits(dice, 9)),
        _ => format!("0{} {} {} {} {}", head(dice), digits(dice, 2), digits(dice, 2), digits(dice, 2), digits(dice, 2)),
    }
}

fn iban(dice: &mut Dice) -> String {
    let body = dice.of("123456789", 18);
    let checksum = |check: u32| {
        let moved = format!("{body}1314{check:02}");
        moved.bytes().fold(0u32, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97) == 1
    };
    let check = (2..99).find(|check| checksum(*check)).unwrap_or_default();
    let plain = format!("DE{check:02}{body}");
    if dice.below(2) == 0 {
        return plain;
    }
    plain.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ")
}

const NAMES: [&str; 12] = [
    "mvogt",
    "ana.lopes",
    "tkimura",
    "jdupont",
    "nadia_r",
    "oleksiy",
    "wlindqvist",
    "ptsosie",
    "rkhan7",
    "zofia",
    "bmoreau",
    "hyunwoo",
];
const HOSTS: [&str; 6] =
    ["acme.org", "mail.example-shop.co.uk", "uni-nord.de", "kaufhaus.shop", "studio.io", "posta.it"];

fn mail(dice: &mut Dice) -> String {
    let tag = dice.pick(&["", "+news", ".x", "_2"]);
    format!("{}{tag}{}@{}", dice.pick(&NAMES), dice.below(90), dice.pick(&HOSTS))
}

fn address(dice: &mut Dice) -> String {
    format!("{}.{}.{}.{}", 80 + dice.below(15), dice.below(256), dice.below(256), 1 + dice.below(254))
}

/// A secret of a kind, in a text that people have in their traces.
pub(crate) fn secret(kind: &'static str, dice: &mut Dice) -> Planted {
    let template = |dice: &mut Dice, list: &[&'static str]| dice.pick(list);
    let in_words =
        ["Use {} for this.", "found: {}", "{}", "log line with {} in the middle of it", "a={}, b=2", "(\"{}\")"];
    let (text, secret) = match kind {
        "api-key" => (
            template(
                dice,
                &["OPENAI_API_KEY={}", "key {} works", "{}", "curl -H 'x-api-key: {}' https://x", "export K='{}'"],
            ),
            api_key(dice),
        ),
        "jwt" => {
            let head = dice.base64(br#"{"alg":"HS256","typ":"JWT"}"#);
            let body = format!("{{\"sub\":\"{}\",\"iat\":1772442904}}", dice.mixed(12));
            (template(dice, &in_words), format!("{head}.{}.{}", dice.base64(body.as_bytes()), dice.mixed(43)))
        }
        "private-key" => {
            let lines: Vec<String> = (0..6).map(|_| dice.mixed(64)).collect();
            let name = dice.pick(&["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"]);
            ("cat id_rsa\n{}\ndone", format!("-----BEGIN {name}-----\n{}\n-----END {name}-----", lines.join("\n")))
        }
        "authorization" => {
            let pair = format!("svc:{}", dice.mixed(9));
            match dice.below(2) {
                0 => ("Authorization: Bearer {}", dice.mixed(40)),
                _ => ("curl -H 'Authorization: Basic {}'", {
                    let coded = dice.base64(format!("{pair}{}", &"xyz"[..(3 - pair.len() % 3) % 3]).as_bytes());
                    coded.replace('-', "+").replace('_', "/")
                }),
            }
        }
        "url-password" => (
            template(
                dice,
                &[
                    "postgres://svc:{}@db.acme.org:5432/app",
                    "redis://default:{}@cache:6379/0",
                    "https://deploy:{}@git.acme.org/a.git",
                    "amqp://u:{}@mq/",
                ],
            ),
            dice.mixed(14),
        ),
        "url-signature" => (
            template(
                dice,
                &[
                    "https://b.s3.amazonaws.com/k?X-Amz-Date=20260302T091504Z&X-Amz-Signature={}&x=1",
                    "https://acct.blob.core.windows.net/c/f?sv=2023&sig={}",
                    "https://api.x.org/v1?access_token={}",
                ],
            ),
            dice.hex(64),
        ),
        "webhook" => (
            "post to https://hooks.slack.com/services/{} now",
            format!("T{}/B{}/{}", dice.of(UPPER, 8), dice.of(UPPER, 8), dice.mixed(24)),
        ),
        "password" => (
            template(
                dice,
                &[
                    "password={}",
                    "\"db_password\": \"{}\"",
                    "login --password {} --user svc",
                    "AWS_SECRET_ACCESS_KEY={}",
                    "client_secret: '{}'",
                    "AccountKey={};EndpointSuffix=core",
                ],
            ),
            dice.mixed(20),
        ),
        "random" => (
            template(dice, &["session auth value: auth={}", "deploy_key = \"{}\"", "\"service_key\":\"{}\""]),
            dice.mixed(44),
        ),
        "email" => (template(dice, &in_words), mail(dice)),
        "phone" => (template(dice, &["call {} today", "Tel: {}", "phone {}", "{}"]), phone(dice)),
        "card" => {
            let plain = match dice.below(4) {
                0 => dice.luhn("4", 16),
                1 => dice.luhn("53", 16),
                2 => dice.luhn("37", 15),
                _ => dice.luhn("6011", 16),
            };
            let grouped = plain.len() == 16 && dice.below(2) == 0;
            let four = || {
                plain.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>()
            };
            (template(dice, &["card {} was charged", "pan={}", "{}"]), if grouped { four().join(" ") } else { plain })
        }
        "iban" => (template(dice, &["transfer to {} today", "IBAN: {}", "{}"]), iban(dice)),
        "ip" => (template(dice, &["from {}:443", "client {} connected", "http://{}/x", "{}"]), address(dice)),
        "private-ip" => (
            template(dice, &["from {}:443", "http://{}/x"]),
            format!("10.{}.{}.{}", dice.below(256), dice.below(256), 1 + dice.below(254)),
        ),
        _ => {
            let name = format!("{}{}", dice.pick(&NAMES), dice.below(50));
            (
                template(
                    dice,
                    &[
                        "/home/{}/src/app/main.py",
                        "File \"/Users/{}/code/x.ts\", line 3",
                        r"C:\Users\{}\AppData\Local",
                        "file:///home/{}/a",
                    ],
                ),
                name,
            )
        }
    };
    planted(text, secret)
}

/// Kinds that are planted.
pub(crate) const PLANTED: [&str; 16] = [
    "api-key",
    "jwt",
    "private-key",
    "authorization",
    "url-password",
    "url-signature",
    "webhook",
    "password",
    "random",
    "email",
    "phone",
    "card",
    "iban",
    "ip",
    "private-ip",
    "user-name",
];

/// Something that looks like a secret and is none.
pub(crate) fn look_alike(dice: &mut Dice) -> Planted {
    let (hex8, hex4) = (dice.hex(8), dice.hex(4));
    let text = match dice.below(34) {
        0 => format!("{hex8}-{hex4}-4{}-a{}-{}", dice.hex(3), dice.hex(3), dice.hex(12)),
        1 => format!("sha256:{}", dice.hex(64)),
        2 => dice.hex(32),
        3 => dice.hex(16),
        4 => format!("v{}.{}.{}-rc.{}", dice.below(9), dice.below(40), dice.below(99), dice.below(9)),
        5 => format!("2026-03-{:02}T09:15:{:02}.{}Z", 1 + dice.below(28), dice.below(60), dice.of(DIGITS, 9)),
        6 => format!("17724429{}", dice.of(DIGITS, 11)),
        7 => format!("order {}-{}", dice.of(DIGITS, 6), dice.of(DIGITS, 4)),
        8 => format!("data:image/png;base64,iVBORw0KGgo{}", dice.mixed(300)),
        9 => format!("call_{}", dice.mixed(24)),
        10 => format!("toolu_01{}", dice.mixed(22)),
        11 => format!("chatcmpl-{}", dice.mixed(29)),
        12 => "token = get_token(request)".to_owned(),
        13 => "password: str = Field(min_length=8)".to_owned(),
        14 => "if (!apiKey) throw new Error('api_key is required')".to_owned(),
        15 => format!("max_tokens={}, total_tokens={}", dice.below(9000), dice.below(9000)),
        16 => format!("0.{}", dice.of(DIGITS, 16)),
        17 => format!("pip install langchain=={}.{}.{}", dice.below(3), dice.below(30), dice.below(300)),
        18 => format!("langchain-core {}.{}.{}.{}", dice.below(3), dice.below(9), dice.below(30), dice.below(4)),
        19 => "@decorator and user@localhost, see a@b".to_owned(),
        20 => format!("git@github.com:acme/app.git at {}", dice.hex(40)),
        21 => format!("Mozilla/5.0 (X11; Linux x86_64) Chrome/{}.0.0.0 Safari/537.36", 100 + dice.below(30)),
        22 => "fn main() { std::fmt::Display; a::b::c }".to_owned(),
        23 => format!("took {} ms, {} bytes, 12,345,678 rows", dice.below(99_999), dice.of("123456789", 10)),
        24 => "http://127.0.0.1:8080/ and ::1 and 0.0.0.0".to_owned(),
        25 => format!("{} {} {}", dice.below(999), dice.below(999), dice.below(999)),
        26 => "Basic concepts of bearer tokens, and digest of the token economy".to_owned(),
        27 => format!("doi:10.1038/s41586-020-{}-{}", dice.of(DIGITS, 4), dice.below(9)),
        28 => format!("ISBN 978-3-16-{}-0", dice.of(DIGITS, 6)),
        29 => format!(
            "{:02}:{:02}:{:02}:{:02}:{:02}:{:02}",
            dice.below(99),
            dice.below(99),
            dice.below(99),
            dice.below(99),
            dice.below(99),
            dice.below(99)
        ),
        30 => format!("run-{}-{}", dice.of("123456789", 8), dice.mixed(12)),
        31 => "process.env.OPENAI_API_KEY, os.environ['DB_PASSWORD'], ${TOKEN}, <password>".to_owned(),
        32 => format!("https://shop.example.com/p/{}?page={}&sort=asc", dice.of(DIGITS, 8), dice.below(20)),
        _ => format!("lat {}.{}, lon -{}.{}", dice.below(90), dice.of(DIGITS, 6), dice.below(90), dice.of(DIGITS, 6)),
    };
    Planted { text, secret: String::new() }
}
