package blob

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// putCRC rewrites the checksum at the end of a PNG chunk's type and data.
func putCRC(chunk []byte) {
	n := len(chunk) - 4
	binary.BigEndian.PutUint32(chunk[n:], crc32.ChecksumIEEE(chunk[:n]))
}

// declared returns the archive with the unpacked size of its last part forged to size.
func declared(t testing.TB, archive string, size uint32) string {
	t.Helper()
	b := []byte(archive)
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("no table of contents")
	}
	binary.LittleEndian.PutUint32(b[at+24:], size)
	return string(b)
}

// encrypted returns the archive with the flag of its last part saying that it is encrypted.
func encrypted(archive string) string {
	b := []byte(archive)
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	b[at+8] |= 1
	return string(b)
}
