//! Verifies SigV4 signatures; written from the specification and not from the vendor's code:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html>.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::recorder::Recorded;

/// Panics unless the request is signed with this secret over the target, the headers and the body exactly as they
/// arrived. Amazon S3 takes the path as it stands: neither normalised nor encoded a second time.
pub(crate) fn verify(request: &Recorded, secret: &str) {
    let authorization = request.header("authorization").expect("signed");
    let (algorithm, fields) = authorization.split_once(' ').unwrap();
    assert_eq!(algorithm, "AWS4-HMAC-SHA256");
    let field = |name: &str| {
        let fields = fields.split(", ").filter_map(|field| field.split_once('='));
        fields.into_iter().find(|(found, _)| *found == name).expect(name).1.to_owned()
    };
    let credential = field("Credential");
    let (_, scope) = credential.split_once('/').unwrap();
    let to_sign = [
        algorithm,
        request.header("x-amz-date").unwrap(),
        scope,
        &hex(&Sha256::digest(canonical(request, &field("SignedHeaders")))),
    ]
    .join("\n");
    let key =
        scope.split('/').fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part.as_bytes()));
    assert_eq!(field("Signature"), hex(&hmac(&key, to_sign.as_bytes())), "{}", request.target);
}

fn canonical(request: &Recorded, signed: &str) -> String {
    let payload = request.header("x-amz-content-sha256").unwrap();
    assert_eq!(payload, hex(&Sha256::digest(&request.body)), "the payload itself is signed");
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut query: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    query.sort();
    let headers: Vec<String> =
        signed.split(';').map(|name| format!("{name}:{}\n", request.header(name).expect(name))).collect();
    [&request.method, path, &query.join("&"), &headers.concat(), signed, payload].join("\n")
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
