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

// KeyBytes is the length of the key that protects identity numbers: AES-256.
const KeyBytes = 32

// sealMark begins every sealed text, so that another way can follow one day.
const sealMark = "a256gcm:"

// vault keeps identity numbers: encrypted for reading back, and as a keyed hash for finding the
// same number again. Both keys come from one that the operator holds outside of the database, so
// neither a copy of the database nor a list of all numbers tells whose is in it.
type vault struct {
	aead cipher.AEAD
	mark []byte // key of the hash
}

func newVault(key []byte) (vault, error) {
	if len(key) == 0 {
		return vault{}, nil
	}
	if len(key) != KeyBytes {
		return vault{}, fmt.Errorf("key of identity numbers has %d bytes instead of %d", len(key),
			KeyBytes)
	}
	var sub [2][]byte
	for i, use := range []string{"party.person.id.seal", "party.person.id.equal"} {
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
	return vault{aead, sub[1]}, err
}

func (v vault) open() bool { return v.aead != nil }

func errNoKey() error {
	return fault.Fields(fault.At("idNumber",
		"本系统没有配置加密密钥，不能保存身份证号码，请联系系统管理员"))
}

// seal encrypts a number for one person: put into another's row, it does not open.
func (v vault) seal(number, person string) (string, error) {
	if number == "" {
		return "", nil
	}
	if !v.open() {
		return "", errNoKey()
	}
	out := v.aead.Seal(nil, nil, []byte(number), []byte(person))
	return sealMark + base64.RawStdEncoding.EncodeToString(out), nil
}

var errVault = errors.New("identity number cannot be opened: wrong key, or changed")

func (v vault) unseal(text, person string) (string, error) {
	if text == "" {
		return "", nil
	}
	code, ok := strings.CutPrefix(text, sealMark)
	if !ok || !v.open() {
		return "", errVault
	}
	raw, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil {
		return "", errors.Join(errVault, err)
	}
	number, err := v.aead.Open(nil, nil, raw, []byte(person))
	if err != nil {
		return "", errors.Join(errVault, err)
	}
	return string(number), nil
}

// equal returns the text by which two equal numbers are found, "" for none.
func (v vault) equal(number string) string {
	if number == "" || !v.open() {
		return ""
	}
	h := hmac.New(sha256.New, v.mark)
	h.Write([]byte(number))
	return hex.EncodeToString(h.Sum(nil))
}
