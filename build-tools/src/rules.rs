//! The pages of the rules: `openapi/rules.md`, a section for each. Knows no rule but by its name.

const PAGES: &str = include_str!("../../openapi/rules.md");

/// The rules with their pages, in the order of the page.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = PAGES.split("\n## ").skip(1);
    sections.filter_map(|section| section.split_once('\n')).map(|(name, page)| (name, page.trim()))
}

/// The page of a rule.
pub fn page(rule: &str) -> Option<&'static str> {
    pages().find(|(name, _)| *name == rule).map(|(_, page)| page)
}

/// Why there is a rule: the first paragraph of its page, as one line.
pub fn why(rule: &str) -> String {
    let paragraph = page(rule).and_then(|page| page.split("\n\n").next());
    paragraph.unwrap_or_default().replace('\n', " ")
}
