// Package qr encodes short texts, such as links, as QR codes (ISO/IEC 18004): byte mode, versions 1
// to 10, error correction level M, which survives about 15 % of damage. That is what a link on a
// telephone or on paper needs; the rest of the standard is left out.
package qr
