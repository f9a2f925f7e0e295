# shellcheck shell=bash
# TLS 1.2 with a certificate of the client, then without the one that the server asks for; the server's own has expired,
# is for other names, and has an RSA key of 1024 bits.
exits='openssl 0 openssl 0'

prepare() {
    local folder=$LAB_DIR/old
    mkdir -p "$folder"
    : >"$folder/index.txt"
    cat >"$folder/ca.cnf" <<CONFIGURATION
[ca]
default_ca = old
[old]
database = $folder/index.txt
new_certs_dir = $folder
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
copy_extensions = none
[any]
commonName = supplied
organizationName = optional
countryName = optional
[names]
subjectAltName = DNS:old.example.org, DNS:*.old.example.org, IP:192.0.2.7, IP:2001:db8::7
CONFIGURATION
    openssl req -new -newkey rsa:1024 -nodes -subj '/C=NO/O=Old, Inc./CN=old.example.org' -keyout "$folder/key.pem" \
        -out "$folder/request.pem"
    openssl ca -batch -selfsign -config "$folder/ca.cnf" -keyfile "$folder/key.pem" -in "$folder/request.pem" \
        -startdate 20200101000000Z -enddate 20200201000000Z -out "$folder/certificate.pem" -notext
    start "$LAB_SERVER_NS" s_server 4433 openssl s_server -accept 4433 -tls1_2 -cert "$folder/certificate.pem" \
        -key "$folder/key.pem" -cipher ALL:@SECLEVEL=0 -Verify 1 -verify_return_error -CAfile "$LAB_CERTIFICATE" -www
    start "$LAB_SERVER_NS" s_server_asks 4434 openssl s_server -accept 4434 -tls1_2 -cert "$folder/certificate.pem" \
        -key "$folder/key.pem" -cipher ALL:@SECLEVEL=0 -verify 1 -www
}

traffic() {
    local common=(-tls1_2 -servername "$LAB_NAME_IPV4" -cipher ALL:@SECLEVEL=0)
    try openssl s_client -connect "$LAB_SERVER:4433" "${common[@]}" -cert "$LAB_CERTIFICATE" -key "$LAB_KEY"
    try openssl s_client -connect "$LAB_SERVER:4434" "${common[@]}"
}
