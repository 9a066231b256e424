package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// KeyBytes is the length of the key that encrypts secrets of second factors: AES-256.
const KeyBytes = 32

// sealed begins every text that a sealer made, so that another way can follow one day.
const sealed = "a256gcm:"

// sealer encrypts short secrets at rest. Without a key it refuses.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if key == nil {
		return sealer{}, nil
	}
	if len(key) != KeyBytes {
		return sealer{}, fmt.Errorf("key of second factors has %d bytes instead of %d", len(key), KeyBytes)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

// seal encrypts a secret for one owner: moved to another's row, it does not open.
func (s sealer) seal(secret []byte, owner string) (string, error) {
	if s.aead == nil {
		return "", fault.New(fault.Unavailable, "本系统尚未配置密钥，不能启用两步验证，请联系系统管理员")
	}
	out := s.aead.Seal(nil, nil, secret, []byte(owner))
	return sealed + base64.RawStdEncoding.EncodeToString(out), nil
}

var errSealed = errors.New("secret of a second factor cannot be opened: wrong key, or changed")

func (s sealer) open(text, owner string) ([]byte, error) {
	code, ok := strings.CutPrefix(text, sealed)
	if !ok || s.aead == nil {
		return nil, errSealed
	}
	raw, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil {
		return nil, errors.Join(errSealed, err)
	}
	secret, err := s.aead.Open(nil, nil, raw, []byte(owner))
	if err != nil {
		return nil, errors.Join(errSealed, err)
	}
	return secret, nil
}
