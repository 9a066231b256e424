package pdftext

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

// Many PDFs are encrypted without a password: anybody may read them, and only printing or editing
// is forbidden. This file opens those. One that asks for a password stays closed.

// cipherKind is how strings or streams are encrypted.
type cipherKind int

const (
	cipherNone cipherKind = iota
	cipherRC4
	cipherAES    // with a key for each object
	cipherAES256 // with one key
)

// decrypter opens the objects of a file.
type decrypter struct {
	key              []byte
	strings, streams cipherKind
}

// passwordPad completes a password, in ISO 32000 section 7.6.4.3: all of it for an empty one.
const passwordPad = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08" +
	"\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// decrypt opens all objects, or fails with ErrEncrypted when a password is needed.
func (f *file) decrypt() error {
	e := f.dict(f.encryption)
	c := &decrypter{}
	v, r := int(f.number(e.keys["V"])), int(f.number(e.keys["R"]))
	switch {
	case f.resolve(e.keys["Filter"]) != name("Standard"):
		return ErrEncrypted
	case v == 1 || v == 2:
		c.strings, c.streams = cipherRC4, cipherRC4
	case v == 4 || v == 5:
		c.strings, c.streams = f.cipher(e, "StrF"), f.cipher(e, "StmF")
	default:
		return ErrEncrypted
	}
	if r >= 5 {
		c.key = f.key256(e, r)
	} else {
		c.key = f.keyMD5(e, r)
	}
	if c.key == nil {
		return ErrEncrypted
	}
	for number, o := range f.objects {
		if f.err != nil {
			return f.err
		}
		if d, ok := o.object.(*dict); ok && (d == e || d.keys["Type"] == name("XRef")) {
			continue // these are not encrypted
		}
		o.object = f.open(c, o.object, number, o.generation)
		f.objects[number] = o
	}
	return nil
}

// cipher reads which of the named ciphers of a file is used.
func (f *file) cipher(e *dict, use name) cipherKind {
	n, _ := f.resolve(e.keys[use]).(name)
	switch f.resolve(f.dict(f.dict(e.keys["CF"]).keys[n]).keys["CFM"]) {
	case name("V2"):
		return cipherRC4
	case name("AESV2"):
		return cipherAES
	case name("AESV3"):
		return cipherAES256
	}
	return cipherNone
}

// keyMD5 derives the key of revisions 2 to 4 from the empty password, nil when it is another.
func (f *file) keyMD5(e *dict, r int) []byte {
	owner, _ := f.resolve(e.keys["O"]).(string)
	user, _ := f.resolve(e.keys["U"]).(string)
	n := 5
	if r >= 3 {
		n = int(f.number(e.keys["Length"])) / 8
		if n == 0 && f.number(e.keys["V"]) == 4 {
			n = 16
		}
	}
	if n < 5 || n > 16 || len(owner) < 32 || len(user) < 32 {
		return nil
	}
	id := f.fileID()
	var in bytes.Buffer
	in.WriteString(passwordPad + owner[:32])
	binary.Write(&in, binary.LittleEndian, uint32(int64(f.number(e.keys["P"]))))
	in.WriteString(id)
	if r >= 4 && f.resolve(e.keys["EncryptMetadata"]) == false {
		in.WriteString("\xFF\xFF\xFF\xFF")
	}
	sum := md5.Sum(in.Bytes())
	for i := 0; r >= 3 && i < 50; i++ {
		sum = md5.Sum(sum[:n])
	}
	key := sum[:n]
	if r == 2 {
		if string(rc4With(key, []byte(passwordPad))) != user[:32] {
			return nil
		}
		return key
	}
	check := md5.Sum([]byte(passwordPad + id))
	out := check[:]
	for i := range 20 {
		turn := bytes.Clone(key)
		for j := range turn {
			turn[j] ^= byte(i)
		}
		out = rc4With(turn, out)
	}
	if string(out) != user[:16] {
		return nil
	}
	return key
}

func (f *file) fileID() string {
	if ids := f.array(f.id); len(ids) > 0 {
		s, _ := f.resolve(ids[0]).(string)
		return s
	}
	return ""
}

func rc4With(key, data []byte) []byte {
	out := make([]byte, len(data))
	if c, err := rc4.NewCipher(key); err == nil {
		c.XORKeyStream(out, data)
	}
	return out
}

// key256 unwraps the key of revisions 5 and 6 with the empty password, nil when it is another.
func (f *file) key256(e *dict, r int) []byte {
	user, _ := f.resolve(e.keys["U"]).(string)
	wrapped, _ := f.resolve(e.keys["UE"]).(string)
	if len(user) < 48 || len(wrapped) < 32 {
		return nil
	}
	if string(hash256(r, user[32:40])) != user[:32] {
		return nil
	}
	block, err := aes.NewCipher(hash256(r, user[40:48]))
	if err != nil {
		return nil
	}
	out := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(out, []byte(wrapped[:32]))
	return out
}

// hash256 is algorithm 2.B of ISO 32000-2 for the empty password.
func hash256(r int, salt string) []byte {
	first := sha256.Sum256([]byte(salt))
	k := first[:]
	if r < 6 {
		return k
	}
	for i := 0; ; i++ {
		in := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		out := make([]byte, len(in))
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(out, in)
		mod := 0
		for _, c := range out[:16] {
			mod += int(c)
		}
		switch mod % 3 {
		case 0:
			s := sha256.Sum256(out)
			k = s[:]
		case 1:
			s := sha512.Sum384(out)
			k = s[:]
		default:
			s := sha512.Sum512(out)
			k = s[:]
		}
		if i >= 63 && int(out[len(out)-1]) <= i-32 {
			return k[:32]
		}
	}
}

// open returns an object with its strings and its stream opened.
func (f *file) open(c *decrypter, o object, number, generation int) object {
	switch o := o.(type) {
	case string:
		return string(f.opened(c, c.strings, []byte(o), number, generation))
	case array:
		for i := range o {
			o[i] = f.open(c, o[i], number, generation)
		}
	case *dict:
		for k := range o.keys {
			o.keys[k] = f.open(c, o.keys[k], number, generation)
		}
		if o.raw != nil {
			o.raw = f.opened(c, c.streams, o.raw, number, generation)
		}
	}
	return o
}

// opened decrypts data. What is not whole blocks was not encrypted as stated and is left empty.
func (f *file) opened(c *decrypter, kind cipherKind, data []byte, number, generation int) []byte {
	if !f.spend(1 + len(data)/bytesPerWork) {
		return nil
	}
	key := c.key
	if kind == cipherRC4 || kind == cipherAES {
		in := append(bytes.Clone(key), byte(number), byte(number>>8), byte(number>>16),
			byte(generation), byte(generation>>8))
		if kind == cipherAES {
			in = append(in, "sAlT"...)
		}
		sum := md5.Sum(in)
		key = sum[:min(len(key)+5, 16)]
	}
	switch kind {
	case cipherNone:
		return data
	case cipherRC4:
		return rc4With(key, data)
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 2*aes.BlockSize || len(data)%aes.BlockSize != 0 {
		return nil
	}
	out := make([]byte, len(data)-aes.BlockSize)
	cipher.NewCBCDecrypter(block, data[:aes.BlockSize]).CryptBlocks(out, data[aes.BlockSize:])
	if pad := int(out[len(out)-1]); pad >= 1 && pad <= aes.BlockSize {
		out = out[:len(out)-pad]
	}
	return out
}
