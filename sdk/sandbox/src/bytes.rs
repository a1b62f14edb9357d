//! Bytes in JSON: a text if they are one, and base64 otherwise.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

/// An object with `text` or `base64`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub(crate) struct Bytes(Vec<u8>);

#[derive(Serialize, Deserialize)]
struct Form {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl TryFrom<Form> for Bytes {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        match (form.text, form.base64) {
            (Some(text), None) => Ok(Self(text.into_bytes())),
            (None, Some(base64)) => {
                BASE64_STANDARD.decode(base64).map(Self).map_err(|error| format!("not base64: {error}"))
            }
            _ => Err("a body has either `text` or `base64`".to_owned()),
        }
    }
}

impl From<Bytes> for Form {
    fn from(bytes: Bytes) -> Self {
        match String::from_utf8(bytes.0) {
            Ok(text) => Self { text: Some(text), base64: None },
            Err(error) => Self { text: None, base64: Some(BASE64_STANDARD.encode(error.as_bytes())) },
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}
