//! What must not compile.

#[test]
fn leaving_out_what_is_required_or_mixing_ids_does_not_compile() {
    trybuild::TestCases::new().compile_fail("contract/compile_fail/*.rs");
}
