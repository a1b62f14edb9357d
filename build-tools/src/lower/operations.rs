//! Operations, from the document and from what progenitor decides, and the error responses that they share.

use serde_json::Value;

use super::progenitor::{Decisions, Shape, Signature, gap};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Body, DocumentationPage, Effect, ErrorBody, ErrorResponse, Errors, Location, Operation, Pagination, PagingBy,
    Parameter, Ty,
};
use crate::names;
use crate::source::document::{Document, Endpoint, RequestBody, Response, Schema, prose, text};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

pub(super) fn errors(document: &Document) -> Errors {
    let mut schemas = document.listed_responses().filter(|(status, _)| status.starts_with('4'));
    let name = schemas.find_map(|(_, response)| document.response(response).and_then(Response::schema)?.target());
    let given = name.and_then(|name| Some((name, document.schema(name)?.error_body.as_ref()?)));
    let path = |path: &Spanned<String>| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    let body = given.map(|(name, given)| ErrorBody {
        ty: name.to_owned(),
        code: path(&given.code),
        title: path(&given.title),
        details: given.details.iter().map(path).collect(),
    });
    Errors { common: responses(document, &document.common_responses), body }
}

/// The error responses among these.
fn responses(document: &Document, given: &Map<Response>) -> Vec<ErrorResponse> {
    let errors = given.iter().filter(|(status, _)| status.starts_with('4'));
    let errors = errors.filter_map(|(status, response)| {
        let doc = prose(document.response(response)?.description.as_ref());
        Some(ErrorResponse { status: number(status), doc })
    });
    errors.collect()
}

/// A status, which a rule has checked.
fn number(status: &Spanned<String>) -> u16 {
    status.parse().unwrap_or_default()
}

pub(super) fn operation(
    document: &Document,
    decisions: &Decisions,
    endpoint: &Endpoint<'_>,
) -> Result<Operation, Diagnostic> {
    let (id, operation) = (endpoint.id(), &endpoint.operation.value);
    let signature = decisions.signatures.get(id).ok_or_else(|| gap(&format!("no method `{id}`")))?;
    let (parameters, body) = inputs(document, endpoint, signature)?;
    let docs = operation.external_docs.as_ref();
    let success = endpoint.success().and_then(|(_, response)| document.response(response));
    Ok(Operation {
        id: id.to_owned(),
        name: operation.tags.first().and_then(|tag| names::method(id, tag)).unwrap_or_default().to_owned(),
        method: endpoint.method,
        path: endpoint.path.value.clone(),
        summary: prose(operation.summary.as_ref()).trim_end_matches('.').to_owned(),
        doc: prose(operation.description.as_ref()),
        page: DocumentationPage {
            title: docs.map_or_else(String::new, |docs| docs.description.trim().to_owned()),
            url: docs.map_or_else(String::new, |docs| docs.url.value.clone()),
        },
        parameters,
        body,
        success: endpoint.successes().map(|(status, _)| number(status)).collect(),
        response_id: response_id(document, endpoint, signature, decisions),
        output: signature.output.clone(),
        response_type: success.and_then(Response::text_type).map(str::to_owned),
        errors: responses(document, &operation.responses),
        idempotent: endpoint.is_idempotent(),
        effect: effect(endpoint),
        pagination: operation.pagination.as_ref().map(|given| Pagination {
            parameter: text(given.offset.as_ref().or(given.page.as_ref())).to_owned(),
            by: if given.offset.is_some() { PagingBy::Offset } else { PagingBy::Page },
            page: success.and_then(Response::schema).and_then(Schema::target).unwrap_or_default().to_owned(),
        }),
    })
}

fn effect(endpoint: &Endpoint<'_>) -> Effect {
    let safe = endpoint.is_safe();
    let Some(given) = &endpoint.operation.effect else { return Effect { safe, ..Effect::default() } };
    let sentence = |text: &Option<Spanned<String>>| text.as_ref().map(|text| prose(Some(text)));
    Effect {
        safe,
        repeat: prose(given.repeat.as_ref()),
        deduplicated: given.window(),
        spends: sentence(&given.spends),
        irreversible: sentence(&given.irreversible),
        freezes: sentence(&given.freezes),
    }
}

/// What gets one resource by the id at the end of its path: the property of the response with an id of the same type.
fn response_id(
    document: &Document,
    endpoint: &Endpoint<'_>,
    signature: &Signature,
    decisions: &Decisions,
) -> Option<String> {
    let (_, last) = endpoint.path.trim_end_matches('/').strip_suffix('}')?.rsplit_once('{')?;
    let (_, asked) = signature.arguments.iter().find(|(name, ty)| name == last && matches!(ty, Ty::Named(_)))?;
    let Some(Ty::Named(output)) = signature.output.as_ref().filter(|_| endpoint.method == "GET") else { return None };
    let Shape::Struct(fields) = decisions.shapes.get(output)? else { return None };
    let properties = document.schema(output)?.properties.iter().map(|(wire, _)| wire);
    let mut of_type = properties.filter(|wire| fields.get(&names::field(wire)) == Some(asked));
    // With several, none is known to be its own.
    of_type.next().filter(|_| of_type.next().is_none()).map(|wire| wire.value.clone())
}

/// The parameters and the body, in the order in which progenitor takes them.
fn inputs(
    document: &Document,
    endpoint: &Endpoint<'_>,
    signature: &Signature,
) -> Result<(Vec<Parameter>, Option<Body>), Diagnostic> {
    let (mut parameters, mut body) = (Vec::new(), None);
    let given = endpoint.operation.request_body.as_ref().map(|body| &body.value);
    let media = given.and_then(|body| body.content.iter().next());
    for (name, ty) in &signature.arguments {
        let mut declared = endpoint.parameters().filter_map(|parameter| document.parameter(parameter));
        match (declared.find(|parameter| names::argument(text(parameter.name.as_ref())) == *name), media) {
            (Some(parameter), _) => parameters.push(Parameter {
                wire: text(parameter.name.as_ref()).to_owned(),
                name: names::parameter(text(parameter.name.as_ref())),
                commas: parameter.has_commas(),
                location: match text(parameter.location.as_ref()) {
                    "path" => Location::Path,
                    _ => Location::Query,
                },
                required: parameter.required,
                ty: ty.clone(),
                doc: prose(parameter.description.as_ref()),
                example: example(parameter.example.as_ref(), ty),
            }),
            (None, Some((_, media))) if name == "body" => {
                let content_type = given.and_then(RequestBody::text_type).map(str::to_owned);
                body = Some(Body { ty: ty.clone(), content_type, example: example(media.example.as_ref(), ty) });
            }
            _ => return Err(gap(&format!("an argument `{name}` of `{}`", endpoint.id()))),
        }
    }
    let declared = endpoint.parameters().count() + usize::from(media.is_some());
    if signature.arguments.len() != declared {
        return Err(gap(&format!("{} arguments of `{}`, not {declared}", signature.arguments.len(), endpoint.id())));
    }
    Ok((parameters, body))
}

/// An example, as a value of the type: a boolean may be written as a string.
fn example(example: Option<&Spanned<Value>>, ty: &Ty) -> Value {
    match (example.map(|example| &example.value), ty) {
        (Some(Value::String(text)), Ty::Bool) => Value::Bool(text == "true"),
        (Some(value), _) => value.clone(),
        (None, _) => Value::Null,
    }
}
