//! Values as they go over the wire: ids, numbers, and fields that may be missing.

use serde::de::{Deserialize, Deserializer};
use serde::ser::Serializer;

/// For generated ids: writes the text, unless it is a blank id in a request.
pub(crate) fn serialize_id<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    #[cfg(feature = "client")]
    if super::written::is_refused(id) {
        return Err(serde::ser::Error::custom("an id is blank"));
    }
    serializer.serialize_str(id)
}

/// For what may be left out and may be null: what is there, null included.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For generated enums: whether a text is another spelling of a documented value.
pub(crate) fn is_spelling_of(documented: &str, text: &str) -> bool {
    let same = |c: char| if matches!(c, '_' | '-') { ' ' } else { c.to_ascii_uppercase() };
    documented.chars().map(same).eq(text.chars().map(same))
}

/// For the numbers of generated unions: writes `18` instead of `18.0`, since some are meant to be integers.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) fn serialize_number<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // All integers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is an integer, and smaller than that")]
    if number.fract() == 0.0 && number.abs() < EXACT {
        return serializer.serialize_i64(*number as i64);
    }
    serializer.serialize_f64(*number)
}

/// For fields that are documented as always there: the value, or the empty one if it is null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use serde::ser::{Error as _, Serialize};

    use super::*;
    use crate::runtime::written::request_body;

    struct Id(&'static str);

    impl Serialize for Id {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serialize_id(self.0, serializer)
        }
    }

    struct Unwritable;

    impl Serialize for Unwritable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("no"))
        }
    }

    #[test]
    fn a_blank_id_is_refused_in_a_request_at_any_depth_and_stored_otherwise() {
        for blank in ["", " ", "\r\n"] {
            assert_eq!(request_body(&[[Some(Id("a"))], [Some(Id(blank))]]), Err("an id in the body is blank"));
            assert!(serde_json::to_string(&Id(blank)).is_ok(), "after a request that failed as well");
        }
        assert_eq!(request_body(&[Id("a")]).unwrap(), r#"["a"]"#);
        assert_eq!(request_body(&Unwritable), Err("the body cannot be written as JSON"));
    }
}
