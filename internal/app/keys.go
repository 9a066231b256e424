package app

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// keyBytes is the length of the master key and of the keys made from it.
const keyBytes = 32

// KeyFile is the name of the master key in the data folder. Backups do not hold it: keep a copy
// apart from them, or second factors, identity numbers, phones and mail of people cannot be
// read after a restore.
const KeyFile = "master.key"

// masterKey reads the key of the installation, and makes one at the first start.
func masterKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newMasterKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%s holds no key of %d bytes in hex", path, keyBytes)
	}
	return key, nil
}

func newMasterKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) { // another process was faster
		return masterKey(filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	return key, errors.Join(err, f.Sync(), f.Close())
}

// keyFor makes the key of one use from the master key.
func keyFor(master []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, "yuntu "+use, keyBytes)
}
