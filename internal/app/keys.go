package app

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/yuntu-city/yuntu/internal/db"
)

// keyBytes is the length of the master key and of the keys made from it.
const keyBytes = 32

// KeyFile is the name of the master key in the data folder. Backups do not hold it: keep a copy
// apart from them, or second factors, identity numbers, phones and mail of people cannot be
// read after a restore.
const KeyFile = "master.key"

// qEncrypted finds something that only the master key opens.
var qEncrypted = db.Stmt(`SELECT 1 FROM totp
	UNION ALL SELECT 1 FROM auction_sealed
	UNION ALL SELECT 1 FROM person WHERE id_sealed <> '' OR phone_mark <> '' OR SUBSTR(email, 1, 8) = 'a256gcm:'
	LIMIT 1`)

// masterKey reads the key of the installation, and makes one at the first start. Where the file is missing
// and the database holds what it encrypted, as after a restore or on a second server, it makes none: with
// another key nothing of that could be read, and what is written from then on would be lost in turn as soon
// as somebody puts the old file back.
func masterKey(ctx context.Context, dir string, d *db.DB) ([]byte, error) {
	path := filepath.Join(dir, KeyFile)
	key, err := readMasterKey(path)
	if err == nil {
		return key, checkKey(ctx, d, path, key)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	_, encrypted, err := db.Find(ctx, d, qEncrypted, db.One[int64])
	if err != nil {
		return nil, err
	}
	if encrypted {
		return nil, fmt.Errorf("%s is missing, and the database holds data that was encrypted with it: "+
			"put the file back. If it is lost for good, write 64 random hex digits into a new one and run "+
			"DELETE FROM key_check in the database; what the old one encrypted stays unreadable", path)
	}
	if key, err = newMasterKey(path); err != nil {
		return nil, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error { // of a key that has encrypted nothing
		_, err := db.Exec(ctx, tx, qDropCheck)
		return err
	})
	if err != nil {
		return nil, err
	}
	return key, checkKey(ctx, d, path, key)
}

var (
	qDropCheck = db.Stmt(`DELETE FROM key_check`)
	qAddCheck  = db.Stmt(`INSERT INTO key_check (id, value) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`)
	qCheck     = db.Stmt(`SELECT value FROM key_check WHERE id = 1`)
)

// checkKey refuses a key that is not the one of the database: nothing that was encrypted could be read with
// it, and what it encrypts would be lost in turn. The database holds a key made from the master key for this
// use alone, from which the master key cannot be found; the first start puts it there.
func checkKey(ctx context.Context, d *db.DB, path string, key []byte) error {
	check, err := keyFor(key, "check of the master key")
	if err != nil {
		return err
	}
	want := hex.EncodeToString(check)
	have, found, err := db.Find(ctx, d, qCheck, db.One[string])
	if err == nil && !found {
		err = d.Write(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, qAddCheck, want); err != nil {
				return err
			}
			have, _, err = db.Find(ctx, tx, qCheck, db.One[string]) // another process may have been faster
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("check master key: %w", err)
	}
	if have != want {
		return fmt.Errorf("%s is not the key that this database was encrypted with: put the right file there, "+
			"the one of the first server or of the system that was backed up. If that is lost for good, run "+
			"DELETE FROM key_check in the database; what it encrypted stays unreadable", path)
	}
	return nil
}

func readMasterKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
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
		return readMasterKey(path)
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
