//! Texts that stand as examples, made of names: the vendor's examples are never taken over. Knows no document.

use heck::ToSnakeCase;

/// A text as an example, made of the name of its field: `Display name`.
pub(super) fn words(field: &str) -> String {
    let text: String =
        field.to_snake_case().chars().filter(char::is_ascii).take(60).collect::<String>().replace('_', " ");
    let mut chars = text.trim().chars();
    match chars.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + chars.as_str(),
        None => "Text".to_owned(),
    }
}

/// 24 hexadecimal digits, the same for the same name.
pub(super) fn digits(name: &str) -> String {
    let hash =
        |start: u64| name.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("60{:016x}{:06x}", hash(0xcbf2_9ce4_8422_2325), hash(7) & 0xff_ffff)
}

/// A UUID, the same for the same name.
pub(super) fn uuid(name: &str) -> String {
    let all = digits(name) + "0000001a";
    format!("{}-{}-4{}-8{}-{}", &all[..8], &all[8..12], &all[13..16], &all[17..20], &all[20..32])
}
