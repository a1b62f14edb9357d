//! The document applies the one security scheme that the runtime implements: an API key in the header `Authorization`.
//! progenitor ignores `security`.

use super::rule::{Lint, Report, Rule};
use crate::source::grammar::Map;

pub(super) const RULE: Rule = Rule { name: "security", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let (applied, schemes) = (&lint.document.security, &lint.document.components.security_schemes);
    let known = schemes.iter().find(|(_, scheme)| {
        (scheme.kind.as_str(), scheme.location.as_str(), scheme.name.as_str()) == ("apiKey", "header", "Authorization")
    });
    let names: Vec<_> = applied.iter().flat_map(Map::iter).map(|(name, _)| &name.value).collect();
    if known.is_none_or(|(name, _)| names != [&name.value] || schemes.0.len() != 1) {
        report.add(
            applied,
            "the document must apply one security scheme, an API key in the header `Authorization`",
            "the runtime supports no other authentication: extend it first",
        );
    }
}
