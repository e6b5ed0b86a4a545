//! The one table of what is looked for: a kind's id, its name for people, and what stands in its place.

/// A kind of finds: its position in [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Own,
    PrivateKey,
    ApiKey,
    Jwt,
    Authorization,
    UrlPassword,
    UrlSignature,
    Webhook,
    Password,
    Random,
    Email,
    Iban,
    Card,
    Phone,
    Ip,
    PrivateIp,
    UserName,
}

/// What is said of a kind.
pub(crate) struct About {
    pub(crate) kind: Kind,
    /// Its id, as faces and the command line name it.
    pub(crate) id: &'static str,
    /// Its name for people.
    pub(crate) label: &'static str,
    /// How a stand-in begins; a number follows.
    pub(crate) stem: &'static str,
    /// Whether the same text is looked for wherever else it stands.
    pub(crate) spreads: bool,
}

const fn about(kind: Kind, id: &'static str, label: &'static str, stem: &'static str, spreads: bool) -> About {
    About { kind, id, label, stem, spreads }
}

/// All kinds. Where two of them find the same text, the earlier one names it.
pub(crate) const KINDS: [About; 17] = [
    about(Kind::Own, "own", "your own pattern", "own", true),
    about(Kind::PrivateKey, "private-key", "private key", "private-key", false),
    about(Kind::ApiKey, "api-key", "API key", "key", true),
    about(Kind::Jwt, "jwt", "JSON Web Token", "jwt", true),
    about(Kind::Authorization, "authorization", "authorization header", "authorization", true),
    about(Kind::UrlPassword, "url-password", "password in an address", "password", true),
    about(Kind::UrlSignature, "url-signature", "signature of a signed address", "signature", true),
    about(Kind::Webhook, "webhook", "webhook address", "webhook", true),
    about(Kind::Password, "password", "value called a password, secret or token", "secret", true),
    about(Kind::Random, "random", "random text beside a word for a secret", "random", true),
    about(Kind::Email, "email", "e-mail address", "email", false),
    about(Kind::Iban, "iban", "bank account (IBAN)", "iban", false),
    about(Kind::Card, "card", "payment card", "card", false),
    about(Kind::Phone, "phone", "phone number", "phone", false),
    about(Kind::Ip, "ip", "IP address", "ip", false),
    about(Kind::PrivateIp, "private-ip", "IP address of a private network", "private-ip", false),
    about(Kind::UserName, "user-name", "user name of a home folder", "user", true),
];

impl Kind {
    /// What is said of it.
    pub(crate) fn about(self) -> &'static About {
        KINDS.get(self as usize).unwrap_or(&KINDS[0])
    }

    /// The kind with this id.
    #[cfg(test)]
    pub(crate) fn from_id(id: &str) -> Option<Kind> {
        KINDS.iter().find(|about| about.id == id).map(|about| about.kind)
    }
}

/// Ids and names of all kinds, for a face that lists them.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|about| (about.id, about.label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_own_place() {
        for (at, about) in KINDS.iter().enumerate() {
            assert_eq!((about.kind as usize, Kind::from_id(about.id)), (at, Some(about.kind)));
        }
    }
}
