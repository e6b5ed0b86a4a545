//! Whether a text is JSON as Python's `json.load` reads it, and its message where it is not.
//!
//! The engine's own lexer forgives much and goes on after damage; the validator of IA Modules never sees such a file.
//! Source: CPython 3.11, asked text by text. No value is built here.

/// Levels of nesting that `json.load` takes when it is called by the validator's command; one more is a
/// `RecursionError`.
const LEVELS: usize = 991;
/// Digits of an integer that Python reads.
const DIGITS: usize = 4300;

/// Why Python does not read a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// Byte of the text.
    pub at: usize,
    /// Python's message without its place: `Expecting value`.
    pub message: String,
    /// The exception: `JSONDecodeError`, which the command reports, or another one, with which it stops.
    pub exception: &'static str,
}

impl NotJson {
    /// Python's whole message: `Expecting value: line 1 column 2 (char 1)`. Line ends count as one character.
    pub fn python(&self, text: &[u8]) -> String {
        if self.exception != "JSONDecodeError" {
            return self.message.clone();
        }
        let before = text.get(..self.at).unwrap_or(text);
        let before = String::from_utf8_lossy(before).replace("\r\n", "\n").replace('\r', "\n");
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or("");
        let (column, char) = (last.chars().count() + 1, before.chars().count());
        format!("{}: line {line} column {column} (char {char})", self.message)
    }
}

impl NotJson {
    /// A sentence on what somebody gave: `The input is not JSON: Expecting value: line 1 column 2 (char 1).`
    pub fn sentence(&self, what: &str, text: &[u8]) -> String {
        let python = self.python(text);
        if self.exception == "JSONDecodeError" {
            return format!("{what} is not JSON: {python}.");
        }
        format!("{what} cannot be read by Python: {}: {python}.", self.exception)
    }
}

type Check<T> = Result<T, NotJson>;

fn no<T>(at: usize, message: &str) -> Check<T> {
    Err(NotJson { at, message: message.to_owned(), exception: "JSONDecodeError" })
}

/// Reads a whole text.
pub fn check(text: &[u8]) -> Check<()> {
    check_within(text, 0)
}

/// Reads a value that stands inside `around` containers of a longer text.
pub fn check_within(text: &[u8], around: usize) -> Check<()> {
    if let Err(error) = std::str::from_utf8(text) {
        let at = error.valid_up_to();
        let byte = text.get(at).copied().unwrap_or(0);
        let message = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}");
        return Err(NotJson { at, message, exception: "UnicodeDecodeError" });
    }
    if text.starts_with("\u{FEFF}".as_bytes()) {
        return no(0, "Unexpected UTF-8 BOM (decode using utf-8-sig)");
    }
    let mut reader = Reader { text, at: 0, levels: LEVELS.saturating_sub(around) };
    reader.space();
    reader.value()?;
    reader.space();
    if reader.at < text.len() { no(reader.at, "Extra data") } else { Ok(()) }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Levels of nesting that are left.
    levels: usize,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
    }

    /// One value with all in it. Containers that are open are bits of a stack: whether each is an object.
    fn value(&mut self) -> Check<()> {
        let mut open: Vec<bool> = Vec::new();
        loop {
            // A value begins here.
            let entered = match self.byte() {
                Some(lead @ (b'{' | b'[')) => {
                    let object = lead == b'{';
                    if open.len() >= self.levels {
                        let what = if object { "object" } else { "array" };
                        let message = format!(
                            "maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"
                        );
                        return Err(NotJson { at: self.at, message, exception: "RecursionError" });
                    }
                    self.at += 1;
                    self.space();
                    let close = if object { b'}' } else { b']' };
                    let empty = self.byte() == Some(close);
                    if empty {
                        self.at += 1;
                    } else {
                        open.push(object);
                        if object {
                            self.key()?;
                        }
                    }
                    !empty
                }
                Some(b'"') => {
                    self.string()?;
                    false
                }
                _ => {
                    self.scalar()?;
                    false
                }
            };
            if entered {
                continue;
            }
            // A value ended: close what ends here, then find the next one.
            loop {
                let Some(&object) = open.last() else { return Ok(()) };
                self.space();
                match self.byte() {
                    Some(b'}') if object => {}
                    Some(b']') if !object => {}
                    Some(b',') => {
                        self.at += 1;
                        self.space();
                        if object {
                            self.key()?;
                        }
                        break;
                    }
                    _ => return no(self.at, "Expecting ',' delimiter"),
                }
                self.at += 1;
                open.pop();
            }
        }
    }

    /// A key and its colon, up to the value.
    fn key(&mut self) -> Check<()> {
        if self.byte() != Some(b'"') {
            return no(self.at, "Expecting property name enclosed in double quotes");
        }
        self.string()?;
        self.space();
        if self.byte() != Some(b':') {
            return no(self.at, "Expecting ':' delimiter");
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn string(&mut self) -> Check<()> {
        let begin = self.at;
        self.at += 1;
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    let slash = self.at;
                    match self.text.get(slash + 1) {
                        None => return no(begin, "Unterminated string starting at"),
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
                        Some(b'u') => {
                            // Python wants one more character behind the digits.
                            let digits = self.text.get(slash + 2..slash + 6);
                            let good = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                            if !good || slash + 6 >= self.text.len() {
                                return no(slash + 1, "Invalid \\uXXXX escape");
                            }
                            self.at += 6;
                        }
                        Some(_) => return no(slash, "Invalid \\escape"),
                    }
                }
                Some(0..0x20) => return no(self.at, "Invalid control character at"),
                Some(_) => self.at += 1,
                None => return no(begin, "Unterminated string starting at"),
            }
        }
    }

    fn digits(&self, from: usize) -> usize {
        self.text.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
    }

    fn scalar(&mut self) -> Check<()> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or(&[]);
        for word in ["null", "true", "false", "NaN", "Infinity", "-Infinity"] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
        }
        let mut at = start + usize::from(rest.first() == Some(&b'-'));
        let whole = match self.text.get(at) {
            Some(b'0') => 1,
            Some(b'1'..=b'9') => self.digits(at),
            _ => return no(start, "Expecting value"),
        };
        at += whole;
        let mut float = false;
        if self.text.get(at) == Some(&b'.') && self.digits(at + 1) > 0 {
            at += 1 + self.digits(at + 1);
            float = true;
        }
        if matches!(self.text.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.text.get(at + 1), Some(b'+' | b'-')));
            let digits = self.digits(at + 1 + sign);
            if digits > 0 {
                at += 1 + sign + digits;
                float = true;
            }
        }
        if !float && whole > DIGITS {
            let message = format!(
                "Exceeds the limit ({DIGITS} digits) for integer string conversion: value has {whole} digits; use \
                 sys.set_int_max_str_digits() to increase the limit"
            );
            return Err(NotJson { at: start, message, exception: "ValueError" });
        }
        self.at = at;
        Ok(())
    }
}
