//! What tokens say of how somebody signed in.

use portcullis::UnixTime;
use portcullis::issuer::sign_in::{Levels, Method, SignIn};

#[test]
fn methods_have_their_values_in_rfc_8176() {
    use Method::{Otp, Password, RecoveryCode};
    let levels = Levels::default();
    for (methods, amr, acr) in [
        (&[Password][..], &["pwd"][..], "aal1"),
        (&[Password, Otp], &["pwd", "otp", "mfa"], "aal2"),
        (&[Otp, Password, Password], &["pwd", "otp", "mfa"], "aal2"),
        // A recovery code is neither a one-time code of a device nor a question that one can answer.
        (&[Password, RecoveryCode], &["pwd", "mfa"], "aal2"),
        (&[Password, Password], &["pwd"], "aal1"),
        (&[Otp], &["otp"], "aal1"),
        // Both are something that they have.
        (&[Otp, RecoveryCode], &["otp"], "aal1"),
        (&[RecoveryCode], &[], "aal1"),
    ] {
        let sign_in = SignIn::new(methods, UnixTime::from_seconds(7));
        assert_eq!((sign_in.amr().as_slice(), sign_in.acr(&levels)), (amr, acr), "{methods:?}");
        assert_eq!(sign_in.at().seconds(), 7);
    }
}

#[test]
fn a_service_names_its_own_levels() {
    let levels = Levels { single: "low".to_owned(), multi: "high".to_owned() };
    let of = |methods: &[Method]| SignIn::new(methods, UnixTime::from_seconds(7)).acr(&levels).to_owned();
    assert_eq!([of(&[Method::Password]), of(&[Method::Password, Method::Otp])], ["low", "high"]);
}
