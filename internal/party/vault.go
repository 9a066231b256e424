package party

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// KeyBytes is the length of the key that protects personal data: AES-256.
const KeyBytes = 32

// sealMark begins every sealed text, so that another way can follow one day.
const sealMark = "a256gcm:"

// vault keeps identity numbers, phones and mail of people: encrypted for reading back, numbers also
// as a keyed hash for finding the same one again. All keys come from one that the operator holds
// outside of the database, so neither a copy of the database nor a list of all numbers tells whose
// is in it. (GB/T 22239 level 3, 数据保密性: personal data is stored encrypted.)
type vault struct {
	aead      cipher.AEAD
	mark      []byte // key of the hash of identity numbers
	phoneMark []byte // and of phones
}

func newVault(key []byte) (vault, error) {
	if len(key) == 0 {
		return vault{}, nil
	}
	if len(key) != KeyBytes {
		return vault{}, fmt.Errorf("key of personal data has %d bytes instead of %d", len(key),
			KeyBytes)
	}
	var sub [3][]byte
	for i, use := range []string{"party.person.id.seal", "party.person.id.equal",
		"party.person.phone.equal"} {
		k, err := hkdf.Key(sha256.New, key, nil, use, KeyBytes)
		if err != nil {
			return vault{}, err
		}
		sub[i] = k
	}
	block, err := aes.NewCipher(sub[0])
	if err != nil {
		return vault{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return vault{aead, sub[1], sub[2]}, err
}

func (v vault) open() bool { return v.aead != nil }

func errNoKey(field string) error {
	return fault.Fields(fault.At(field, "本系统没有配置加密密钥，不能保存这项信息，请联系系统管理员"))
}

// bound binds a sealed text to its field of one person: put into another's row, or another field,
// it does not open.
func bound(person, field string) []byte {
	if field == fieldIDNumber {
		return []byte(person)
	}
	return []byte(person + "/" + field)
}

// seal encrypts a field of a person.
func (v vault) seal(value, person, field string) (string, error) {
	if value == "" {
		return "", nil
	}
	if !v.open() {
		return "", errNoKey(field)
	}
	out := v.aead.Seal(nil, nil, []byte(value), bound(person, field))
	return sealMark + base64.RawStdEncoding.EncodeToString(out), nil
}

var errVault = errors.New("personal data cannot be opened: wrong key, or changed")

func (v vault) unseal(text, person, field string) (string, error) {
	if text == "" {
		return "", nil
	}
	code, ok := strings.CutPrefix(text, sealMark)
	if !ok && field != fieldIDNumber {
		return text, nil // from before it was encrypted; see SealPeople
	}
	if !ok || !v.open() {
		return "", errVault
	}
	raw, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil {
		return "", errors.Join(errVault, err)
	}
	value, err := v.aead.Open(nil, nil, raw, bound(person, field))
	if err != nil {
		return "", errors.Join(errVault, err)
	}
	return string(value), nil
}

// equal returns the text by which two equal identity numbers are found, "" for none.
func (v vault) equal(number string) string { return v.hash(v.mark, number) }

// equalPhone returns the text by which two equal phones are found, however they are written, "" for
// none.
func (v vault) equalPhone(phone string) string { return v.hash(v.phoneMark, phoneDigits(phone)) }

func (v vault) hash(key []byte, text string) string {
	if text == "" || !v.open() {
		return ""
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// mobileDigits is the length of a mobile number in China without the country's 86.
const mobileDigits = 11

// phoneDigits are the digits of a phone: +86 138-0000-0000 is 13800000000.
func phoneDigits(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	for _, country := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(digits, country); ok && len(rest) == mobileDigits {
			return rest
		}
	}
	return digits
}
