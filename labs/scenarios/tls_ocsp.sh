# shellcheck shell=bash
# A stapled OCSP response in TLS 1.2, for a certificate that the lab's own has issued; then the same server, asked for
# none; then TLS 1.3, where it is encrypted.
verdict=none
exits='openssl 0 openssl 0 openssl 0'

prepare() {
    local folder=$LAB_DIR/ocsp
    mkdir -p "$folder"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$LAB_NAME_IPV4" \
        -keyout "$folder/key.pem" -out "$folder/request.pem"
    openssl x509 -req -in "$folder/request.pem" -CA "$LAB_CERTIFICATE" -CAkey "$LAB_KEY" -set_serial 0x5157 -days 30 \
        -extfile <(printf 'subjectAltName = DNS:%s\n' "$LAB_NAME_IPV4") -out "$folder/certificate.pem"
    # As openssl-ca(1) writes it: valid, until when, never revoked, serial number, file, subject.
    printf 'V\t%s\t\t5157\tunknown\t/CN=%s\n' "$(date -u -d '+30 days' +%y%m%d%H%M%SZ)" "$LAB_NAME_IPV4" >"$folder/index.txt"
    openssl ocsp -index "$folder/index.txt" -CA "$LAB_CERTIFICATE" -rsigner "$LAB_CERTIFICATE" -rkey "$LAB_KEY" \
        -issuer "$LAB_CERTIFICATE" -cert "$folder/certificate.pem" -no_nonce -resp_no_certs -ndays 7 -respout "$folder/response.der"
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -cert "$folder/certificate.pem" \
        -key "$folder/key.pem" -status_file "$folder/response.der" -www
}

ask() { # S_CLIENT-ARGUMENT...
    try openssl s_client -connect "$LAB_SERVER:4433" -servername "$LAB_NAME_IPV4" -CAfile "$LAB_CERTIFICATE" "$@"
}

traffic() {
    ask -tls1_2 -status
    ask -tls1_2
    ask -tls1_3 -status
}
